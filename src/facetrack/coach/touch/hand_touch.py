"""Follows what of one hand touches the face, and where."""

import math

import numpy as np

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.touch.grip import Grip
from facetrack.coach.touch.place import Place, edge_of, place_of
from facetrack.coach.tuning import Tuning
from facetrack.geometry.face_points import INDEX_TIP, MIDDLE_TIP, FacePoints
from facetrack.routine.compiled import ContactPart, working_points


class HandTouch:
    """Follows one hand: ``working_points`` before its motion is known, ``update`` after.

    place: None where it is not known. shown_s: when its tool was shown.
    """

    def __init__(self, hand: int, tuning: Tuning) -> None:
        self._hand, self._tuning = hand, tuning.tool
        self._grip = Grip(tuning.hand)
        self._contact: ContactPart = "fingertips"
        self.place: Place | None = None
        self.shown_s = -math.inf

    def working_points(self, points: FacePoints, plan: StepPlan) -> list[int]:
        """Return the points whose mean is followed: those of the step, or of what is right as well and touches instead."""
        shown = edge_of(points, self._hand, self._tuning) is not None
        if shown and self.shown_s == -math.inf:
            self.shown_s = points.t_s
        self._contact = self._grip.update(points.points_mm[self._hand].tolist(), shown, plan.step, points.t_s)
        if self._contact == plan.step.contact:
            index_alone = self._grip.points and plan.working_points == [MIDDLE_TIP]
            return [INDEX_TIP] if index_alone else plan.working_points
        return np.flatnonzero(working_points(self._contact)).tolist()

    def edge_x(self, points: FacePoints) -> float | None:
        """Return where the edge of a tool that was shown is, across the face; it decides the side."""
        edge = edge_of(points, self._hand, self._tuning) if self._contact == "tool" else None
        return None if edge is None else edge[0]

    def update(self, points: FacePoints, sample: HandSample | None) -> None:
        """Find where the hand touches. sample: its motion in this frame."""
        self.place = None if sample is None else place_of(points, sample, self._contact, self._tuning)

    def in_zone(self, plan: StepPlan) -> bool | None:
        """Return whether it touches the step's zone, its tolerance included; None where that is not known."""
        return self.place is not None and self.place.in_zone(plan)
