"""Describes what one frame looks like to the coach. It is made once a frame, and all checks read it."""

from dataclasses import dataclass

from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.verdict import STROKING, StrokeKind


@dataclass(frozen=True, slots=True)
class SideFrame:
    """Holds one half of the face in one frame, and what the hand that works there does."""

    sample: HandSample | None  # None where no hand is near the face on this side
    in_zone: bool  # within the step's zone, its tolerance included
    movement: Segment | None  # the movement under way; None: the hand rests
    kind: StrokeKind | None  # what that movement is, as far as is known

    @property
    def stroke(self) -> Segment | None:
        """The movement under way, where it is stroking."""
        return self.movement if self.kind in STROKING else None


@dataclass(frozen=True, slots=True)
class FrameContext:
    """Holds both halves of the face in one frame."""

    t_s: float
    dt_s: float  # since the frame before, as far as it can stand for that time; 0 for the first
    sides: tuple[SideFrame, SideFrame]  # left, right
    in_view: bool  # the face and both hands are, short gaps bridged
    on_next_step: bool  # a hand works on the next step already, which is no wrong place
    due: bool = False  # the step has reached its repetitions or its time
    unplaced_share: tuple[float, float] = (0.0, 0.0)  # 0..1 of the step in which each side's hand was at the face out of sight
