"""Symmetry: both sides in view, one still while the other works, or with much less path than the other."""

import bisect
import math

from facetrack.coach.settings import Thresholds

_LONGEST_WINDOW_S = 12.0
_KEPT = 4096
"""Frames kept: far more than the longest window at any frame rate."""
_MEND_MOVING_S = 0.5
_MEND_WINDOW_S = 1.5
"""A side that has been moving for so much of the last while is not idle any more."""


class _Moved:
    """Running totals of both sides' path and moving time, so that any recent window is two look-ups."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._t_s: list[float] = []
        self._totals: list[tuple[float, float, float, float, float]] = [(0.0, 0.0, 0.0, 0.0, 0.0)]

    def add(self, t_s: float, dt_s: float, lengths: list[float], moves: list[bool]) -> None:
        seen, left, right, left_s, right_s = self._totals[-1]
        self._t_s.append(t_s)
        left_s, right_s = left_s + dt_s * moves[0], right_s + dt_s * moves[1]
        self._totals.append((seen + dt_s, left + lengths[0], right + lengths[1], left_s, right_s))
        if len(self._t_s) > _KEPT:
            del self._t_s[: _KEPT // 2]
            del self._totals[: _KEPT // 2]

    def over(self, window_s: float) -> tuple[list[float], list[float], float]:
        """(path of each side, moving time of each side, time covered) over the last window_s."""
        if not self._t_s:
            return [0.0, 0.0], [0.0, 0.0], 0.0
        first = bisect.bisect_right(self._t_s, self._t_s[-1] - window_s + 1e-6)
        now, then = self._totals[-1], self._totals[first]
        return [now[1] - then[1], now[2] - then[2]], [now[3] - then[3], now[4] - then[4]], now[0] - then[0]


class SymmetryCheck:
    """For steps that want both sides at once. ``weaker``: the side to do more of, or None; ``idle``: it was still."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self._moved = _Moved()
        self.reset()

    def reset(self) -> None:
        """Another step, or a side was out of sight."""
        self._moved.clear()
        self.weaker: int | None = None
        self.balance = math.nan
        self.idle = False
        self._cycle_s = self._short_s = 0.0

    def stroke_cycle(self, cycle_s: float) -> None:
        """Time from one stroke's start to the next of the busier side: two of these are judged if that is longer than 4 s."""
        self._cycle_s = cycle_s

    def update(self, speeds: tuple[float, float], in_view: bool, dt_s: float, t_s: float, calm: float) -> int | None:
        """speeds: of the two working points in mm/s, 0 for a hand in view that is not on its side. calm: stretches the
        windows (1; more for steps whose sides take turns)."""
        limits = self._limits
        if not in_view:
            self.reset()
            return None
        moves = [speed > limits.still_mm_s for speed in speeds]
        lengths = [speed * dt_s if move else 0.0 for speed, move in zip(speeds, moves, strict=True)]
        self._moved.add(t_s, dt_s, lengths, moves)
        window_s = min(max(limits.balance_window_s * calm, 2.0 * self._cycle_s), _LONGEST_WINDOW_S)
        path, _, covered = self._moved.over(window_s)
        most = max(path)
        short: int | None = None
        self.balance = math.nan
        if covered >= 0.95 * window_s and most >= limits.balance_least_path_mm:
            self.balance = min(path) / most
            self._short_s = self._short_s + dt_s if self.balance < limits.balance_least else 0.0
            if self._short_s > limits.balance_lasts_s:
                short = path.index(min(path))
        idle = self._still_side(calm)
        if self.weaker is None:
            self.weaker = idle if idle is not None else short
            self.idle = idle is not None
        elif self._mended(self.weaker, short, idle):
            self.weaker = None
            self._moved.clear()
        return self.weaker

    def _still_side(self, calm: float) -> int | None:
        limits = self._limits
        window_s = limits.still_raise_s * calm
        _, moving, covered = self._moved.over(window_s)
        if covered < 0.95 * window_s:
            return None
        for side in (0, 1):
            if moving[side] <= 0.05 * window_s and moving[1 - side] >= limits.still_other_moves_s * calm:
                return side
        return None

    def _mended(self, side: int, short: int | None, idle: int | None) -> bool:
        path, moving, _ = self._moved.over(_MEND_WINDOW_S)
        if self.idle:
            return moving[side] >= _MEND_MOVING_S
        if short != side and idle != side:
            return True
        return max(path) >= self._limits.balance_least_path_mm and path[side] >= 0.8 * path[1 - side]
