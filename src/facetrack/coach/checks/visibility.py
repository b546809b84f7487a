"""Decides which hand works on which side, and why a side can't be judged."""

from facetrack.coach.frame_context import SideFrame
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import WithheldReason
from facetrack.geometry.face_points import FacePoints


def hand_for_each_side(samples: list[HandSample | None]) -> list[int | None]:
    """Return for each side the hand that works there: the side's own if both do, None where no hand is near the face."""
    hands: list[int | None] = [None, None]
    for side in (0, 1):
        for hand in (side, 1 - side):
            sample = samples[hand]
            if sample is not None and sample.near_face and sample.side == side:
                hands[side] = hand
                break
    return hands


class VisibilityTracker:
    """Remembers since when each hand, and the face, have been out of sight; short gaps are bridged."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._gap_s = thresholds.tuning.hand.gap_s
        self._uncertain_s = thresholds.tuning.steps.uncertain_s
        self._hand_s = [float("-inf"), float("-inf")]
        self._face_s = float("-inf")
        self._doubt: WithheldReason | None = None

    def update(self, points: FacePoints, samples: list[HandSample | None], doubt: WithheldReason | None = None) -> None:
        """Process a frame. A hand seen without its place on the face (round the side of the head) is as good as lost.

        doubt: why nothing of this frame may be judged.
        """
        self._doubt = doubt
        placeable = points.mm_per_px == points.mm_per_px
        if placeable:
            self._face_s = points.t_s
        for hand in (0, 1):
            if samples[hand] is not None or (points.hand_seen[hand] and not placeable):
                self._hand_s[hand] = points.t_s

    def hand_lost(self, hand: int, t_s: float) -> bool:
        """Return whether the hand is out of sight for longer than a bridged gap."""
        return t_s - self._hand_s[hand] > self._gap_s

    def face_lost(self, t_s: float) -> bool:
        """Return whether there is neither a face nor a held pose for longer than a bridged gap."""
        return t_s - self._face_s > self._gap_s

    def in_view(self, samples: list[HandSample | None], t_s: float) -> bool:
        """Return whether the face and both sides' hands are seen, short gaps bridged. samples: of the hand on each side."""
        lost = (sample is None and self.hand_lost(side, t_s) for side, sample in enumerate(samples))
        return not self.face_lost(t_s) and not any(lost)

    def withheld_reason(self, side: int, here: SideFrame, points: FacePoints, plan: StepPlan) -> WithheldReason | None:
        """Return why the side can't be judged in this frame; None if it can."""
        if self._doubt is not None:
            return self._doubt
        if points.calibration == "running":
            return "calibration"
        if self.face_lost(points.t_s):
            return "covered" if points.face_seen else "face"
        if here.sample is None:
            return "hand" if self.hand_lost(side, points.t_s) else None
        if here.in_zone is None and plan.step.judge <= {"zone"}:
            return "tool"
        movement = here.movement
        if movement is None or here.kind != "uncertain" or movement.time_s <= self._uncertain_s:
            return None
        return "contact" if "direction" in plan.step.judge and plan.moving and not plan.bidirectional else None
