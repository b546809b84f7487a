"""When strokes begin, more sharply than where their slow first millimetres leave the noise."""

from collections import deque
from typing import Final

import numpy as np

from facetrack.coach.verdict import Stroke

KEPT_S: Final = 15.0
"""Of a hand's way: strokes are told seconds after they ended, where it had to be found out whether they touched."""
_STEADY: Final = (0.2, 0.6)
"""Shares of a stroke's time between which its speed is about even."""
_FEWEST: Final = 4
"""Frames of that."""


class StrokeOnsets:
    """``update`` with a hand's place, ``add`` the strokes that it made; ``times_s`` says when they began.

    The beginning is where a straight line through the stroke's even part, its way along its own direction over time, reaches
    the place that it began at. Where too little of it was seen it is the coach's.
    """

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self._way: deque[tuple[float, float, float]] = deque()

    def update(self, x_mm: float, y_mm: float, t_s: float) -> None:
        """t_s must rise."""
        self._way.append((t_s, x_mm, y_mm))
        while self._way[0][0] < t_s - KEPT_S:
            self._way.popleft()

    def add(self, stroke: Stroke) -> None:
        """One that has ended."""
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
