"""Tells whether a hand circles, and follows the middle of its circles."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.learn.hand_track import MOVING_MM_S, SideTrack
from facetrack.packets import Bool, Float

WINDOW_S: Final = 0.5
"""Turning is looked at over windows of this length."""
LEAST_TURNS_S: Final = 0.3
LEAST_ROUND: Final = 0.5
"""Shorter over longer axis of a loop whose drift is taken off; loops of strokes with returns stay below it."""

QUICK: Final = 2.0
"""What is as many times as quick as the hand usually moves leads it back to where it begins anew; it is no part of a circle."""


@dataclass(frozen=True, slots=True)
class Circling:
    """Describes circles. turns_s: median. radius_mm: chart. middle_mm: (N, 2) the middle of the circle about each frame."""

    turns_s: float
    radius_mm: float
    middle_mm: Float


def circling(track: SideTrack) -> Circling | None:
    """Return how the hand circles; None where it does not."""
    moving = track.speed > MOVING_MM_S
    if np.count_nonzero(moving) < 10:
        return None
    usual_mm_s = float(np.median(track.speed[moving]))
    rate = _turns_s(track, moving & (track.speed < QUICK * usual_mm_s))
    if rate < LEAST_TURNS_S:
        return None
    loops = [_loop(track, k, 1.0 / rate, usual_mm_s) for k in range(0, len(track.t_s), 5)]
    known = np.array([loop for loop in loops if loop is not None])
    if len(known) == 0 or np.median(known[:, 0]) < LEAST_ROUND:
        return None
    return Circling(rate, float(np.median(known[:, 1])), _middle(track, 1.0 / rate))


def _turns_s(track: SideTrack, at_work: Bool) -> float:
    """Return how often the hand usually turns round in a second of work; strokes turn at their ends only."""
    heading = np.unwrap(np.arctan2(track.velocity[:, 1], track.velocity[:, 0]))
    run = np.cumsum(~at_work | track.fresh)
    later = np.searchsorted(track.t_s, track.t_s + WINDOW_S)
    starts = np.flatnonzero(at_work & (later < len(run)))
    starts = starts[run[later[starts]] == run[starts]]
    if len(starts) == 0:
        return 0.0
    turns = (heading[later[starts]] - heading[starts]) / (2 * np.pi * (track.t_s[later[starts]] - track.t_s[starts]))
    way_round = np.sign(np.bincount(run[starts], turns))[run[starts]]  # either, in each run
    return float(np.median(turns * way_round))


def _loop(track: SideTrack, k: int, period_s: float, usual_mm_s: float) -> tuple[float, float] | None:
    """Return roundness and radius of the loop that begins at a frame; None where the hand rests, is lost or goes back."""
    end = int(np.searchsorted(track.t_s, track.t_s[k] + period_s))
    if end - k < 4 or end > len(track.t_s) or track.fresh[k + 1 : end].any():
        return None
    speed = track.speed[k:end]
    if speed.max() > QUICK * usual_mm_s or speed.mean() < usual_mm_s / QUICK:
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
