"""A recorded session that reports are made of."""

from dataclasses import replace
from pathlib import Path

import pytest

from facetrack.coach import Coach
from facetrack.routine.library import load_routine
from facetrack.session import SessionRecorder
from tests.session.performer import Manner, Performer
from tests.session.session_fakes import identity

MANNER = Manner(backwards=frozenset({"cheeks"}), lazy_right=0.7, seed=1)


@pytest.fixture(scope="package")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of the fascia routine, with one step done the wrong way."""
    folder = tmp_path_factory.mktemp("session")
    made = replace(identity(), routine=load_routine("fascia"), labels={"note": "<script>alert(1)</script>"})
    recorder = SessionRecorder(made, folder)
    coach = Coach(made.routine)
    for points, said in Performer(coach, MANNER, most_s=32.0):
        recorder.take(points, said)
    recorder.finish(points.t_s, complete=False, last=coach.finish(points.t_s))
    return folder


@pytest.fixture
def session(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that a test may spoil, and an empty history."""
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "session"
    folder.mkdir()
    for path in recorded.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
