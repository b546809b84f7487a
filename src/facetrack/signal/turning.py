"""A circling point: how fast it turns, and its drift (the mean over one turn, in which the circles cancel)."""

import math
from collections import deque
from typing import Final

_RATE_WINDOW_S: Final = 1.5
_SLOWEST_TURN_S: Final = 2.5
_QUICKEST_TURN_S: Final = 0.25


class Turning:
    """Turning rate from the heading of the velocity, drift from a mean over the last turn (its lag is half a turn)."""

    def __init__(self, expected_turn_s: float, least_speed: float) -> None:
        """expected_turn_s: until a rate is known. least_speed: slower than this the heading is noise (units of update's v)."""
        self._expected_s, self._least_speed = expected_turn_s, least_speed
        self.reset()

    def reset(self) -> None:
        """Forget the motion."""
        self._heading = math.nan
        self._turns: deque[tuple[float, float]] = deque()
        self._turned = 0.0
        self._points: deque[tuple[float, float, float]] = deque()
        self._sum_x = self._sum_y = 0.0
        self.step_rad = 0.0
        self.rate_turns_s = 0.0

    def update(self, x: float, y: float, vx: float, vy: float, t_s: float) -> tuple[float, float]:
        """Take a sample; gives the drift point. ``step_rad`` and ``rate_turns_s`` (unsigned) are brought up to date."""
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
        self._points.append((t_s, x, y))
        self._sum_x += x
        self._sum_y += y
        while len(self._points) > 1 and self._points[0][0] <= t_s - turn_s:
            _, old_x, old_y = self._points.popleft()
            self._sum_x -= old_x
            self._sum_y -= old_y
        count = len(self._points)
        return self._sum_x / count, self._sum_y / count
