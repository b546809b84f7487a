"""The kinds of judgement in one list: a further kind needs nothing but its check and a line there."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import pytest

from facetrack.coach import CoachOptions, Thresholds
from facetrack.coach.checks import registry
from facetrack.coach.checks.registry import CHECKS, Checks
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.frame_context import FrameContext
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.routine.compiled import KINDS, Kind
from facetrack.routine.file.rules import MOTIONS_WITH
from facetrack.session.document import CorrectionEvent
from tests.coach.synthetic import Hand, film, judged, step

GRIP: Any = "grip"


class GripCheck:
    """Finds something wrong with the right hand in its second stroke."""

    kind: ClassVar[Any] = GRIP

    @classmethod
    def make(cls, _thresholds: Thresholds) -> Sequence[Self]:
        return (cls(),)

    def begin_step(self, plan: StepPlan) -> None:
        self.judged, self.strokes = self.kind in plan.step.judge, 0

    def reset(self) -> None: ...

    def on_movement(self, stroke: ClassifiedSegment) -> None:
        self.strokes += stroke.kind == "along"

    def update(self, frame: FrameContext) -> Finding | None:
        wrong = self.judged and self.strokes == 2 and frame.sides[1].sample is not None
        return Finding(self.kind, 1, 2.0, 1.0, "grip.softer", "Softer", confirm_s=0.1) if wrong else None


def test_every_kind_of_a_routine_has_its_check_in_the_order_of_priority() -> None:
    assert tuple(check.kind for check in CHECKS) == KINDS
    assert CorrectionEvent.model_fields["kind"].annotation == Kind
    assert set(MOTIONS_WITH) == set(KINDS)
    assert len(Checks(Thresholds()).pace) == 2


@pytest.mark.parametrize("judge", [frozenset({*KINDS, GRIP}), frozenset(KINDS)])
def test_a_fifth_kind_of_judgement_is_a_check_and_a_line(monkeypatch: pytest.MonkeyPatch, judge: frozenset[Any]) -> None:
    monkeypatch.setattr(registry, "CHECKS", [*CHECKS, GripCheck])
    hand = Hand().strokes(4)
    told = judged(film(hand, hand), step(judge=judge), options=CoachOptions(step_id="brow", voice=True))
    assert [event.message for event in told.corrections] == (["Softer"] if GRIP in judge else [])
    for event in told.corrections:
        assert (event.kind, event.side, event.message_id) == (GRIP, "right", "grip.softer")
        assert event.t_end_s is not None
        assert event.t_end_s - event.t_start_s > 1.0
    cues = [verdict.cue for verdict in told.verdicts if verdict.cue is not None]
    assert [(cue.correction, cue.shown, cue.spoken) for cue in cues] == ([(0, True, True)] if GRIP in judge else [])
