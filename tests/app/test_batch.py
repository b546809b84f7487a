"""Several recordings: in whatever processes the results are the same, and what is done is not done again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

import facetrack as facetrack_package
from facetrack.app.batch.code_hash import judging_hash
from facetrack.app.batch.job import AnalysisJob, AnalysisResult
from facetrack.app.batch.many import analyse_all
from facetrack.app.shutdown import StopSignal
from facetrack.mannequin import Camera, Scene, Style, perform, render_clip
from facetrack.routine import load_routine
from tests.cli.commands import BLIND, RECORDED, facetrack, started
from tests.clips import copies, write_clip

pytestmark = pytest.mark.usefixtures("nobody_is_enough")

SIZE = (160, 120)
CHANGES = ("id", "started_at")
"""Of a session, from one analysis to the next."""


def of_all(ran_out: str) -> list[dict[str, Any]]:
    return [{k: v for k, v in json.loads(line).items() if k not in CHANGES} for line in ran_out.splitlines()]


@pytest.fixture(scope="module")
def massages() -> list[Path]:
    """Two short recordings with a face and hands."""
    scene = Scene(camera=Camera(size_wh=(320, 240)))
    clips = []
    for number in range(2):
        style = Style(order="together", seed=number, tempo=2.0)
        performance = perform(load_routine("fascia").step("lips"), (), style, neutral_s=0.2, repetitions=1)
        clips.append(render_clip(performance, scene, fps=12.0, codec="MJPG"))
    return clips


@pytest.mark.slow
@pytest.mark.usefixtures("recorded_tracking")
def test_results_do_not_depend_on_the_number_of_workers(
    massages: list[Path], tmp_path: Path, capfd: pytest.CaptureFixture[str], no_terminal: dict[str, str]
) -> None:
    """One process, this one, and then two; what they saw of the same pictures is remembered."""
    wanted = ("--routine", "fascia", "--step", "lips", "--json", "--out")
    made: dict[int, list[dict[str, Any]]] = {}
    ran = facetrack(capfd, "analyze", *massages, "--workers", "1", *wanted, tmp_path / "1")
    assert (ran.code, ran.err) == (0, "")
    made[1] = of_all(ran.out)
    process = started("analyze", *massages, "--workers", "2", *wanted, tmp_path / "2", env=no_terminal, program=RECORDED)
    printed, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    made[2] = of_all(printed)
    assert made[1] == made[2]
    assert [one["source"]["name"] for one in made[1]] == [clip.name for clip in massages]
    assert made[1][0]["tracking"]["left_seen"] > 0.3
    for name in ("frames.jsonl", "strokes.csv"):
        texts = [(tmp_path / str(place) / massages[0].stem / name).read_text().splitlines()[1:] for place in (1, 2)]
        if name == "strokes.csv":
            texts = [[line.split(",", 1)[1] for line in text] for text in texts]
        assert texts[0] == texts[1]


@pytest.mark.usefixtures("recorded_tracking")
def test_what_was_analysed_before_is_taken_from_there(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip, out = write_clip(tmp_path / "clip.mp4", frames=5, size_wh=SIZE), tmp_path / "out"
    first = facetrack(capfd, "analyze", clip, "--json", "--out", out)
    assert first.err == ""
    again = facetrack(capfd, "analyze", clip, "--json", "--out", out)
    assert "analysed before" in again.said
    assert (again.code, again.out) == (0, first.out)


@pytest.mark.usefixtures("recorded_tracking")
@pytest.mark.parametrize(
    "change",
    [
        lambda clip, _out: write_clip(clip, frames=6, size_wh=SIZE),
        lambda _clip, _out: ["--label", "participant=p2"],
        lambda _clip, _out: ["--routine", "fascia"],
        lambda _clip, _out: ["--routine", "fascia", "--step", "neck"],
        lambda _clip, _out: ["--input-mirrored"],
        lambda _clip, _out: ["--no-cache"],
        lambda _clip, out: (out / "session.json").unlink(),
        lambda _clip, out: (out / "analysis.json").write_text("{"),
    ],
    ids=["content", "label", "routine", "step", "mirrored", "no cache", "no session", "no note"],
)
def test_whatever_is_other_is_analysed_anew(
    change: Callable[[Path, Path], Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    clip, out = write_clip(tmp_path / "clip.mp4", frames=5, size_wh=SIZE), tmp_path / "out"
    first = json.loads(facetrack(capfd, "analyze", clip, "--json", "--out", out).out)
    options = change(clip, out)
    ran = facetrack(capfd, "analyze", clip, "--json", "--out", out, *(options if isinstance(options, list) else []))
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["id"] != first["id"]


@pytest.mark.usefixtures("installed_code", "recorded_tracking")
def test_what_other_rules_have_judged_is_analysed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    clip, out = write_clip(tmp_path / "clip.mp4", frames=5, size_wh=SIZE), tmp_path / "out"
    first = json.loads(facetrack(capfd, "analyze", clip, "--json", "--out", out).out)
    package = tmp_path / "facetrack"
    shutil.copytree(Path(facetrack_package.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    rules = package / "coach" / "coach.py"
    assert judges_otherwise(package, monkeypatch) is False, "the same code elsewhere"
    rules.write_text(rules.read_text(encoding="utf-8") + "\n# A remark.\n", encoding="utf-8")
    assert judges_otherwise(package, monkeypatch) is False, "a remark is no rule"
    rules.write_text(rules.read_text(encoding="utf-8") + "\nANOTHER_RULE = 1\n", encoding="utf-8")
    assert judges_otherwise(package, monkeypatch) is True
    ran = facetrack(capfd, "analyze", clip, "--json", "--out", out)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["id"] != first["id"]


def judges_otherwise(package: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the code in that package is other than what is installed; from then on it decides."""
    before = judging_hash()
    monkeypatch.setattr(facetrack_package, "__file__", str(package / "__init__.py"))
    judging_hash.cache_clear()
    return judging_hash() != before


