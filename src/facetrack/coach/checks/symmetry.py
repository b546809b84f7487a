"""Symmetry: both sides in view, one still while the other works, or with much less path than the other."""

import bisect
import math

from facetrack.coach.thresholds import SLACK_S, Thresholds

_LONGEST_WINDOW_S = 12.0
_KEPT = 4096
"""Frames kept: far more than the longest window at any frame rate."""
_MEND_WINDOW_S = 1.2
_EXTENT_EVERY_S = 0.1
_ENOUGH_PLACES = 15
"""Of so many the outermost may be left out."""
_SURELY_S = 0.6
"""A hand that sets out a little later than the other is not idle yet."""
_MOVED_LESS = 0.75
"""Of what the other side moved, returns included: a side that does less moves less in all."""
_LEAST_WORK_MM = 15.0
"""Path of the other side in the same time, without which nobody is idle."""


class _Moved:
    """Running totals of what both sides stroked and of all that they moved: any recent window is two look-ups."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._t_s: list[float] = []
        self._totals: list[tuple[float, float, float, float, float]] = [(0.0, 0.0, 0.0, 0.0, 0.0)]

    def add(self, t_s: float, dt_s: float, stroked_mm: tuple[float, float], moved_mm: tuple[float, float]) -> None:
        self._t_s.append(t_s)
        seen, _, _, left_mm, right_mm = self._totals[-1]
        self._totals.append((seen + dt_s, *stroked_mm, left_mm + moved_mm[0], right_mm + moved_mm[1]))
        if len(self._t_s) > _KEPT:
            del self._t_s[: _KEPT // 2]
            del self._totals[: _KEPT // 2]

    def over(self, window_s: float) -> tuple[list[float], list[float], float]:
        """(stroked by each side, moved by each side, time covered) over the last window_s."""
        if not self._t_s:
            return [0.0, 0.0], [0.0, 0.0], 0.0
        first = max(bisect.bisect_right(self._t_s, self._t_s[-1] - window_s + 1e-6), 1)
        now, then = self._totals[-1], self._totals[first]
        since = [max(a - b, 0.0) for a, b in zip(now, then, strict=True)]
        return since[1:3], since[3:], since[0]


class _Extent:
    """How far a point has come about lately, at a tenth of a second's resolution."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._t_s: list[float] = []
        self._xs: list[float] = []
        self._ys: list[float] = []
        # Asked every frame, new only when a place comes or leaves: window -> (its first and last time, what was told).
        self._known: dict[float, tuple[float, float, float]] = {}

    def add(self, t_s: float, x: float, y: float, longest_s: float) -> None:
        if self._t_s and t_s - self._t_s[-1] < _EXTENT_EVERY_S - SLACK_S:
            return
        self._t_s.append(t_s)
        self._xs.append(x)
        self._ys.append(y)
        old = bisect.bisect_left(self._t_s, t_s - longest_s - SLACK_S)
        del self._t_s[:old], self._xs[:old], self._ys[:old]

    def over(self, window_s: float, t_s: float) -> float:
        """Diagonal, mm, of the box about its places of the last window_s, less the outermost one each way: one leap of noise
        is no movement. NaN where it was not there all the time."""
        first = bisect.bisect_left(self._t_s, t_s - window_s - SLACK_S)
        count = len(self._t_s) - first
        if count < 0.8 * window_s / _EXTENT_EVERY_S and count < 8:
            return math.nan
        begun_s, ended_s = self._t_s[first], self._t_s[-1]
        known = self._known.get(window_s)
        if known is None or known[:2] != (begun_s, ended_s):
            xs, ys = sorted(self._xs[first:]), sorted(self._ys[first:])
            out = 1 if len(xs) >= _ENOUGH_PLACES else 0
            known = begun_s, ended_s, math.hypot(xs[-1 - out] - xs[out], ys[-1 - out] - ys[out])
            self._known[window_s] = known
        return known[2]


