"""Describes what one frame looks like to the coach. It is made once a frame, and all checks read it."""

import math
from dataclasses import dataclass

from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.touch.place import Place
from facetrack.coach.verdict import STROKING, StrokeKind
from facetrack.packets import LEFT


@dataclass(frozen=True, slots=True)
class SideFrame:
    """Holds one half of the face in one frame, and what the hand that works there does."""

    sample: HandSample | None  # None where no hand is near the face on this side
    in_zone: bool | None  # within the step's zone, its tolerance included; None: not known where its tool touches
    movement: Segment | None  # the movement under way; None: the hand rests
    kind: StrokeKind | None  # what that movement is, as far as is known
    place: Place | None = None  # where the hand touches
    waiting: tuple[Segment, ...] = ()  # movements that have ended, but it is not known yet what they were

    @property
    def working_chart(self) -> tuple[float, float]:
        """The working point, not mirrored; NaN: not known. Of a tool that was shown its edge, else the hand's own."""
        if self.sample is None:
            return math.nan, math.nan
        if self.place is None or math.isnan(self.place.tolerance_mm):
            return self.sample.chart
        return (self.place.x if self.sample.side == LEFT else -self.place.x), self.place.y

    @property
    def stroke(self) -> Segment | None:
        """The movement under way, where it is stroking."""
        return self.movement if self.kind in STROKING else None

    @property
    def strokes(self) -> tuple[Segment, ...]:
        """The stroke under way, as a tuple of none or one."""
        return () if self.stroke is None else (self.stroke,)

    @property
    def undecided(self) -> tuple[Segment, ...]:
        """Movements that are not known yet to have touched, nor to have been lifted."""
        return self.waiting if self.movement is None or self.kind != "uncertain" else (*self.waiting, self.movement)


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
