"""When the turns of a circling hand begin: at each turn's moment in which the hand moves straight up on the face."""

import math
from typing import Final

from facetrack.signal import Slope

_VELOCITY_S: Final = 0.14
"""Of movement that its velocity is taken from: its lag, half of it, is the same for every turn."""
_MOVING_MM_S: Final = 12.0
"""Slower, a hand's direction is noise."""
_GAP_S: Final = 0.3
"""Unseen for longer, nobody knows which turn it is."""
_LEAST_TURN: Final = 0.6
"""Of a turn since the last one began; a hand that wavers about straight up begins none."""


class TurnOnsets:
    """``update`` with a hand's place; ``times_s`` holds the turns' beginnings so far."""

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self._slope = Slope(_VELOCITY_S)
        self._reset()

    def _reset(self) -> None:
        self._slope.reset()
        self._seen_s = self._off_up = math.nan
        self._turned = math.inf  # rad since the last beginning: the first one counts

    def lost(self) -> None:
        """The hand is out of sight, or not known."""
        self._reset()

    def update(self, x_mm: float, y_mm: float, t_s: float) -> None:
        """t_s must rise."""
        if t_s - self._seen_s > _GAP_S:
            self._reset()
        before_s, before = self._seen_s, self._off_up
        vx, vy = self._slope.update(x_mm, y_mm, t_s)
        self._seen_s = t_s
        if math.hypot(vx, vy) < _MOVING_MM_S:
            self._off_up = math.nan
            return
        self._off_up = math.atan2(-vx, vy)  # rad from straight up, counter-clockwise
        step = math.remainder(self._off_up - before, math.tau)
        if math.isnan(step):
            return
        self._turned += abs(step)
        crosses = before * self._off_up <= 0.0 and abs(before) + abs(self._off_up) < math.pi
        if crosses and step != 0.0 and self._turned >= _LEAST_TURN * math.tau:
            self.times_s.append(before_s + (t_s - before_s) * abs(before) / max(abs(before) + abs(self._off_up), 1e-9))
            self._turned = 0.0
