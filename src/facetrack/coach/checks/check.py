"""Defines what the coach asks of a kind of judgement, and what checks of a single side share."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Protocol, Self

from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.frame_context import FrameContext, SideFrame
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.thresholds import Thresholds
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import Kind


class Check(Protocol):
    """Judges one kind of mistake, of one side or of both together.

    The coach calls ``update`` once a frame, after the frame's strokes, and ``reset`` instead while the hands are still on
    their way (after a change of step, or a pause).
    """

    kind: ClassVar[Kind]

    @classmethod
    def make(cls, thresholds: Thresholds) -> Sequence[Self]:
        """Make as many as a coach needs: one for both sides together, or one each."""

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step: whatever was known of the one before is forgotten."""

    def reset(self) -> None:
        """Forget all evidence within the step."""

    def on_movement(self, movement: ClassifiedSegment) -> None:
        """Take a movement that has ended, of whichever side, once it is decided what it was."""

    def update(self, frame: FrameContext) -> Finding | None:
        """Process a frame. Return what is wrong now, or None."""

    def at_step_end(self, _frame: FrameContext) -> Finding | None:
        """Look back on the step at its end. Return what was wrong and has not been raised yet, or None, as of most kinds."""
        return None

    @property
    def waits(self) -> bool:
        """Whether a step that is due should wait for what is still to be done."""
        return False

    def measured(self) -> float:
        """Return the figure that verdicts show, whether it is wrong or not; NaN: not known, or the kind has none."""
        return math.nan


class SideCheck(Check, ABC):
    """Judges one side. A finding keeps the value and the words of the frame in which it was found.

    wrong: there has been enough evidence, and the contrary was not seen since. seen_s: when the mistake was last seen.
    """

    def __init__(self, side: int, thresholds: Thresholds) -> None:
        self._side, self._limits = side, thresholds

    @classmethod
    def make(cls, thresholds: Thresholds) -> Sequence[Self]:
        """Make one for each side."""
        return cls(LEFT, thresholds), cls(RIGHT, thresholds)

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step."""
        self._plan = plan
        self._judged = self._applies(plan)
        self.reset()

    def reset(self) -> None:
        """Forget all evidence."""
        self.wrong, self.seen_s = False, -math.inf
        self._finding: Finding | None = None

    def on_movement(self, movement: ClassifiedSegment) -> None:
        """Take a movement that has ended."""
        if movement.segment.side == self._side:
            self._add(movement)

    def update(self, frame: FrameContext) -> Finding | None:
        """Process a frame. Return what is wrong now, or None."""
        here = frame.sides[self._side]
        self._follow(frame, here)
        if self.wrong and frame.t_s - self.seen_s > self._limits.same_within_s:
            self.reset()  # seen again it is another mistake
        if not (self.wrong and self._judged):
            self._finding = None
            return None
        if self._finding is None:
            self._finding = self._describe(here)
        self._finding.seen_s = self.seen_s
        return self._finding

    def _applies(self, plan: StepPlan) -> bool:
        """Return whether this is judged in the step."""
        return self.kind in plan.step.judge

    def _add(self, movement: ClassifiedSegment) -> None:
        """Take a movement of this side that has ended."""

    @abstractmethod
    def _follow(self, frame: FrameContext, here: SideFrame) -> None:
        """Process a frame and set ``wrong``."""

    @abstractmethod
    def _describe(self, here: SideFrame) -> Finding:
        """Describe what is wrong, in the frame in which ``wrong`` becomes true."""
