"""Finds when a circling hand makes its turns: the moment in each at which it moves straight up on the face."""

import math
from typing import Final

import numpy as np

from facetrack.signal import VelocityEstimator

_VELOCITY_S: Final = 0.14
"""The velocity is taken from this much movement: its lag, half of it, is the same for every turn."""
_MOVING_MM_S: Final = 12.0
"""Below this speed a hand's direction is noise."""
_GAP_S: Final = 0.3
"""After a longer gap it is not known which turn a hand makes."""
_LONGEST_TURN_S: Final = 5.0
_UNEVEN_RAD: Final = 0.7
"""A circling hand's direction is off an even turn by at most this, root mean square; one that goes elsewhere turns in jerks."""


class TurnOnsets:
    """Finds turns: ``update`` it with a hand's place; ``times_s`` says when, in each whole turn, it moved straight up.

    The direction of a whole turn is fitted by a straight line over time, so that noise and the drift along the path even out.
    """

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self._slope = VelocityEstimator(_VELOCITY_S)
        self._seen_s = math.nan
        self._turn: list[tuple[float, float]] = []  # (s, rad counter-clockwise from straight up, unwrapped) of the running turn

    def lost(self) -> None:
        """Note that the hand is out of sight, or not known."""
        self._slope.reset()
        self._turn.clear()

    def update(self, x_mm: float, y_mm: float, t_s: float) -> None:
        """Take the place of the hand. t_s must rise."""
        if t_s - self._seen_s > _GAP_S:
            self.lost()
        self._seen_s = t_s
        vx, vy = self._slope.update(x_mm, y_mm, t_s)
        if math.hypot(vx, vy) < _MOVING_MM_S:
            self._turn.clear()
            return
        direction = math.atan2(-vx, vy)
        if self._turn:
            before = self._turn[-1][1]
            direction = before + math.remainder(direction - before, math.tau)
        self._turn.append((t_s, direction))
        begun_s, first = self._turn[0]
        if abs(direction - first) >= math.tau:
            self._note()
            self._turn = [(t_s, math.remainder(direction, math.tau))]
        elif t_s - begun_s > _LONGEST_TURN_S:
            self._turn.clear()

    def _note(self) -> None:
        """Note when, in the whole turn that was made, the hand was on its way straight up."""
        times, angles = np.array(self._turn).T
        middle_s, middle = times.mean(), angles.mean()
        rate = float(((times - middle_s) * (angles - middle)).sum() / ((times - middle_s) ** 2).sum())
        uneven = angles - middle - rate * (times - middle_s)
        if float(np.sqrt((uneven**2).mean())) > _UNEVEN_RAD or rate * (angles[-1] - angles[0]) <= 0.0:
            return
        # Straight up is every multiple of a turn; one at the first sample was the last turn's.
        way = math.copysign(1.0, rate)
        first, last = way * angles[0] / math.tau, way * angles[-1] / math.tau
        ups = [way * math.tau * k for k in range(math.floor(first) + 1, math.floor(last) + 1)]
        self.times_s += [float(middle_s + (up - middle) / rate) for up in ups]
