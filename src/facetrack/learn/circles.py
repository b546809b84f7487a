"""Tells whether a hand circles, and follows the middle of its circles."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.learn.hand_track import SideTrack
from facetrack.packets import Float

WINDOW_S: Final = 2.0
"""Turning is looked at over windows of this length."""
LEAST_TURNS_S: Final = 0.3
LEAST_ROUND: Final = 0.5
"""Shorter over longer axis of a loop whose drift is taken off; loops of strokes with returns stay below it."""

MOST_UNEVEN: Final = 2.8
"""Circles are made evenly; strokes that go back in a wide arc are many times as quick there as they usually are."""


@dataclass(frozen=True, slots=True)
class Circling:
    """Describes circles. turns_s: median. radius_mm: chart. middle_mm: (N, 2) the middle of the circle about each frame."""

    turns_s: float
    radius_mm: float
    middle_mm: Float


def circling(track: SideTrack) -> Circling | None:
    """Return how the hand circles; None where it does not."""
    if len(track.t_s) < 10 or np.quantile(track.speed, 0.9) > MOST_UNEVEN * np.median(track.speed):
        return None
    heading = np.unwrap(np.arctan2(track.velocity[:, 1], track.velocity[:, 0]))
    later = np.searchsorted(track.t_s, track.t_s + WINDOW_S)
    run = np.cumsum(track.fresh)
    starts = np.flatnonzero((later < len(track.t_s)) & (run[np.minimum(later, len(run) - 1)] == run))[::5]
    if len(starts) == 0:
        return None
    turns = (heading[later[starts]] - heading[starts]) / (2 * np.pi * WINDOW_S)
    rate = float(np.median(np.abs(turns)))
    if rate < LEAST_TURNS_S:
        return None
    loops = [_loop(track, k, 1.0 / rate) for k in starts]
    known = np.array([loop for loop in loops if loop is not None])
    if len(known) == 0 or np.median(known[:, 0]) < LEAST_ROUND:
        return None
    return Circling(rate, float(np.median(known[:, 1])), _middle(track, 1.0 / rate))


def _loop(track: SideTrack, k: int, period_s: float) -> tuple[float, float] | None:
    """Return roundness and radius of the loop that begins at a frame."""
    end = int(np.searchsorted(track.t_s, track.t_s[k] + period_s))
    if end - k < 4 or end > len(track.t_s) or track.fresh[k + 1 : end].any():
        return None
    points, time = track.at_mm[k:end], track.t_s[k:end]
    drift = np.linspace(0, 1, len(time))[:, None] * (points[-1] - points[0])
    spread = np.linalg.eigvalsh(np.cov((points - drift).T))
    return float(np.sqrt(max(spread[0], 0.0) / max(spread[1], 1e-9))), float(np.sqrt(spread.sum()))


def _middle(track: SideTrack, period_s: float) -> Float:
    first, last = (np.searchsorted(track.t_s, track.t_s + sign * period_s / 2) for sign in (-1, 1))
    sums = np.vstack([np.zeros((1, 2)), np.cumsum(track.at_mm, axis=0)])
    middle: Float = (sums[last] - sums[first]) / np.maximum(last - first, 1)[:, None]
    return middle
