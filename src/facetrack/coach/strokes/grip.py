"""Tells a fist from stretched fingers, for steps that may be done with the knuckles as well."""

import math
from collections.abc import Sequence
from typing import Final

from facetrack.coach.tuning import HandMotionTuning
from facetrack.geometry.face_points import KNUCKLE, PALM, POINT_NAMES

CURLED_RATIO: Final = HandMotionTuning().curled_ratio
"""Where a single picture shows a fist."""
_TIP: Final = POINT_NAMES.index("middle")


def curl_ratio(points: Sequence[Sequence[float]]) -> float:
    """Return the middle fingertip's distance to the palm over that of its middle joint; NaN if unknown.

    points: (7, 2) as POINT_NAMES.
    """
    tip, knuckle, palm = points[_TIP], points[KNUCKLE], points[PALM]
    joint = math.dist(knuckle, palm)
    return math.dist(tip, palm) / joint if joint > 0 else math.nan


class Grip:
    """Follows whether a hand is a fist. Between the two limits it stays what it was."""

    def __init__(self, tuning: HandMotionTuning | None = None) -> None:
        self._tuning = tuning or HandMotionTuning()
        self.fist = False

    def update(self, points: Sequence[Sequence[float]]) -> bool:
        """Process a frame; points (7, 2) as POINT_NAMES. Where they are not known the grip stays."""
        ratio = curl_ratio(points)
        self.fist = ratio <= self._tuning.curled_ratio or (self.fist and not ratio >= self._tuning.stretched_ratio)
        return self.fist
