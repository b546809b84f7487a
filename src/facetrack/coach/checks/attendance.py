"""Tells a face that nobody touches from one whose hands are out of sight: not done is not unseen."""

import math
from typing import Final

import numpy as np

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.thresholds import Thresholds
from facetrack.geometry.chart.zones import nearest_in_zone
from facetrack.geometry.face_points import FacePoints

FINGERS: Final = slice(1, 5)
"""Fingertips of ``POINT_NAMES`` that show where a hand is; a thumb points away."""


class Attendance:
    """Follows whether hands are at the face; ``update`` once a frame.

    at_face: a hand has its working point or a fingertip within reach of the face or the step's zone, and does not just pass by:
    with fingertips on the brow a hand has come, though a step of palms follows its palm, which is beside the head then.
    open: the face is seen, and no hand is at it: both are elsewhere, or went out of sight elsewhere or on their way.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self._tuning, self._lost_after_s = thresholds.tuning.steps, thresholds.tuning.feedback.lift_after_s
        self._passes_mm_s, self._travels_mm_s = thresholds.tuning.strokes.arrival_mm_s, thresholds.tuning.strokes.travel_mm_s
        self._moves_mm_s = thresholds.tuning.repetitions.hold_mm_s
        self.at_face = self.open = False
        self._at_face = [False, False]  # out of sight: whether it is there still
        self._seen_s = [-math.inf, -math.inf]
        self._last: list[HandSample | None] = [None, None]  # of the frame before

    def update(self, points: FacePoints, samples: list[HandSample | None], plan: StepPlan) -> None:
        """Process a frame. samples: None for a hand without a place."""
        placeable = points.mm_per_px == points.mm_per_px
        for hand, sample in enumerate(samples):
            last = self._last[hand]
            if sample is not None:
                self._at_face[hand] = self._within_reach(sample, points.points_mm[hand, FINGERS].tolist(), plan)
            elif points.hand_seen[hand] and placeable:  # at the face it is round the side of the head
                self._at_face[hand] = bool(points.near_face[hand])
            elif last is not None and not points.hand_seen[hand]:
                self._at_face[hand] = self._at_face[hand] and last.near_face and not self._leaves(last, plan)
            if points.hand_seen[hand]:
                self._seen_s[hand] = points.t_s
            self._last[hand] = sample
        self.at_face = any(sample is not None and at for sample, at in zip(samples, self._at_face, strict=True))
        self.open = points.face_seen and placeable and not any(self._at_face)

    def lost(self, hand: int, t_s: float) -> bool:
        """Return whether a hand that did not leave the face has been out of sight for a while."""
        return self._at_face[hand] and t_s - self._seen_s[hand] >= self._lost_after_s

    def _leaves(self, last: HandSample, plan: StepPlan) -> bool:
        """Return whether a hand was on its way when it was last seen: quick, or going from the step's zone and outside it.

        A palm leaves the picture while its fingertips are still over the face.
        """
        if last.speed >= self._travels_mm_s:
            return True
        if plan.atlas.holds(last.x, last.y, plan.step.index):
            return False
        nearest = nearest_in_zone(np.array([last.x, last.y]), plan.step.zone)
        dx, dy = last.x - float(nearest[0]), last.y - float(nearest[1])
        return dx * last.vx + dy * last.vy > self._moves_mm_s * math.hypot(dx, dy)

    def _within_reach(self, sample: HandSample, fingers_mm: list[tuple[float, float]], plan: StepPlan) -> bool:
        if sample.speed >= self._passes_mm_s:
            return False
        places = [(sample.x, sample.y), *fingers_mm]
        return any(self._at(x, y) for x, y in places) or plan.atlas.holds(sample.x, sample.y, plan.step.index)

    def _at(self, x: float, y: float) -> bool:
        """Return whether a place is on the face or within reach of it; one that is not known is not."""
        (low, high), reach = self._tuning.face_y_mm, self._tuning.reach_mm
        return abs(x) <= self._tuning.face_half_mm + reach and low - reach <= y <= high + reach
