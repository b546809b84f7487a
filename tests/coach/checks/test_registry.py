"""The kinds of judgement in one table: a further kind needs nothing but its check and a line there."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name
from typing import ClassVar, Final, Self

import pytest

from facetrack.coach import Coach, CoachOptions, Thresholds
from facetrack.coach.checks.check import Check
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.frame_context import FrameContext
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.mannequin.performance.mistakes import possible_variants
from facetrack.report.page import write_report
from facetrack.routine.file.template import write_new
from facetrack.routine.file.validation import RoutineFileError
from facetrack.routine.kinds import KINDS, KindOfJudgement
from facetrack.routine.library import load_routine
from facetrack.session import SessionRecorder, add_to_history, recover
from facetrack.session.document import SessionDocument
from facetrack.session.export.writer import export
from facetrack.session.folder import DOCUMENT_NAME
from facetrack.session.history.database import HistoryDatabase
from tests.coach.synthetic import Hand, film, judged, step
from tests.session.performer import Manner, Performer
from tests.session.session_fakes import identity

LINE: Final = KindOfJudgement(
    f"{__name__}:GripCheck",
    "grip",
    not_motions=("spiral", "back-and-forth", "hold"),
    figures="{value:.1f} (up to {limit:.1f})",
)


class GripCheck(Check):
    """Finds something wrong with the right hand in its second stroke."""

    kind: ClassVar[str] = "grip"

    @classmethod
    def make(cls, _thresholds: Thresholds) -> Sequence[Self]:
        return (cls(),)

    def begin_step(self, plan: StepPlan) -> None:
        self.judged, self.strokes = self.kind in plan.step.judge, 0

    def reset(self) -> None: ...

    def on_movement(self, stroke: ClassifiedSegment) -> None:
        self.strokes += stroke.kind == "along" and stroke.segment.side == 1

    def update(self, frame: FrameContext) -> Finding | None:
        wrong = self.judged and self.strokes == 2 and frame.sides[1].sample is not None
        return Finding(self.kind, 1, 2.0, 1.0, "grip.softer", "Softer", frame.t_s) if wrong else None


@pytest.fixture
def fifth(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(KINDS, "grip", LINE)
    return "grip"


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_its_check_and_a_mark_of_its_own(name: str) -> None:
    check = resolve_name(KINDS[name].check)
    assert Check in check.__mro__
    assert check.kind == name
    assert len({kind.letter for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("judge", [frozenset({*KINDS, "grip"}), frozenset(KINDS)])
@pytest.mark.usefixtures("fifth")
def test_the_coach_judges_a_fifth_kind_where_a_step_asks_for_it(judge: frozenset[str]) -> None:
    hand = Hand().strokes(4)
    told = judged(film(hand, hand), step(judge=judge), options=CoachOptions(step_id="brow", voice=True))
    assert [event.message for event in told.corrections] == (["Right: softer"] if "grip" in judge else [])
    for event in told.corrections:
        assert (event.kind, event.side, event.message_id) == ("grip", "right", "grip.softer")
        assert event.t_end_s is not None
        assert event.t_end_s - event.t_start_s > 1.0
    cues = [verdict.cue for verdict in told.verdicts if verdict.cue is not None]
    assert [(cue.correction, cue.shown, cue.spoken) for cue in cues] == ([(0, True, True)] if "grip" in judge else [])


def test_routine_session_report_and_export_know_a_fifth_kind(
    fifth: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    file = write_new(tmp_path / "mine.toml", force=False)
    listed = '# judge = ["zone", "direction", "pace", "symmetry", "grip"]'
    assert listed in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(listed, 'judge = ["zone", "grip"]'), "utf-8")
    routine = load_routine(str(file))
    assert [fifth in one.judge for one in routine.steps] == [True, False, True]
    assert possible_variants(routine.steps[0], fifth) == ()

    made = replace(identity(), routine=routine, options=CoachOptions())
    folder = tmp_path / "session"
    recorder, coach = SessionRecorder(made, folder), Coach(routine)
    for points, verdict in Performer(coach, Manner(), most_s=20.0):
        recorder.take(points, verdict)
    written = recorder.finish(points.t_s, complete=True, last=coach.finish(points.t_s))
    found = [one for one in written.corrections if one.kind == fifth]
    assert [(one.side, one.message_id, one.value, one.limit) for one in found[:1]] == [("right", "grip.softer", 2.0, 1.0)]
    assert written.score is not None
    assert SessionDocument.model_validate_json((folder / DOCUMENT_NAME).read_text("utf-8")) == written
    assert recover(folder) == written

    page = write_report(folder).read_text("utf-8")
    assert "2.0 (up to 1.0)" in page
    assert ">G<" in page
    with HistoryDatabase() as store:
        add_to_history(folder, store)
        export(store, [made.id], tmp_path / "out", "csv")
    with (tmp_path / "out" / "corrections.csv").open(newline="", encoding="utf-8") as rows:
        assert fifth in {row["kind"] for row in csv.DictReader(rows)}


def test_without_its_line_no_routine_may_ask_for_it(tmp_path: Path) -> None:
    file = write_new(tmp_path / "mine.toml", force=False)
    file.write_text(file.read_text("utf-8").replace("# judge =", 'judge = ["zone", "grip"] #'), "utf-8")
    with pytest.raises(RoutineFileError, match=r'"grip" is not possible; .*zone'):
        load_routine(str(file))
