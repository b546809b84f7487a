"""Lists the kinds of judgement. To add one, write a file with its ``Check`` and add a line here."""

from typing import Final

from facetrack.coach.checks.check import Check
from facetrack.coach.checks.direction import DirectionCheck
from facetrack.coach.checks.pace import PaceCheck
from facetrack.coach.checks.symmetry import SymmetryCheck
from facetrack.coach.checks.zone import ZoneCheck
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.frame_context import FrameContext
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.thresholds import Thresholds

CHECKS: Final[list[type[Check]]] = [
    ZoneCheck,
    DirectionCheck,
    PaceCheck,
    SymmetryCheck,
]
"""In order of priority. Where the hands are comes first: at the wrong place neither direction nor pace means much."""


class Checks:
    """Runs all checks of a session."""

    def __init__(self, thresholds: Thresholds) -> None:
        self.kinds = [check.kind for check in CHECKS]  # in order of priority
        self._all = [check for kind in CHECKS for check in kind.make(thresholds)]
        self.pace = [check for check in self._all if isinstance(check, PaceCheck)]  # left, right
        (self.symmetry,) = (check for check in self._all if isinstance(check, SymmetryCheck))

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step."""
        for check in self._all:
            check.begin_step(plan)

    def reset(self) -> None:
        """Forget all evidence within the step."""
        for check in self._all:
            check.reset()

    def on_movement(self, stroke: ClassifiedSegment) -> None:
        """Take a movement that has ended, once it is decided what it was."""
        for check in self._all:
            check.on_movement(stroke)

    def update(self, frame: FrameContext) -> list[Finding]:
        """Process a frame. Return everything that is wrong now."""
        findings = (check.update(frame) for check in self._all)
        return [finding for finding in findings if finding is not None]
