"""The session with the real coach: a journal is judged again exactly, and both count the withheld time alike."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from facetrack.coach import Coach, CoachOptions, StepEnd
from facetrack.coach.thresholds import Hysteresis, Thresholds
from facetrack.routine.library import load_routine
from facetrack.session import SessionRecorder, recover, replay_verdicts
from facetrack.session.document import StepFigures
from tests.session.performer import Manner, Performer
from tests.session.session_fakes import identity

OPTIONS = CoachOptions(again=("nose",), thresholds=Thresholds(zone=Hysteresis(0.7, 0.6)))
BACKWARDS = Manner(backwards=frozenset({"cheeks"}), lost_share=0.08, seed=5)
CARELESS = Manner(backwards=frozenset({"cheeks"}), rushed=frozenset({"cheeks"}), lazy_right=0.5)


def test_recovery_and_replay_say_what_was_said_live(tmp_path: Path) -> None:
    made = replace(identity(), routine=load_routine("fascia"), options=OPTIONS)
    recorder = SessionRecorder(made, tmp_path)
    coach = Coach(made.routine, OPTIONS)
    verdicts, ends = [], []
    for points, verdict in Performer(coach, BACKWARDS, most_s=20.0):
        recorder.take(points, verdict)
        verdicts.append(repr(verdict))
        ends += verdict.ended
        last_s = points.t_s
    last = coach.finish(last_s)
    live = recorder.finish(last_s, complete=True, last=last)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for name in files.keys() - {"frames.jsonl"}:
        (tmp_path / name).unlink()
    assert [repr(verdict) for _, verdict in replay_verdicts(tmp_path / "frames.jsonl")] == [*verdicts, repr(last)]
    assert recover(tmp_path) == live
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert_withheld_alike(live.steps, [*ends, *last.ended])
    assert live.corrections
    assert {row.kind for row in live.corrections} >= {"direction"}


def assert_withheld_alike(steps: Sequence[StepFigures], ends: list[StepEnd]) -> None:
    assert len(steps) == len(ends) >= 2
    for step, end in zip(steps, ends, strict=True):
        assert step.status == end.status
        if math.isnan(end.withheld_share):
            assert step.withheld is None
        else:
            assert step.withheld == pytest.approx(end.withheld_share, abs=0.02)


def test_a_careful_session_scores_higher_than_a_careless_one() -> None:
    scores = []
    for manner in (Manner(), CARELESS):
        made = replace(identity(), routine=load_routine("fascia"))
        recorder = SessionRecorder(made, None)
        coach = Coach(made.routine, CoachOptions(step_id="cheeks"))
        for points, verdict in Performer(coach, manner, most_s=12.0):
            recorder.take(points, verdict)
        scores.append(recorder.finish(12.0, complete=True, last=coach.finish(12.0)).score)
    assert scores[0] > 90
    assert scores[1] < 60
