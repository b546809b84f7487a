"""The demo runs the whole real line on the mannequin: MediaPipe, geometry, coach, overlay, session, report."""

import contextlib
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from facetrack.capture import VideoSource
from facetrack.cli import main
from facetrack.cli.commands.demo import FOLDER, _film, _shortened, print_mistakes
from facetrack.mannequin import demo_script
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine
from facetrack.routine.library import routine_with
from facetrack.session.document import CorrectionEvent, CueEvent, SessionDocument
from facetrack.system.paths import data_dir, models_dir
from tests.cli.commands import OWN_ROUTINE, facetrack
from tests.golden.verdicts import differences, load, verdicts_of
from tests.recorded_tracking import RecordedTracker
from tests.sealed import SEALS, internet_calls


def _shown(routine: str, step: str | None = None, again: tuple[str, ...] = ()) -> CompiledRoutine:
    return _shortened(load_routine(routine), step, again)


def test_the_play_has_every_kind_of_mistake_and_right_parts_between() -> None:
    routine = _shown("fascia")
    assert [(step.index, step.id) for step in routine.steps] == [(0, "forehead"), (1, "jawline")]
    play = demo_script.demo_performance(routine)
    assert [(m.step, m.kind, m.side) for m in play.mistakes] == [
        (0, "direction", "right"),
        (0, "symmetry", "left"),
        (1, "pace", "both"),
        (1, "zone", "both"),
    ]
    for step in (0, 1):
        right = [one.correct for one in play.repetitions if (one.step, one.side) == (step, "right")]
        assert right[0], "first it is shown rightly"
        assert right[-1], "and it is mended"
    assert play.duration_s < 45.0
    assert demo_script.demo_performance(routine).mistakes == play.mistakes, "the film's name in the cache is its content"


def test_a_step_is_due_while_the_mannequins_hands_are_still_at_the_face() -> None:
    routine = _shown("fascia")
    play = demo_script.demo_performance(routine)
    for step, span in zip(demo_script.with_fixed_durations(routine, play).steps, play.spans, strict=True):
        assert step.repetitions is None
        assert step.seconds is not None
        assert span.t_end_s - span.t_start_s - 4.0 <= step.seconds < span.t_end_s - span.t_start_s


@pytest.mark.parametrize(
    ("routine", "step", "again", "shown"),
    [
        ("japanese", "cheeks", (), ["cheeks"]),
        ("japanese", None, (), ["apply-cream", "spiral-out"]),
        ("fascia", None, ("nose",), ["forehead", "jawline", "nose"]),
    ],
)
def test_any_routine_can_be_shown(routine: str, step: str | None, again: tuple[str, ...], shown: list[str]) -> None:
    chosen = _shown(routine, step, again)
    assert [one.id for one in chosen.steps] == shown
    play = demo_script.demo_performance(chosen, again)
    assert [span.step_id for span in play.spans] == [*shown, *again]
    assert all(mistake.step < len(shown) for mistake in play.mistakes), "the second pass is right"


@pytest.mark.parametrize("routine", ["fascia", "japanese"])
def test_each_step_alone_can_be_played(routine: str) -> None:
    for step in load_routine(routine).steps:
        chosen = _shown(routine, step.id)
        play = demo_script.demo_performance(chosen)
        assert {mistake.kind for mistake in play.mistakes} <= step.judge
        assert play.duration_s < 40.0


def event(**values: Any) -> CorrectionEvent:
    return CorrectionEvent(**{"t_start_s": 0.0, "message_id": "direction.outward", "message": "Outward"} | values)