class SymmetryCheck:
    """For steps that want both sides at once. ``weaker``: the side to do more of, or None; ``idle``: it was still."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self._moved = _Moved()
        self._extents = (_Extent(), _Extent())
        self.reset()

    def reset(self) -> None:
        """Another step, or a side was out of sight."""
        self._moved.clear()
        for extent in self._extents:
            extent.clear()
        self.weaker: int | None = None
        self.balance = math.nan
        self.idle = False
        self._cycle_s = self._hold_s = self._short_s = 0.0

    def stroke_cycle(self, cycle_s: float, hold_s: float) -> None:
        """cycle_s: from one stroke's start to the next of the busier side: two of these are judged if that is longer than 4 s.
        hold_s: how long the hands are to rest in each."""
        self._cycle_s, self._hold_s = cycle_s, hold_s

    def update(
        self,
        stroked_mm: tuple[float, float],
        speeds: tuple[float, float],
        places: tuple[tuple[float, float] | None, tuple[float, float] | None],
        in_view: bool,
        dt_s: float,
        t_s: float,
        calm: float,
    ) -> int | None:
        """stroked_mm: by each side in contact since the step began. speeds: of the two working points, mm/s, in contact or not.
        places: where they are, chart mm; None for a hand in view that is not on its side. calm: stretches the windows (1; more
        for steps whose sides take turns)."""
        limits = self._limits
        if not in_view:
            self.reset()
            return None
        moved = [speed * dt_s if speed > limits.still_mm_s else 0.0 for speed in speeds]
        self._moved.add(t_s, dt_s, stroked_mm, (moved[0], moved[1]))
        for extent, place in zip(self._extents, places, strict=True):
            # A hand that is away does not move on its side.
            extent.add(t_s, *(place or (0.0, 0.0)), limits.still_raise_s * calm + _SURELY_S + self._hold_s)
        window_s = min(max(limits.balance_window_s * calm, 2.0 * self._cycle_s), _LONGEST_WINDOW_S)
        path, moved, covered = self._moved.over(window_s)
        most = max(path)
        short: int | None = None
        self.balance = math.nan
        if covered >= 0.95 * window_s and most >= limits.balance_least_path_mm:
            self.balance = min(path) / most
            side = path.index(min(path))
            # A stroke that was taken for a return shows in what was stroked, but not in what was moved.
            less = self.balance < limits.balance_least and moved[side] < _MOVED_LESS * moved[1 - side]
            self._short_s = self._short_s + dt_s if less else 0.0
            if self._short_s > limits.balance_lasts_s:
                short = side
        idle = self._still_side(calm, t_s)
        if self.weaker is None:
            self.weaker = idle if idle is not None else short
            self.idle = idle is not None or (short is not None and self._rests(short, limits.still_raise_s, t_s))
        elif self._mended(self.weaker, short, idle, t_s):
            self.weaker = None
            self._moved.clear()
        return self.weaker

    def _still_side(self, calm: float, t_s: float) -> int | None:
        limits = self._limits
        window_s = limits.still_raise_s * calm + _SURELY_S + self._hold_s
        path, _, covered = self._moved.over(window_s)
        if covered < 0.95 * window_s:
            return None
        rests = [self._rests(side, window_s, t_s) for side in (0, 1)]
        if rests[0] == rests[1]:
            return None
        side = rests.index(True)
        return side if path[1 - side] >= _LEAST_WORK_MM else None

    def _rests(self, side: int, window_s: float, t_s: float) -> bool:
        return self._extents[side].over(window_s, t_s) <= self._limits.still_extent_mm

    def _mended(self, side: int, short: int | None, idle: int | None, t_s: float) -> bool:
        if self.idle:
            return self._extents[side].over(_MEND_WINDOW_S, t_s) > self._limits.still_extent_mm
        path, _, _ = self._moved.over(_MEND_WINDOW_S)
        if short != side and idle != side:
            return True
        return max(path) >= self._limits.balance_least_path_mm and path[side] >= 0.8 * path[1 - side]
