"""What a live session has beside the line: guide without a camera, words on the terminal, a film's pace."""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from facetrack.app.outputs import TerminalCueSink
from facetrack.capture import BlankSource, blank
from facetrack.cli.commands import run as run_command
from facetrack.errors import FacetrackError
from facetrack.flow import Utterance
from facetrack.overlay.playback_sink import PlaybackRateSink
from facetrack.pipeline.sinks import FrameResult
from tests.capture.fakes import HandClock
from tests.cli.commands import OWN_ROUTINE, facetrack
from tests.overlay import scenes


def _frame_result(t_s: float = 0.0, **screen) -> FrameResult:
    frame = replace(scenes.frame((64, 48)), t_s=t_s)
    return FrameResult(frame, scenes.observation(), scenes.points(), None, scenes.verdict(), 0.0, scenes.screen(**screen))


@pytest.fixture
def no_camera(monkeypatch: pytest.MonkeyPatch) -> None:
    """And time that only passes by waiting for it."""

    def none(_wanted: str | None) -> None:
        raise FacetrackError("No camera was found. Plug one in.")

    monkeypatch.setattr("facetrack.capture.find_camera", none)
    monkeypatch.setattr(blank, "SystemClock", HandClock)
    monkeypatch.setattr("facetrack.capture.blank.SIZE_WH", (64, 48))


@pytest.mark.usefixtures("no_camera")
def test_a_guide_without_camera_window_and_sound_still_tells_its_routine(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "quick.toml").write_text(OWN_ROUTINE, encoding="utf-8")
    out = tmp_path / "out"
    ran = facetrack(capfd, "run", tmp_path / "quick.toml", "--guide-only", "--headless", "--yes", "--no-voice", "--out", out)
    assert ran.code == 0, ran.err
    lines = ran.err.splitlines()
    assert "Continuing in guide-only mode without a camera." in lines[0]
    assert "Cheeks. Stroke over the cheeks, outwards." in lines
    assert any("That was all" in line for line in lines)
    document = json.loads((out / "session.json").read_text(encoding="utf-8"))
    assert [(step["id"], step["status"]) for step in document["steps"]] == [("cheeks", "done")]
    assert document["settings"]["guide_only"] is True
    assert document["corrections"] == []
    assert document["steps"][0]["score"] is None
    assert document["pulse"] is None


@pytest.mark.usefixtures("no_camera")
def test_a_typed_pulse_is_the_tempo_of_steps_that_ask_for_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    circling = OWN_ROUTINE.replace("seconds = 8", 'seconds = 8\nmotion = "spiral"\ntempo = "pulse"')
    (tmp_path / "quick.toml").write_text(circling, encoding="utf-8")
    guide = ("--guide-only", "--headless", "--yes", "--no-voice")
    ran = facetrack(capfd, "run", tmp_path / "quick.toml", *guide, "--bpm", "132", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "One turn every 2 beats." in ran.err
    pulse = json.loads((tmp_path / "out" / "session.json").read_text(encoding="utf-8"))["pulse"]
    assert pulse == {"bpm": 132.0, "source": "typed", "confidence": None, "synchrony": None}


@pytest.mark.parametrize("bpm", ["0", "nan", "400", "fast"])
def test_a_pulse_that_is_none_is_refused(bpm: str, capfd: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capfd, "run", "--bpm", bpm)
    assert ran.code == 2
    assert "30 to 200" in ran.said


@pytest.mark.usefixtures("no_camera")
def test_without_guide_a_camera_is_needed(capfd: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capfd, "run", "--yes", "--headless")
    assert ran.code == 1
    assert "No camera was found" in ran.said


def test_a_guide_keeps_no_video_without_a_folder(capfd: pytest.CaptureFixture[str]) -> None:
    assert facetrack(capfd, "run", "--guide-only", "--record").code == 2


def test_lines_stand_for_a_voice() -> None:
    shown: list[str] = []
    sink = TerminalCueSink(shown.append)
    sink.on_frame(_frame_result(utterances=(Utterance("Come closer", "ask"),)))
    sink.on_frame(_frame_result())
    sink.on_frame(_frame_result(utterances=(Utterance("unheard", "ask"),), muted=True))
    assert shown == ["Come closer"]


def test_a_film_is_shown_at_its_pace_and_nothing_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = HandClock()
    monkeypatch.setattr(time, "monotonic", clock.now)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    pace = PlaybackRateSink(2.0)
    shown = []
    for t_s, busy_s in ((0.0, 0.0), (1.0, 0.0), (2.0, 3.0), (3.0, 0.0)):
        clock.time_s += busy_s
        pace.on_frame(_frame_result(t_s))
        shown.append(clock.time_s - 100.0)
    assert shown == [0.0, 0.5, 3.5, 4.0], "twice as fast; what is late delays what follows"


def test_blank_frames_come_in_real_time_until_closed() -> None:
    clock = HandClock()
    source = BlankSource(clock)
    times = []
    for frame in source.frames():
        times.append((frame.t_s, clock.time_s - 100.0))
        if len(times) == 30:
            source.close()
    assert times[-1] == (pytest.approx(29 / blank.FPS), pytest.approx(29 / blank.FPS))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is a display")
def test_a_missing_window_is_said_once_and_only_where_one_was_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    missing = run_command.reason_for_no_window(headless=False)
    run_command.report_missing_window(missing)
    run_command.report_missing_window(run_command.reason_for_no_window(headless=True))
    assert capsys.readouterr().err.count("No window") == 1
