"""What the command line says when it is called wrongly or something breaks."""

import atexit
import os
import subprocess
import sys
from pathlib import Path

import pytest

from facetrack.cli import main
from facetrack.cli.commands import run as run_command
from tests.cli.commands import facetrack, started


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], "No such command 'nope'"),
        (["run", "--nope"], "No such option"),
        (["run", "nope", "--video", "x.mp4"], "nope"),
        (["run", "fascia", "--step", "ears", "--video", "x.mp4"], "no step 'ears'. Its steps: forehead"),
        (["run", "fascia", "--again", "ears", "--video", "x.mp4"], "no step 'ears'"),
        (["run", "--camera", "0", "--video", "x.mp4"], "exclude each other"),
        (["run", "--no-save", "--out", "x"], "--no-save"),
        (["run", "--no-save", "--record"], "--no-save"),
        (["analyze"], "Missing argument"),
        (["analyze", "x.mp4", "--routine", "nope"], "nope"),
        (["analyze", "x.mp4", "--workers", "0"], "workers"),
        (["analyze", "x.mp4", "--label", "participant"], "KEY=VALUE"),
        (["analyze", "x.mp4", "--label", "a=1", "--label", "a=2"], "twice"),
        (["report", "."], "holds no session"),
        (["sessions", "export", "--format", "xml"], "'--format': 'xml' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_and_code_2(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, *arguments)
    assert ran.code == 2
    assert words in ran.said
    assert ran.out == ""


def test_no_camera(capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "run", "--yes", "--headless", "--camera", "63")
    assert ran.code == 1
    assert "Camera 63 can't be opened" in ran.said


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> None:
        raise KeyError("something\nin two lines")

    monkeypatch.setattr(run_command, "_source", explode)


@pytest.mark.usefixtures("broken")
def test_the_unexpected_is_one_line_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "run", "--yes")
    assert ran.code == 1
    assert "KeyError" in ran.said
    assert "--debug" in ran.said


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("arguments", [["--debug", "run", "--yes"], ["run", "--yes", "--debug"]])
def test_debug_shows_the_traceback_wherever_it_stands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, *arguments)
    assert ran.code == 1
    assert "Traceback (most recent call last)" in ran.err


def test_ctrl_c_before_anything_has_begun(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run_command, "_source", interrupt)
    ran = facetrack(capsys, "run", "--yes")
    assert ran.code == 130
    assert ran.err == ""


def test_a_reader_that_leaves_is_no_error(no_terminal: dict[str, str]) -> None:
    process = started("routines", "list", env=no_terminal)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(30) == 1
    assert process.stderr.read() == ""
    process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("buffering", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_a_full_stdout_is_one_line(buffering: dict[str, str], no_terminal: dict[str, str]) -> None:
    """Of a session that is kept all the same: tests/faults/test_lost_terminal.py."""
    env = {name: value for name, value in no_terminal.items() if name != "PYTHONUNBUFFERED"} | buffering
    with Path("/dev/full").open("w") as full:
        process = started("routines", "list", env=env, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith("facetrack: ")
    assert err.count("\n") == 1
    assert "No space left" in err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, "--version")
    assert ran.code == 0
    assert ran.out.startswith("facetrack 0.")


@pytest.mark.usefixtures("handlers")
def test_main_takes_the_processs_own_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["facetrack", "--version"])
    monkeypatch.setattr(atexit, "register", lambda _: None)
    for name in ("stdout", "stderr"):  # which main replaces
        monkeypatch.setattr(sys, name, getattr(sys, name))
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0


def test_help_in_a_terminal_of_its_own_encoding(no_terminal: dict[str, str]) -> None:
    env = {**no_terminal, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    process = subprocess.run([sys.executable, "-m", "facetrack", "routines", "show", "japanese"], env=env, capture_output=True)
    assert process.returncode == 0, process.stderr
    assert os.linesep.encode() in process.stdout


def test_the_script_is_main() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="facetrack")
    assert script.load() is main


def test_without_a_command_a_newcomer_is_greeted(capfd: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capfd)
    assert (ran.code, ran.err) == (0, "")
    for command in ("demo", "doctor", "run", "--help"):
        assert f"facetrack {command} " in ran.out
