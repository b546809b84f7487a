"""The demo runs the whole real line on the mannequin: MediaPipe, geometry, coach, overlay, session."""

import json
from pathlib import Path

import pytest

from facetrack.capture import VideoSource
from facetrack.cli import demo_play
from facetrack.cli.demo import FOLDER, _shortened
from facetrack.mannequin.mistakes import MistakeWindow
from facetrack.paths import data_dir
from facetrack.routine import load_routine
from tests.cli.commands import facetrack


def test_the_play_has_its_mistakes_and_its_right_parts_in_both_steps() -> None:
    routine = _shortened(load_routine("fascia"), None)
    assert [(step.index, step.id) for step in routine.steps] == [(0, "forehead"), (1, "jawline")]
    play = demo_play.demo_performance(routine)
    assert [(m.step, m.kind, m.side) for m in play.mistakes] == [
        (0, "direction", "right"),
        (0, "pace", "both"),
        (1, "zone", "left"),
        (1, "direction", "both"),
    ]
    for step in (0, 1):
        assert sum(repetition.correct for repetition in play.repetitions if repetition.step == step) >= 3
    assert play.duration_s < 50.0
    again = demo_play.demo_performance(routine)
    assert again.mistakes == play.mistakes, "the film comes from the cache only if the play is always the same"


@pytest.mark.parametrize(("step", "shown"), [("cheeks", ["cheeks"]), (None, ["apply-cream", "spiral-out"])])
def test_any_routine_can_be_shown(step: str | None, shown: list[str]) -> None:
    assert [one.id for one in _shortened(load_routine("japanese"), step).steps] == shown


@pytest.mark.parametrize(
    ("correction", "answers"),
    [
        ({"kind": "zone", "step": "jawline", "side": "left", "t_start_s": 11.0}, True),
        ({"kind": "zone", "step": "jawline", "side": "both", "t_start_s": 13.4}, True),
        ({"kind": "zone", "step": "jawline", "side": "left", "t_start_s": 13.6}, False),
        ({"kind": "zone", "step": "jawline", "side": "left", "t_start_s": 9.9}, False),
        ({"kind": "zone", "step": "jawline", "side": "right", "t_start_s": 11.0}, False),
        ({"kind": "zone", "step": "forehead", "side": "left", "t_start_s": 11.0}, False),
        ({"kind": "pace", "step": "jawline", "side": "left", "t_start_s": 11.0}, False),
    ],
)
def test_which_correction_answers_a_mistake(correction: dict, answers: bool) -> None:
    window = MistakeWindow("zone", "left", "beside", 1, 10.0, 12.0)
    assert (demo_play.answer_to(window, "jawline", [correction]) is not None) == answers


@pytest.mark.slow
def test_demo(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_play, "STEP_S", 4.0)
    ran = facetrack(capfd, "demo", "--step", "forehead", "--headless")
    assert ran.code == 0, ran.err
    assert "forehead" in ran.out
    assert str(FOLDER) in ran.out
    document = json.loads((FOLDER / "session.json").read_text(encoding="utf-8"))
    assert document["source"] == {"kind": "mannequin", "name": "mannequin"}
    assert document["complete"] is True
    assert document["tracking"]["face_seen"] > 0.98
    assert document["tracking"]["calibration"] == "neutral"
    assert [step["id"] for step in document["steps"]] == ["forehead"]
    assert min(document["steps"][0][side]["strokes"] for side in ("left", "right")) >= 1
    film = VideoSource(FOLDER / "annotated.mp4")
    assert film.info.frames_promised == document["tracking"]["frames"]
    film.close()
    assert not (data_dir() / "sessions").exists(), "the demo stays out of the history"


def test_no_save_and_out_exclude_each_other(capfd: pytest.CaptureFixture[str]) -> None:
    assert facetrack(capfd, "demo", "--no-save", "--out", "x").code == 2