@pytest.fixture
def installed_code() -> Iterator[None]:
    """Afterwards the code that is installed decides again."""
    yield
    judging_hash.cache_clear()


@pytest.mark.usefixtures("recorded_tracking")
def test_what_was_cut_off_or_interrupted_is_analysed_anew_and_the_rest_is_kept(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    clips = [write_clip(tmp_path / f"{name}.mp4", frames=5, size_wh=SIZE) for name in "ab"]
    out = tmp_path / "out"
    first = facetrack(capfd, "analyze", *clips, "--workers", "1", "--json", "--out", out)
    partial = out / "b" / "session.json"
    partial.write_text(json.dumps(json.loads(partial.read_text()) | {"complete": False}))
    ran = facetrack(capfd, "analyze", *clips, "--workers", "1", "--json", "--out", out)
    assert "1 of 2 recordings were analysed before" in ran.said
    ids = [[json.loads(line)["id"] for line in text.splitlines()] for text in (first.out, ran.out)]
    assert ids[0][0] == ids[1][0]
    assert ids[0][1] != ids[1][1]
    assert json.loads(partial.read_text())["complete"] is True


def jobs(folder: Path, count: int, frames: int) -> list[AnalysisJob]:
    clips = [write_clip(folder / f"{n}.avi", frames=frames, codec="MJPG", size_wh=SIZE) for n in range(count)]
    return [AnalysisJob(clip, "japanese", alone=False) for clip in clips]


def test_a_worker_that_is_killed_costs_its_recording_only(tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_the_first(number: int, share: float) -> None:
        if number == 0 and share < 1.0 and not killed:
            victim = min(active_children(), key=lambda process: process.pid or 0)
            victim.kill()
            killed.append(number)

    results = list(analyse_all(jobs(tmp_path, 3, frames=10), 2, StopSignal(), kill_the_first))
    assert killed == [0]
    assert [result.document is not None for result in results] == [False, True, True]
    assert results[0].message is not None
    assert "was killed" in results[0].message
    assert results[2].document is not None
    assert not active_children()


def test_an_interruption_ends_all_workers_whatever_they_are_at(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    clips = copies(write_clip(tmp_path / "a.mp4", frames=600, size_wh=SIZE), "bcd")
    process = started("analyze", *clips, "--workers", "3", "--json", env=no_terminal)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        process.kill()
        pytest.skip("this system does not tell a process's children")
    workers: list[int] = []
    pause = threading.Event()
    while len(workers) < 3 and process.poll() is None:
        pause.wait(0.01)
        workers = [pid for pid in map(int, children.read_text().split()) if _works(pid)]
    process.send_signal(signal.SIGINT)
    printed, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert len(printed.splitlines()) <= 3
    assert not [pid for pid in workers if _alive(pid)]


def _works(pid: int) -> bool:
    """Not what Python has beside its workers, to clear up after them: that ends when it sees that all have gone."""
    try:
        return "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo terminal")
def test_progress_is_shown_to_a_terminal_and_stdout_stays_clean(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    import pty

    clips = [write_clip(tmp_path / f"{name}.mp4", frames=12, size_wh=SIZE) for name in "ab"]
    ours, theirs = pty.openpty()
    command = [sys.executable, *BLIND, "analyze", *map(str, clips), "--workers", "1", "--json"]
    process = subprocess.Popen(command, env=no_terminal | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs, text=True)
    shown = b""

    def read() -> None:
        nonlocal shown
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # the other end was closed
            return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    printed, _ = process.communicate(timeout=60)
    os.close(theirs)
    reader.join(5.0)
    assert b"Analysing, 0 of 2 done " in shown
    bar, _, after = shown.rpartition(b"\x1b[1A\x1b[2K")
    assert bar, "the bar was not wiped"
    assert all(line.startswith(b"facetrack: ") for line in after.splitlines()), "what is said of them stays in its place"
    assert [json.loads(line)["source"]["name"] for line in printed.splitlines()] == ["a.mp4", "b.mp4"]


def test_results_can_travel_between_processes() -> None:
    import pickle

    analysed = AnalysisResult(Path("a.mp4"), None, {"x": None}, 3, "cut off")
    assert pickle.loads(pickle.dumps(analysed)) == analysed
