"""Runs the checks of all kinds of judgement that ``routine/kinds.py`` lists."""

from collections.abc import Sequence
from pkgutil import resolve_name

from facetrack.coach.checks.check import Check
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.frame_context import FrameContext
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.thresholds import Thresholds
from facetrack.packets import LEFT
from facetrack.routine.compiled import Kind
from facetrack.routine.kinds import KINDS


class Checks:
    """Runs all checks of a session."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._of_kind: dict[Kind, Sequence[Check]] = {
            name: resolve_name(kind.check).make(thresholds) for name, kind in KINDS.items()
        }
        self._all = [check for checks in self._of_kind.values() for check in checks]

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step."""
        for check in self._all:
            check.begin_step(plan)

    def reset(self) -> None:
        """Forget all evidence within the step."""
        for check in self._all:
            check.reset()

    def on_movement(self, movement: ClassifiedSegment) -> None:
        """Take a movement that has ended, once it is decided what it was."""
        for check in self._all:
            check.on_movement(movement)

    def update(self, frame: FrameContext) -> list[Finding]:
        """Process a frame. Return everything that is wrong now."""
        findings = (check.update(frame) for check in self._all)
        return [finding for finding in findings if finding is not None]

    def at_step_end(self, frame: FrameContext) -> list[Finding]:
        """Look back on the step at its end, after its last frame. Return everything that was wrong in it as a whole."""
        findings = (check.at_step_end(frame) for check in self._all)
        return [finding for finding in findings if finding is not None]

    @property
    def waits(self) -> bool:
        """Whether a step that is due should wait for what is still to be done."""
        return any(check.waits for check in self._all)

    def measured(self, kind: Kind, side: int = LEFT) -> float:
        """Return what a kind measures now; of one that compares both sides ``side`` is left out."""
        return self._of_kind[kind][side].measured()
