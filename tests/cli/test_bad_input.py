"""Inputs and outputs that fail: one line, the right exit code, and what was recorded is kept and readable."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import BLIND, facetrack, started
from tests.clips import copies, cut, write_clip

pytestmark = pytest.mark.usefixtures("nobody_is_enough")

SIZE = (320, 240)


def _session(folder: Path) -> dict:
    return json.loads((folder / "session.json").read_text(encoding="utf-8"))


def _text(path: Path) -> None:
    path.write_text("This is a shopping list.\n" * 100)


def _no_frames(path: Path) -> None:
    write_clip(path, frames=0)


def _without_its_index(path: Path) -> None:
    cut(write_clip(path), 0.5)


NO_VIDEOS = {
    "empty": (Path.touch, 1),
    "text": (_text, 1),
    "no frames": (_no_frames, 1),
    "folder": (Path.mkdir, 1),
    "absent": (lambda _: None, 1),
}


@pytest.mark.parametrize(("make", "code"), NO_VIDEOS.values(), ids=NO_VIDEOS)
@pytest.mark.parametrize("command", [["analyze"], ["run", "--headless", "--yes", "--video"]], ids=lambda c: c[0])
def test_no_video(make, code: int, command: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "clip.mp4", tmp_path / "out"
    make(path)
    ran = facetrack(capfd, *command, path, "--out", out)
    assert ran.code == code
    assert "clip.mp4" in ran.said
    assert ran.out == ""
    assert not out.exists(), "nothing is left behind for a video that is none"


@pytest.mark.usefixtures("recorded_tracking")
def test_a_recording_of_which_nothing_can_be_read_is_partial(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A script gets its one object a video, and an earlier analysis does not stay to be taken for this one's."""
    path, out = tmp_path / "clip.mp4", tmp_path / "out"
    write_clip(path, frames=5, size_wh=SIZE)
    assert facetrack(capfd, "analyze", path, "--out", out).code == 0
    _without_its_index(path)
    ran = facetrack(capfd, "analyze", path, "--json", "--save", "--out", out)
    assert ran.code == 3
    assert "index" in ran.said
    document = json.loads(ran.out)
    assert (document["complete"], document["tracking"]["frames"], document["steps"]) == (False, 0, [])
    assert document["tracking"]["face_seen"] is None
    assert _session(out) == document
    assert facetrack(capfd, "run", "--headless", "--yes", "--video", path, "--out", tmp_path / "live").code == 3
    assert not (tmp_path / "live").exists()
    assert json.loads(facetrack(capfd, "sessions", "list", "--json").out) == []


@pytest.mark.usefixtures("recorded_tracking")
def test_a_cut_off_video_is_judged_as_far_as_it_goes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = cut(write_clip(tmp_path / "clip.avi", frames=30, codec="MJPG", size_wh=SIZE), 0.5)
    ran = facetrack(capfd, "analyze", path, "--json", "--out", tmp_path / "out")
    assert ran.code == 3
    assert "cut off or damaged" in ran.said
    document = json.loads(ran.out)
    assert document["complete"] is False
    assert 0 < document["tracking"]["frames"] < 30
    assert _session(tmp_path / "out") == document


