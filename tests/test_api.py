"""The public Python interface: ``import facetrack``."""

import logging
import math
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import facetrack
from facetrack.coach import LiveCoach
from facetrack.geometry.quantisation import quantise
from facetrack.session import SessionRecorder
from facetrack.session.document import SessionDocument
from tests.cli.commands import facetrack as command
from tests.coach.synthetic import PATH, Hand, box, film, routine, step
from tests.session.session_fakes import identity

STEP = "jawline"


@pytest.fixture
def here(workplace: Path, recorded_tracking: None, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: ARG001
    monkeypatch.chdir(workplace)
    return workplace


def test_the_contract_s_names_are_public() -> None:
    named = """analyze load_session replay Session load_routine list_routines Thresholds Tracker FaceMapper Coach Judge
    FrameSource Sink Verdict FacetrackError"""
    assert set(named.split()) <= set(facetrack.__all__) <= set(dir(facetrack))
    for name in facetrack.__all__:
        assert getattr(facetrack, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = facetrack.nothing


def test_importing_is_quick_and_loads_nothing_heavy() -> None:
    code = "import sys, facetrack; print(*sys.modules)"
    loaded = {name.split(".")[0] for name in subprocess.check_output([sys.executable, "-c", code], text=True).split()}
    assert loaded & {"cv2", "mediapipe", "numpy", "pydantic", "typer", "rich"} == set()

    timed = "import time; began_s = time.process_time(); import facetrack; print(time.process_time() - began_s)"
    assert min(float(subprocess.check_output([sys.executable, "-c", timed])) for _ in range(5)) < 0.1


@pytest.mark.slow
def test_it_judges_as_the_command_does_and_prints_nothing(
    here: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    session = facetrack.analyze("clip.mp4", "fascia", step=STEP)
    assert tuple(capfd.readouterr()) == ("", "")
    arguments = ("--routine", "fascia", "--step", STEP, "--json", "--out", tmp_path / "out")
    document = SessionDocument.from_json(command(capfd, "analyze", here / "clip.mp4", *arguments).out)
    same = {"id": session.document.id, "started_at": session.document.started_at}
    assert document.model_copy(update=same) == session.document
    assert session.strokes.rows == len((tmp_path / "out" / "strokes.csv").read_text().splitlines()) - 1


@pytest.mark.slow
def test_a_session_without_a_folder_lives_as_long_as_its_object(here: Path) -> None:
    session = facetrack.analyze(here / "clip.mp4", "fascia", step=STEP)
    again = facetrack.replay(session)
    folder = session.folder
    del session
    assert again.fingertips.rows > 0
    del again
    assert not folder.exists()


def askew(folder: Path) -> facetrack.Session:
    """Record strokes that leave the path by 45 degrees."""
    (x0, y0), (x1, y1) = PATH[0], PATH[-1]
    length, angle = math.dist(PATH[0], PATH[-1]), math.atan2(y1 - y0, x1 - x0) + math.radians(45.0)
    hand = Hand().strokes(6, ((x0, y0), (x0 + length * math.cos(angle), y0 + length * math.sin(angle))))
    wide = routine(step("brow", zone=(box(np.array(PATH), 60.0),), repetitions=None, seconds=60.0))
    recorder, coach = SessionRecorder(replace(identity(), routine=wide), folder), LiveCoach(wide)
    frames = [quantise(points) for points in film(hand, hand)]
    for points in frames:
        recorder.take(points, coach.update(points))
    recorder.finish(frames[-1].t_s, complete=True, last=coach.finish(frames[-1].t_s))
    return facetrack.load_session(folder)


def test_a_replay_judges_the_same_and_by_other_limits_otherwise(tmp_path: Path) -> None:
    session = askew(tmp_path)
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    same = facetrack.replay(session)
    assert same.document == session.document
    for name, column in same.strokes.items():
        np.testing.assert_array_equal(column, session.strokes[name], err_msg=name)
    assert session.corrections.rows == 0
    strict = facetrack.replay(session, thresholds=facetrack.Thresholds(off_path_deg=40.0))
    assert set(strict.corrections["kind"]) == {"direction"}
    assert strict.corrections["value"] == pytest.approx(45.0, abs=2.0)
    assert facetrack.replay(strict).corrections.rows == strict.corrections.rows, "a replay's own limits are kept"
    assert strict.id == session.id
    assert files == {path: path.read_bytes() for path in tmp_path.iterdir()}, "files are left alone"


@pytest.mark.slow
def test_a_session_that_was_cut_off_is_judged_from_its_journal(here: Path, tmp_path: Path) -> None:
    whole = facetrack.load_session("my-session")
    shutil.copy(here / "my-session" / "frames.jsonl", tmp_path)
    assert facetrack.load_session(tmp_path).document == whole.document
    assert [path.name for path in tmp_path.iterdir()] == ["frames.jsonl"], "nothing is written"


@pytest.mark.slow
@pytest.mark.usefixtures("here")
def test_tables_are_columns_of_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    session = facetrack.load_session("my-session")
    assert session.steps["left_repetitions"].dtype == np.float64, "NaN where the side was never judged"
    assert session.strokes["counted"].dtype == np.bool_
    assert session.strokes["step_place"].dtype == np.int64
    assert {column.unit for column in session.strokes.columns if column.name == "length_mm"} == {"mm"}
    assert set(session.fingertips["hand"]) <= {"left", "right"}
    assert len(session.fingertips) == len(session.fingertips.columns)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(facetrack.FacetrackError, match="pip install pandas"):
        session.strokes.to_pandas()


@pytest.mark.usefixtures("here")
def test_a_table_becomes_a_data_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pandas:
        DataFrame = staticmethod(dict)

    monkeypatch.setitem(sys.modules, "pandas", Pandas)
    steps = facetrack.load_session("my-session").steps
    assert list(steps.to_pandas()) == list(steps)


class Counting:
    """An output of one's own."""

    name = "the count"

    def __init__(self) -> None:
        self.times_s: list[float] = []
        self.complete = False

    def on_frame(self, result: facetrack.FrameResult) -> None:
        self.times_s.append(result.verdict.t_s)

    def finish(self, end: facetrack.RunEnd) -> None:
        self.complete = end.complete

    def close(self) -> None:
        pass


@pytest.mark.slow
def test_an_output_of_one_s_own_receives_every_frame(here: Path) -> None:
    counting = Counting()
    session = facetrack.analyze(here / "clip.mp4", "fascia", step=STEP, sinks=[counting])
    assert len(counting.times_s) == session.document.tracking.frames
    assert counting.complete


def test_what_fails_is_an_error_of_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for failing in (
        lambda: facetrack.analyze(tmp_path / "missing.mp4"),
        lambda: facetrack.analyze(tmp_path / "missing.mp4", "no-such-routine"),
        lambda: facetrack.analyze(tmp_path / "missing.mp4", "fascia", step="no-such-step"),
        lambda: facetrack.analyze(tmp_path / "missing.mp4", facetrack.load_routine("fascia"), step="no-such-step"),
        lambda: facetrack.Judge.for_routine(facetrack.load_routine("fascia"), step="no-such-step"),
        lambda: facetrack.load_session("no-such-session"),
        lambda: facetrack.load_session(tmp_path),
        lambda: facetrack.load_routine("no-such-routine"),
    ):
        with pytest.raises(facetrack.FacetrackError) as caught:
            failing()
        assert "\n" not in str(caught.value)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("labels", [{"age": 41}, {7: "p07"}, {"participant": math.nan}, {"group": None}, ["p07"], "p07"])
def test_labels_that_are_no_texts_are_refused_before_anything_is_read(labels: Any, tmp_path: Path) -> None:
    with pytest.raises(facetrack.FacetrackError, match="label") as caught:
        facetrack.analyze(tmp_path / "nowhere.mp4", "fascia", labels=labels)
    assert "nowhere" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Not as an id that the history has not."""
    with pytest.raises(facetrack.FacetrackError, match=r"There is no folder .*missing"):
        facetrack.load_session(tmp_path / "missing")
