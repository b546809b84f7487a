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

from tests.cli.commands import BLIND, WHOLE, started
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
    clip, out = write_clip(tmp_path / "clip.mp4", frames=500, size_wh=(160, 120)), tmp_path / "out"
    arguments = [*RUN, str(clip), "--out", str(out)]
    process, terminal = _in_a_terminal([sys.executable, *BLIND, *arguments], no_terminal)
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


def _unbuffered(environment: dict[str, str], wanted: str) -> dict[str, str]:
    """Return the environment with PYTHONUNBUFFERED as wanted; "" is without."""
    return {name: value for name, value in environment.items() if name != "PYTHONUNBUFFERED"} | (
        {"PYTHONUNBUFFERED": wanted} if wanted else {}
    )


def _clip(folder: Path) -> Path:
    return write_clip(folder / "clip.mp4", frames=5, size_wh=(320, 240))


def _complete(folder: Path) -> bool:
    complete: bool = json.loads((folder / "session.json").read_text(encoding="utf-8"))["complete"]
    return complete


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_session_whose_output_nobody_reads_is_kept(tmp_path: Path, no_terminal: dict[str, str], unbuffered: str) -> None:
    out, environment = tmp_path / "out", _unbuffered(no_terminal, unbuffered)
    arguments = [*RUN, _clip(tmp_path), "--out", out]
    process = started(*arguments, env=environment, program=BLIND if unbuffered else WHOLE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    assert process.wait(60) == 1
    assert _complete(out)


@pytest.mark.parametrize("redirection", ["2>&-", "<&- >&- 2>&-"])
def test_a_session_without_standard_streams_is_kept(tmp_path: Path, no_terminal: dict[str, str], redirection: str) -> None:
    out = tmp_path / "out"
    words = [sys.executable, "-m", "facetrack", *RUN, str(_clip(tmp_path)), "--out", str(out)]
    shell = ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *words]
    ran = subprocess.run(shell, env=no_terminal, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1  # nobody is in it
    assert _complete(out)
    lines = (out / "frames.jsonl").read_text(encoding="utf-8").splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)  # nothing meant for a terminal is in it
    assert "facetrack: " not in ran.stdout  # lines for the user are none of the results


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_session_whose_output_fills_the_disk_is_kept(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    out = tmp_path / "out"
    with Path("/dev/full").open("w") as full:
        arguments = [*RUN, _clip(tmp_path), "--out", out]
        process = started(*arguments, env=_unbuffered(no_terminal, ""), program=BLIND, stdout=full, stderr=full)
        assert process.wait(60) == 1
    assert _complete(out)


def test_recordings_are_analysed_and_kept_though_nobody_reads(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    first, second, out = _clip(tmp_path), tmp_path / "second.mp4", tmp_path / "out"
    second.write_bytes(first.read_bytes())
    process = started("analyze", first, second, "--out", out, "--workers", "2", env=_unbuffered(no_terminal, ""))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stderr.close()
    assert process.wait(60) == 1
    assert _complete(out / "clip")
    assert _complete(out / "second")