@pytest.mark.usefixtures("recorded_tracking")
def test_the_others_are_judged_and_the_worst_code_wins(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = write_clip(tmp_path / "good.mp4", frames=5, size_wh=SIZE)
    short = cut(write_clip(tmp_path / "short.avi", frames=30, codec="MJPG", size_wh=SIZE), 0.5)
    ran = facetrack(
        capfd, "analyze", "--workers", "1", short, tmp_path / "absent.mp4", good, "--json", "--out", tmp_path / "out"
    )
    assert ran.code == 1
    names = [json.loads(line)["source"]["name"] for line in ran.out.splitlines()]
    assert names == ["short.avi", "good.mp4"]
    assert _session(tmp_path / "out" / "good")["complete"] is True
    assert _session(tmp_path / "out" / "short")["complete"] is False
    assert ran.err.count("\n") == 2


@pytest.mark.parametrize("where", ["under a file", "in proc"])
def test_an_output_folder_that_cant_be_written(where: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames=5, size_wh=SIZE)
    (tmp_path / "file").touch()
    out = tmp_path / "file" / "out" if where == "under a file" else Path("/proc/facetrack")
    for command in (["analyze", clip], ["run", "--headless", "--video", clip]):
        ran = facetrack(capfd, *command, "--out", out)
        assert ran.code == 1
        assert str(out) in ran.said
        assert "--out" in ran.said


@pytest.mark.usefixtures("recorded_tracking")
def test_run_does_not_overwrite_a_session(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames=5, size_wh=SIZE)
    assert facetrack(capfd, "run", "--headless", "--video", clip, "--out", tmp_path / "out").code == 0
    before = _session(tmp_path / "out")
    assert facetrack(capfd, "run", "--headless", "--video", clip, "--out", tmp_path / "out").code == 2
    assert _session(tmp_path / "out") == before


@pytest.mark.parametrize("stop_by", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_in_the_middle(stop_by: signal.Signals, tmp_path: Path, no_terminal: dict[str, str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames=500, size_wh=SIZE)
    out = tmp_path / "out"
    process = started("run", "--headless", "--video", clip, "--out", out, env=no_terminal, program=BLIND)
    assert process.stderr is not None
    assert "started in" in process.stderr.readline()
    _wait_for_frames(out / "frames.jsonl", 10, process)
    process.send_signal(stop_by)
    process.send_signal(signal.SIGINT)  # impatience does no harm
    printed, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert err == "facetrack: Interrupted. What was recorded so far is saved.\n"
    assert f"Saved to {out}\nIts report: facetrack report --open {out}\n" in printed
    document = _session(out)
    assert document["complete"] is False
    assert 9 <= document["tracking"]["frames"] < 500


def test_interrupted_while_several_are_judged(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    clips = copies(write_clip(tmp_path / "a.mp4", frames=500, size_wh=SIZE), "bc")
    out = tmp_path / "out"
    process = started("analyze", *clips, "--workers", "2", "--json", "--out", out, env=no_terminal, start_new_session=True)
    for name in "ab":
        _wait_for_frames(out / name / "frames.jsonl", 10, process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the parent and its workers
    printed, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert [json.loads(line)["complete"] for line in printed.splitlines()] == [False, False]
    assert not (out / "c").exists()


def _wait_for_frames(journal: Path, lines: int, process: subprocess.Popen[str]) -> None:
    """Until the journal has that many lines: there is no event to wait for in another process."""
    for _ in range(2000):
        if journal.exists() and journal.read_bytes().count(b"\n") >= lines:
            return
        try:
            process.wait(0.02)
        except subprocess.TimeoutExpired:
            continue
        break
    pytest.fail(f"no frames came: {process.stderr.read() if process.stderr else ''}")


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not _can_mount(), reason="no namespace to mount a small disk in")
def test_a_disk_that_fills_up_keeps_what_was_recorded(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames=600, size_wh=SIZE)
    disk = tmp_path / "disk"
    disk.mkdir()
    journal = disk / "out" / "frames.jsonl"
    script = f"""mount -t tmpfs -o size=256k tmpfs {disk} || exit 99
        "$@" &
        while kill -0 $! && [ "$(cat {journal} 2>/dev/null | wc -l)" -lt 25 ]; do sleep 0.02; done
        head -c 256k /dev/zero > {disk}/rest 2>/dev/null
        wait $!; code=$?; wc -l < {journal}; exit $code"""
    small = ("unshare", "-rm", "sh", "-c", script, "sh")
    process = started("analyze", clip, "--out", disk / "out", env=no_terminal, wrapper=small, program=BLIND)
    printed, err = process.communicate(timeout=60)
    if process.returncode == 99:
        pytest.skip("no tmpfs can be mounted here")
    assert process.returncode == 1, err
    assert "disk is full" in err
    assert "Traceback" not in err
    assert int(printed.splitlines()[-1]) > 20
    assert "600 frames" in printed, "judging went on to the end"