def session(duration_s: float, *corrections: CorrectionEvent) -> SessionDocument:
    return SessionDocument.model_construct(duration_s=duration_s, corrections=corrections, cues=())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"side": "both"}, True),
        ({"side": "left"}, False),
        ({"step": "jawline"}, False),
        ({"kind": "pace"}, False),
    ],
)
def test_which_correction_answers_a_mistake(change: dict, expected: bool) -> None:
    play = demo_script.demo_performance(_shown("fascia"))
    wrong = play.mistakes[0]
    assert (wrong.kind, wrong.side) == ("direction", "right")
    correction = event(**{"kind": "direction", "step": "forehead", "side": "right"} | change)
    right_again_s = min(one.t_start_s for one in play.repetitions if one.side == "right" and one.t_start_s > wrong.t_end_s)
    for when_s, in_time in (
        (wrong.t_start_s - 0.1, False),
        (wrong.t_start_s + 1.0, True),
        (right_again_s + 1.4, True),
        (right_again_s + 3.0, False),
    ):
        assert demo_script.matches(correction.model_copy(update={"t_start_s": when_s}), wrong, play) == (expected and in_time)


def test_totals_are_told_after_the_mistake() -> None:
    play = demo_script.demo_performance(_shown("fascia"))
    wrong = play.mistakes[1]
    assert (wrong.kind, wrong.side) == ("symmetry", "left")
    late = event(kind="symmetry", step="forehead", side="left", t_start_s=29.0, message_id="symmetry.totals")
    assert demo_script.matches(late, wrong, play)
    assert not demo_script.matches(late.model_copy(update={"message_id": "symmetry.more"}), wrong, play)


def test_the_comparison_names_what_was_missed_and_what_was_right(capsys: pytest.CaptureFixture[str]) -> None:
    play = demo_script.demo_performance(_shown("fascia", "forehead"))
    wrong = play.mistakes[0]
    told = event(kind=wrong.kind, step="forehead", side=wrong.side, t_start_s=wrong.t_end_s, message="Stroke outward")
    unasked = told.model_copy(update={"kind": "pace", "message": "Slower"})
    print_mistakes(play, session(play.duration_s, unasked, told))
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].endswith("Stroke outward")
    assert printed[2].split()[:3] == ["balance", "forehead", "left"]
    assert printed[2].endswith("missed")
    assert printed[3] == "Mistakes detected: 1 of 2, 1 of them too late to mend; false corrections: 1"
    assert "Slower" in printed[4]


