"""Tells a face that nobody touches from one whose hands are out of sight: not done is not unseen."""

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.thresholds import Thresholds
from facetrack.geometry.face_points import FacePoints


class Attendance:
    """Follows whether hands are at the face; ``update`` once a frame.

    at_face: a hand has a place within reach of the face or the step's zone, and does not just pass by.
    open: the face is seen, and no hand is at it: both are elsewhere, or went out of sight elsewhere or on their way.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self._tuning, self._travels_mm_s = thresholds.tuning.steps, thresholds.tuning.strokes.arrival_mm_s
        self.at_face = self.open = False
        self._last_at_face = [False, False]

    def update(self, points: FacePoints, samples: list[HandSample | None], plan: StepPlan) -> None:
        """Process a frame. samples: None for a hand without a place."""
        placeable = points.mm_per_px == points.mm_per_px
        for hand, sample in enumerate(samples):
            if sample is not None:
                self._last_at_face[hand] = self._within_reach(sample, plan)
            elif points.hand_seen[hand] and placeable:  # round the side of the head
                self._last_at_face[hand] = True
        self.at_face = any(sample is not None and at for sample, at in zip(samples, self._last_at_face, strict=True))
        self.open = points.face_seen and placeable and not any(self._last_at_face)

    def _within_reach(self, sample: HandSample, plan: StepPlan) -> bool:
        if sample.speed >= self._travels_mm_s:  # its palm leaves the picture before its fingertips the face
            return False
        low, high = self._tuning.face_y_mm
        reach = self._tuning.reach_mm
        beside = abs(sample.x) <= self._tuning.face_half_mm + reach and low - reach <= sample.y <= high + reach
        return beside or plan.atlas.holds(sample.x, sample.y, plan.step.index)
