"""Tells a face that nobody touches from one whose hands are out of sight: not done is not unseen."""

from typing import Final

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.thresholds import Thresholds
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
        self._tuning, self._travels_mm_s = thresholds.tuning.steps, thresholds.tuning.strokes.arrival_mm_s
        self.at_face = self.open = False
        self._last_at_face = [False, False]

    def update(self, points: FacePoints, samples: list[HandSample | None], plan: StepPlan) -> None:
        """Process a frame. samples: None for a hand without a place."""
        placeable = points.mm_per_px == points.mm_per_px
        for hand, sample in enumerate(samples):
            if sample is not None:
                self._last_at_face[hand] = self._within_reach(sample, points.points_mm[hand, FINGERS].tolist(), plan)
            elif points.hand_seen[hand] and placeable:  # round the side of the head
                self._last_at_face[hand] = True
        self.at_face = any(sample is not None and at for sample, at in zip(samples, self._last_at_face, strict=True))
        self.open = points.face_seen and placeable and not any(self._last_at_face)

    def _within_reach(self, sample: HandSample, fingers_mm: list[tuple[float, float]], plan: StepPlan) -> bool:
        if sample.speed >= self._travels_mm_s:  # its palm leaves the picture before its fingertips the face
            return False
        places = [(sample.x, sample.y), *fingers_mm]
        return any(self._at(x, y) for x, y in places) or plan.atlas.holds(sample.x, sample.y, plan.step.index)

    def _at(self, x: float, y: float) -> bool:
        """Return whether a place is on the face or within reach of it; one that is not known is not."""
        (low, high), reach = self._tuning.face_y_mm, self._tuning.reach_mm
        return abs(x) <= self._tuning.face_half_mm + reach and low - reach <= y <= high + reach
