"""Tells by a hand's shape what touches the skin, for steps that allow several: fingertips, knuckles, a tool in the hand."""

import math
from collections.abc import Sequence
from typing import Final, Literal

from facetrack.coach.tuning import HandMotionTuning
from facetrack.geometry.face_points import INDEX_TIP, KNUCKLE, MIDDLE_TIP, PALM
from facetrack.routine.compiled import CompiledStep, ContactPart

CURLED_RATIO: Final = HandMotionTuning().curled_ratio
"""Where a single picture shows a fist."""
Shape = Literal["stretched", "pointing", "holding", "fist"]
"""Shapes of a hand, from its fingers' curl."""


def curl_ratio(points: Sequence[Sequence[float]], tip: int = MIDDLE_TIP) -> float:
    """Return a fingertip's distance to the palm over that of the middle finger's middle joint; NaN if unknown.

    points: (7, 2) as POINT_NAMES; tip: which of them.
    """
    joint = math.dist(points[KNUCKLE], points[PALM])
    return math.dist(points[tip], points[PALM]) / joint if joint > 0 else math.nan


class Grip:
    """Follows what a hand touches with: one of those that the step allows.

    A tool that was shown stays in the hand. Otherwise the fingers' curl decides: a fist works with its knuckles; a hand that is
    neither a fist nor stretched may hold a tool; stretched fingers work with their tips, and a hand that points with its index
    finger alone (``points``). Between two shapes it stays what it was, and another shape must last for a while.
    """

    def __init__(self, tuning: HandMotionTuning | None = None) -> None:
        self._tuning = tuning or HandMotionTuning()
        self._shape: Shape = "stretched"
        self._other_since_s = math.nan
        self._has_tool = False

    def update(self, points: Sequence[Sequence[float]], shown: bool, step: CompiledStep, t_s: float) -> ContactPart:
        """Process a frame. points: (7, 2) as POINT_NAMES; shown: whether the edge of a tool in this hand is known."""
        self._has_tool = self._has_tool or shown
        if not step.or_contact:
            return step.contact
        if self._has_tool and "tool" in step.contacts:
            return "tool"
        self._follow_shape(curl_ratio(points), curl_ratio(points, INDEX_TIP), "tool" in step.contacts, t_s)
        by_shape: dict[Shape, tuple[ContactPart, ...]] = {
            "stretched": ("fingertips",),
            "pointing": ("fingertips",),
            "holding": ("tool",),
            "fist": ("knuckles", "tool"),
        }
        return next((part for part in by_shape[self._shape] if part in step.contacts), step.contact)

    @property
    def points(self) -> bool:
        """Whether the index finger alone is stretched."""
        return self._shape == "pointing"

    def _follow_shape(self, middle: float, index: float, may_hold: bool, t_s: float) -> None:
        shape = self._shape_of(middle, index, may_hold)
        if shape == self._shape:
            self._other_since_s = math.nan
        elif math.isnan(self._other_since_s):
            self._other_since_s = t_s
        if shape != self._shape and t_s - self._other_since_s >= self._tuning.shape_s:
            self._shape, self._other_since_s = shape, math.nan

    def _shape_of(self, ratio: float, index: float, may_hold: bool) -> Shape:
        tuning, was = self._tuning, self._shape
        if math.isnan(ratio):
            return was
        stretched = tuning.holding_ratio if may_hold else (tuning.curled_ratio, tuning.stretched_ratio)
        if ratio <= tuning.curled_ratio or (was in ("fist", "pointing") and ratio < tuning.stretched_ratio):
            return "pointing" if index >= stretched[1] or (was == "pointing" and index > stretched[0]) else "fist"
        if ratio >= stretched[1] or (was == "stretched" and ratio > stretched[0]):
            return "stretched"
        return "holding" if may_hold else was
