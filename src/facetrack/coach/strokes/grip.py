"""Tells a fist from stretched fingers, for steps that may be done with the knuckles as well."""

import math
from collections.abc import Sequence
from typing import Final

from facetrack.geometry.face_points import KNUCKLE, PALM, POINT_NAMES

CURLED_RATIO: Final = 0.85
"""A curled finger's tip is nearer to the palm's centre than its middle joint; this times it or less is a fist."""
STRETCHED_RATIO: Final = 1.1
"""A stretched finger's tip is farther; this times it or more is none (flat hands: 1.6)."""
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

    def __init__(self) -> None:
        self.fist = False

    def update(self, points: Sequence[Sequence[float]]) -> bool:
        """Process a frame; points (7, 2) as POINT_NAMES. Where they are not known the grip stays."""
        ratio = curl_ratio(points)
        self.fist = ratio <= CURLED_RATIO or (self.fist and not ratio >= STRETCHED_RATIO)
        return self.fist
