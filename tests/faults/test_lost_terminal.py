"""The terminal is closed in the middle: the session is saved. Whoever reads our output goes away: quietly."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.cli.commands import started
from tests.clips import write_clip

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals as POSIX has them")
SLOW = 8.0
RUN = ["run", "fascia", "--headless", "--yes", "--no-voice", "--video"]


def _in_a_terminal(command: list[str], env: dict[str, str]) -> tuple["subprocess.Popen[bytes]", int]:
    """The process, and the terminal's other end."""
    ours, its = os.openpty()

    def own_terminal() -> None:
        os.setsid()
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # it may be ignored here, as nohup has it
        fcntl.ioctl(its, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(command, env=env, stdin=its, stdout=its, stderr=its, preexec_fn=own_terminal)
    os.close(its)
    return process, ours


def test_a_terminal_that_is_closed(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    clip, out = write_clip(tmp_path / "clip.mp4", frames=1500, size_wh=(160, 120)), tmp_path / "out"
    arguments = [*RUN, str(clip), "--out", str(out)]
    process, terminal = _in_a_terminal([sys.executable, "-m", "facetrack", *arguments], no_terminal)
    try:
        _wait_for_frames(out / "frames.jsonl", process)
        closed_s = time.monotonic()
        os.close(terminal)
        assert process.wait(30) == 130
        assert time.monotonic() - closed_s < SLOW
    finally:
        process.kill()
        process.wait()
    document = json.loads((out / "session.json").read_text(encoding="utf-8"))
    journal = (out / "frames.jsonl").read_text(encoding="utf-8")
    assert document["complete"] is False
    assert document["tracking"]["frames"] == journal.count('"p":')


def _wait_for_frames(journal: Path, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(2000):
        if journal.exists() and journal.read_bytes().count(b"\n") >= 10:
            return
        assert process.poll() is None
        time.sleep(0.02)
    pytest.fail("no frames came")


def test_a_session_whose_output_nobody_reads_is_kept(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    clip, out = write_clip(tmp_path / "clip.mp4", frames=20, size_wh=(320, 240)), tmp_path / "out"
    process = started("run", "--headless", "--yes", "--no-voice", "--video", clip, "--out", out, env=no_terminal)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    assert process.wait(30) == 1
    assert json.loads((out / "session.json").read_text(encoding="utf-8"))["complete"] is True
