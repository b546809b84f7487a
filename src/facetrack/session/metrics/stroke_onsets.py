"""Finds when strokes begin, more sharply than where their slow first millimetres leave the noise."""

from collections import deque
from typing import Final

import numpy as np

from facetrack.coach.verdict import Stroke

KEPT_S: Final = 15.0
"""The hand's way is kept this long: a stroke may be known only seconds after its end, when it is decided whether it touched."""
_STEADY: Final = (0.2, 0.6)
"""Between these shares of its time a stroke's speed is about even."""
_FEWEST: Final = 4
"""The even part of a stroke must have at least this many frames."""


class StrokeOnsets:
    """Finds when strokes began: ``update`` it with a hand's place, ``add`` the strokes that it made, read ``times_s``.

    The beginning is where a straight line through the stroke's even part, its way along its own direction over time, reaches
    the place that it began at. Where too little of it was seen it is the coach's.
    """

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self._way: deque[tuple[float, float, float]] = deque()

    def update(self, x_mm: float, y_mm: float, t_s: float) -> None:
        """Take the place of the hand. t_s must rise."""
        self._way.append((t_s, x_mm, y_mm))
        while self._way[0][0] < t_s - KEPT_S:
            self._way.popleft()

    def add(self, stroke: Stroke) -> None:
        """Add a stroke that has ended."""
        self.times_s.append(self._begun_s(stroke))

    def _begun_s(self, stroke: Stroke) -> float:
        long_s = stroke.t_end_s - stroke.t_start_s
        first_s, last_s = (stroke.t_start_s + share * long_s for share in _STEADY)
        steady = np.array([one for one in self._way if first_s <= one[0] <= last_s])
        along = np.subtract(stroke.end_mm, stroke.start_mm)
        if len(steady) < _FEWEST or not np.linalg.norm(along) > 0.0:
            return stroke.t_start_s
        way = (steady[:, 1:] - stroke.start_mm) @ (along / np.linalg.norm(along))
        speed, at_zero = np.polyfit(steady[:, 0] - stroke.t_start_s, way, 1)
        begun_s = -at_zero / speed if speed > 0.0 else 0.0
        return stroke.t_start_s + float(np.clip(begun_s, -0.5 * long_s, 0.5 * long_s))