@pytest.mark.parametrize(("after_s", "shown", "late"), [(-0.5, True, False), (4.0, True, True), (-0.5, False, True)])
def test_what_is_shown_when_the_mistake_is_over_is_late(
    after_s: float, shown: bool, late: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    play = demo_script.demo_performance(_shown("fascia", "forehead"))
    wrong = play.mistakes[0]
    told = event(kind=wrong.kind, step="forehead", side=wrong.side, t_start_s=wrong.t_end_s - 0.6)
    cue = CueEvent(t_s=wrong.t_end_s + after_s, correction=0, shown=shown, spoken=False, why_not=None)
    print_mistakes(play, session(play.duration_s, told).model_copy(update={"cues": (cue,)}))
    assert ("1 of them too late to mend" in capsys.readouterr().out) == late


def test_mistakes_after_an_interruption_are_not_counted(capsys: pytest.CaptureFixture[str]) -> None:
    play = demo_script.demo_performance(_shown("fascia"))
    print_mistakes(play, session(play.spans[0].t_end_s))
    assert capsys.readouterr().out.splitlines()[-1] == "Mistakes detected: 0 of 2; false corrections: 0"


@dataclass(frozen=True)
class Demo:
    out: str
    folder: Path
    data: Path

    @property
    def document(self) -> dict:
        return json.loads((self.folder / "session.json").read_text(encoding="utf-8"))


SHORT_DEMO = """
from facetrack.mannequin import demo_script
demo_script.STEPS_S, demo_script.FILM_FPS = (1.0,), 9.0
from facetrack.cli import main
main()
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The whole demo, once, as a user sees it without a display. What the tracker saw of its film is remembered."""
    place = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as monkeypatch, contextlib.redirect_stdout(io.StringIO()) as out:
        monkeypatch.setattr("facetrack.tracking.Tracker", RecordedTracker)
        monkeypatch.setenv("FACETRACK_MODELS_DIR", str(models_dir()))
        monkeypatch.setenv("FACETRACK_DATA_DIR", str(place / "data"))
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.chdir(place)
        with pytest.raises(SystemExit) as end:
            main(["demo"])
    assert end.value.code == 0
    return Demo(out.getvalue(), place / FOLDER, place / "data")


@pytest.mark.slow
def test_the_demo_leaves_video_session_and_report_and_says_where(demo: Demo) -> None:
    for name in ("annotated.mp4", "session.json", "report.html"):
        assert str(FOLDER / name) in demo.out
        assert (demo.folder / name).stat().st_size > 0
    document = demo.document
    assert document["source"] == {"kind": "mannequin", "name": "mannequin"}
    assert document["complete"] is True
    assert document["tracking"]["face_seen"] > 0.98
    assert document["tracking"]["calibration"] == "neutral"
    assert [(step["id"], step["status"]) for step in document["steps"]] == [("forehead", "done"), ("jawline", "done")]
    film = VideoSource(demo.folder / "annotated.mp4")
    assert film.info.frames_promised == document["tracking"]["frames"]
    film.close()
    assert not (demo.data / "sessions").exists(), "the demo stays out of the history"


@pytest.mark.slow
def test_every_mistake_is_told_and_what_is_right_is_not(demo: Demo) -> None:
    assert "Mistakes detected: 4 of 4; false corrections: 0" in demo.out.splitlines(), demo.out


@pytest.mark.slow
def test_the_demos_verdicts_are_as_before(demo: Demo) -> None:
    """The tracker's last digits hang on the processor, so figures may differ by a hundredth of themselves."""
    frame_s = 1 / demo.document["tracking"]["fps"]
    assert differences(load("demo"), verdicts_of(demo.document), frame_s, share=0.01) == []


@pytest.mark.slow
@pytest.mark.skipif(not SEALS.can_watch, reason="strace is not here, or may not trace")
def test_the_demo_opens_no_internet_socket(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    """A short one with the real tracker, in a process of its own, without a network where that is possible here."""
    trace = tmp_path / "trace"
    command = [*SEALS.offline, *SEALS.watched(trace), sys.executable, "-c", SHORT_DEMO, "demo", "--step", "lips"]
    ran = subprocess.run(command, cwd=tmp_path, env=no_terminal, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / FOLDER / "annotated.mp4").stat().st_size > 0
    assert internet_calls(trace) == []


@pytest.mark.slow
@pytest.mark.usefixtures("recorded_tracking")
def test_a_routine_of_ones_own(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_script, "STEPS_S", (4.0,))
    monkeypatch.setattr(demo_script, "FILM_FPS", 12.0)
    own = OWN_ROUTINE.replace("seconds = 8", "repetitions = 3")
    assert len(own.splitlines()) <= 15
    Path("mine.toml").write_text(own, encoding="utf-8")
    ran = facetrack(capfd, "demo", "mine.toml", "--headless", "--yes", "--label", "participant=p07", "--record")
    assert ran.code == 0, ran.err
    shown = json.loads((FOLDER / "session.json").read_text(encoding="utf-8"))
    assert shown["routine"]["id"] == "mine"
    assert shown["labels"] == {"participant": "p07"}
    assert [step["id"] for step in shown["steps"]] == ["cheeks"]

    film = _film(demo_script.demo_performance(_shortened(routine_with("mine.toml", []), None, ())))
    ran = facetrack(capfd, "analyze", film, "--routine", "mine.toml", "--json")
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    assert document["routine"]["id"] == "mine"
    assert min(document["steps"][0][side]["strokes"] for side in ("left", "right")) >= 1
    assert not (data_dir() / "sessions").exists()


@pytest.mark.parametrize(
    "options", [["--no-save", "--out", "x"], ["--no-save", "--record"], ["--step", "nose", "--again", "nose"]]
)
def test_options_that_contradict_each_other(options: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert facetrack(capfd, "demo", *options).code == 2
