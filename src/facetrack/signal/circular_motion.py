"""Follows a circling point: how fast it turns, and its drift (the mean over one turn, in which the circles cancel)."""

import math
from collections import deque
from typing import Final

_RATE_WINDOW_S: Final = 1.5
"""Window over which the turning rate is measured."""
_SLOWEST_TURN_S: Final = 2.5
"""Longest time of a turn."""
_QUICKEST_TURN_S: Final = 0.25
"""Shortest time of a turn."""


class CircularMotionTracker:
    """Measures the turning rate from the heading of the velocity, and the drift from a mean over the last turn (its lag is half
    a turn).

    ``settled``: whether a whole turn has been seen, so that the drift can be trusted.
    """

    def __init__(self, expected_turn_s: float, least_speed: float) -> None:
        """Start without a motion.

        expected_turn_s: time of a turn until the rate is known. least_speed: below it the heading is noise (units of update's
            v).
        """
        self._expected_s, self._least_speed = expected_turn_s, least_speed
        self.reset()

    def reset(self) -> None:
        """Forget the motion."""
        self._heading = math.nan
        self._turns: deque[tuple[float, float]] = deque()
        self._turned = 0.0
        self._first_s = math.nan
        self._mean = _Mean()
        self.settled = False
        self.step_rad = 0.0
        self.rate_turns_s = 0.0

    def update(self, x: float, y: float, vx: float, vy: float, t_s: float) -> tuple[float, float]:
        """Process a sample and return the drift point. Also updates ``step_rad`` and ``rate_turns_s`` (unsigned)."""
        self.step_rad = 0.0
        if math.hypot(vx, vy) >= self._least_speed:
            heading = math.atan2(vy, vx)
            if not math.isnan(self._heading):
                self.step_rad = math.remainder(heading - self._heading, math.tau)
            self._heading = heading
        self._turns.append((t_s, self.step_rad))
        self._turned += self.step_rad
        while self._turns[0][0] < t_s - _RATE_WINDOW_S:
            self._turned -= self._turns.popleft()[1]
        span = t_s - self._turns[0][0]
        self.rate_turns_s = abs(self._turned) / math.tau / span if span > 0.3 else 0.0
        turn_s = 1.0 / self.rate_turns_s if self.rate_turns_s > 1.0 / _SLOWEST_TURN_S else self._expected_s
        turn_s = min(max(turn_s, _QUICKEST_TURN_S), _SLOWEST_TURN_S)
        if math.isnan(self._first_s):
            self._first_s = t_s
        self.settled = t_s - self._first_s > turn_s
        return self._mean.update(x, y, t_s, turn_s)


class _Mean:
    """Mean of a point over a window of time whose length may change."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float, float]] = deque()
        self._sum_x = self._sum_y = 0.0

    def update(self, x: float, y: float, t_s: float, window_s: float) -> tuple[float, float]:
        self._points.append((t_s, x, y))
        self._sum_x += x
        self._sum_y += y
        while len(self._points) > 1 and self._points[0][0] <= t_s - window_s:
            _, old_x, old_y = self._points.popleft()
            self._sum_x -= old_x
            self._sum_y -= old_y
        count = len(self._points)
        return self._sum_x / count, self._sum_y / count


class StraightRunDetector:
    """Distinguishes a straight, quick movement from circling: the way to where the next spiral begins."""

    def __init__(self, window_s: float, least_mm: float, straightness: float) -> None:
        self._window_s, self._least_mm, self._straightness = window_s, least_mm, straightness
        self._points: deque[tuple[float, float, float]] = deque()

    def reset(self) -> None:
        """Forget the motion."""
        self._points.clear()

    def update(self, x: float, y: float, t_s: float) -> bool:
        """Process a sample and return whether the last window was one straight movement."""
        points = self._points
        points.append((t_s, x, y))
        while points[0][0] < t_s - self._window_s - 1e-9:
            points.popleft()
        straight = math.hypot(x - points[0][1], y - points[0][2])
        if straight < self._least_mm:
            return False
        length, before = 0.0, points[0]
        for point in points:
            length += math.hypot(point[1] - before[1], point[2] - before[2])
            before = point
        return straight >= self._straightness * length
