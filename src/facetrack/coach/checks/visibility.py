"""What of a frame could be judged: which hand serves which side, and the reason where a side can't be judged."""

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import StrokeJudge
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.verdict import WithheldReason
from facetrack.geometry.face_points import FacePoints

_UNCERTAIN_S = 0.8
"""A movement off the path that is younger than this is no evidence yet, so nothing is withheld for it."""


def serving_hands(samples: list[HandSample | None]) -> list[int | None]:
    """For each side the hand that works there: the side's own if both do, None where no hand is near the face."""
    serving: list[int | None] = [None, None]
    for side in (0, 1):
        for hand in (side, 1 - side):
            sample = samples[hand]
            if sample is not None and sample.near_face and sample.side == side:
                serving[side] = hand
                break
    return serving


class SightMemory:
    """Since when each hand, and the face, has been out of sight: short gaps are bridged."""

    def __init__(self, gap_s: float) -> None:
        self._gap_s = gap_s
        self._hand_s = [float("-inf"), float("-inf")]
        self._face_s = float("-inf")

    def update(self, points: FacePoints, samples: list[HandSample | None]) -> None:
        """Take a frame. A hand whose place on a known face can't be told (round the side of the head) is as good as lost."""
        placeable = points.mm_per_px == points.mm_per_px
        if placeable:
            self._face_s = points.t_s
        for hand in (0, 1):
            if samples[hand] is not None or (points.hand_seen[hand] and not placeable):
                self._hand_s[hand] = points.t_s

    def hand_lost(self, hand: int, t_s: float) -> bool:
        """Out of sight for longer than a bridged gap."""
        return t_s - self._hand_s[hand] > self._gap_s

    def face_lost(self, t_s: float) -> bool:
        """Neither a face nor a held pose for longer than a bridged gap."""
        return t_s - self._face_s > self._gap_s


def withheld_reason(
    side: int, hand: int | None, points: FacePoints, sight: SightMemory, plan: StepPlan, strokes: StrokeJudge | None
) -> WithheldReason | None:
    """Why the side can't be judged in this frame; None if it can."""
    if points.calibration == "running":
        return "calibration"
    if sight.face_lost(points.t_s):
        return "covered" if points.face_seen else "face"
    if hand is None:
        return "hand" if sight.hand_lost(side, points.t_s) else None
    if strokes is not None and "direction" in plan.step.judge and plan.moving and not plan.either_way:
        segment = strokes.open
        if segment is not None and segment.side == side and segment.time_s > _UNCERTAIN_S:
            return "contact" if strokes.open_kind == "uncertain" else None
    return None
