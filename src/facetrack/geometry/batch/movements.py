"""Movements: a recording's motion cut where it rests, turns back along the path, or changes sides; each with its figures.

Cut by speed with hysteresis, like the coach's segments, but without what only time can tell there (contact, arriving hands):
these are movements of single fingers, on the skin or above it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.batch.kinematics import Kinematics
from facetrack.packets import Bool, Float


@dataclass(frozen=True, slots=True)
class Cutting:
    """A movement begins at ``moving_mm_s`` and ends below ``still_mm_s`` for ``pause_s`` (the user's mm). It turns back where
    it goes the other way along the path at ``moving_mm_s`` (chart). Shorter ones than ``shortest_mm`` are left out."""

    moving_mm_s: float
    still_mm_s: float
    pause_s: float
    shortest_mm: float


@dataclass(frozen=True, slots=True)
class Movements:
    """(M,) arrays, by point and then by time. point: which of the K. first, last: samples in it, both included.

    length_mm: of skin. mean_mm_s, peak_mm_s. off_path_deg: between the path and all of the movement; NaN where the path
    has no direction. zone_share: of its time.
    """

    point: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    side: NDArray[np.int8]
    length_mm: Float
    mean_mm_s: Float
    peak_mm_s: Float
    off_path_deg: Float
    zone_share: Float


def movements_of(motion: Kinematics, t_s: Float, dt_s: Float, fresh: Bool, cutting: Cutting) -> Movements:
    """t_s: (N,). dt_s: (N,) what each sample stands for. fresh: (N,) where the hand was not seen just before."""
    state = _state(motion, fresh, cutting)
    count, n = state.shape
    flat = state.ravel()
    cut = np.empty((count, n), np.bool_)
    cut[:, 0] = True
    np.not_equal(state[:, 1:], state[:, :-1], out=cut[:, 1:])
    cut |= fresh
    first = np.flatnonzero(cut)
    last = np.append(first[1:], flat.size) - 1
    lasts_s = t_s[last % n] - t_s[np.maximum(first % n - 1, 0)]
    runs = _numbered(flat[first], first % n, lasts_s, fresh, cutting.pause_s)
    return _figures(motion, dt_s, first, last, runs, cutting.shortest_mm)


def _state(motion: Kinematics, fresh: Bool, cutting: Cutting) -> NDArray[np.int8]:
    """(K, N): 0 at rest, else which way (and on which side) it moves: unlike numbers are unlike movements."""
    speed, onward = motion.speed_mm_s, motion.onward
    fast = speed >= cutting.moving_mm_s
    told = fast | (speed < cutting.still_mm_s)
    told |= fresh
    fast &= ~fresh
    moves = _held(fast, told)
    back = onward <= -cutting.moving_mm_s
    backwards = _held(back, back | (onward >= cutting.moving_mm_s))
    state = backwards.astype(np.int8)
    state += 1
    state += 2 * motion.side
    state *= moves
    return state


def _held(value: Bool, told: Bool) -> Bool:
    """(K, N) the value where it was told last; False before."""
    latest = np.arange(0, 2 * value.shape[-1], 2, dtype=np.int32) + value  # time, and the value in its lowest bit
    latest *= told
    np.maximum.accumulate(latest, axis=-1, out=latest)
    latest &= 1
    return latest.astype(np.bool_)


def _numbered(state: NDArray[np.int8], begin: NDArray[np.intp], rest_s: Float, fresh: Bool, pause_s: float) -> NDArray[np.intp]:
    """For each run of equal state (R,) the number of the movement that it belongs to, rising; -1 at rest.

    begin: (R,) its first sample, rest_s: how long it lasts. A rest shorter than a pause is in no movement, but joins those
    before and after it if they go the same way. Every track begins at rest.
    """
    joins = np.zeros(len(state), np.bool_)
    joins[1:-1] = (state[1:-1] == 0) & (state[:-2] == state[2:]) & (state[2:] > 0)
    joins &= ~fresh[begin] & (rest_s < pause_s)
    starts = state > 0
    starts[1:] &= ~joins[:-1]
    return np.where(state > 0, np.cumsum(starts) - 1, -1)


def _figures(
    motion: Kinematics,
    dt_s: Float,
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    runs: NDArray[np.intp],
    shortest_mm: float,
) -> Movements:
    n = motion.speed_mm_s.shape[-1]
    moving = np.flatnonzero(runs >= 0)
    begins = np.flatnonzero(np.diff(runs[moving], prepend=-1))

    def gathered(gather: np.ufunc, values: Float) -> Float:
        """(K, N) -> over the samples of each movement."""
        if not begins.size:
            return np.empty(0)
        of_movements: Float = gather.reduceat(gather.reduceat(values.ravel(), first)[moving], begins)
        return of_movements

    time = gathered(np.add, np.broadcast_to(dt_s, motion.speed_mm_s.shape))
    length = gathered(np.add, motion.speed_mm_s * dt_s)
    kept = length >= shortest_mm
    aside, onward = gathered(np.add, motion.aside * dt_s), gathered(np.add, motion.onward * dt_s)
    ends = np.append(begins[1:], len(moving))[: len(begins)] - 1
    start, end = first[moving][begins][kept], last[moving][ends][kept]
    return Movements(
        point=start // n,
        first=start % n,
        last=end % n,
        side=motion.side.ravel()[start],
        length_mm=length[kept],
        mean_mm_s=(length / np.maximum(time, 1e-9))[kept],
        peak_mm_s=gathered(np.maximum, motion.speed_mm_s)[kept],
        off_path_deg=np.degrees(np.arctan2(np.abs(aside), onward))[kept],
        zone_share=(gathered(np.add, motion.in_zone * dt_s) / np.maximum(time, 1e-9))[kept],
    )
