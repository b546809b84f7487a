"""No process of ours takes code from the current folder, names are no trouble, and closed descriptors stay closed to files."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import facetrack as package
from facetrack.session.folder import JOURNAL_NAME
from facetrack.system.processes import how_it_ended, leave_out_current_folder, python_module
from tests.cli.commands import facetrack
from tests.clips import write_clip

SOURCE = Path(package.__file__).parent
NOBODY = 1
"""Exit code for recordings in which nobody can be judged, as they are here."""
STARTERS = {"subprocess.Popen", "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output"}
SYSTEMS_OWN = {
    "cues/metronome.py": "the sound server's player",
    "cues/tones.py": "the sound server's player",
    "cues/voices.py": "a voice",
    "cues/speaker.py": "a voice",
}
"""Files that start programs of the system, whose folders the command line has made absolute."""


def _files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def _starts(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in STARTERS]


def test_every_python_that_is_started_leaves_the_current_folder_out() -> None:
    """Here, and not only by the environment: the library is used without the command line, too."""
    for path in _files():
        name = path.relative_to(SOURCE).as_posix()
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        code = ast.unparse(tree) if any(word in text for word in ("system", "spawn", "exec", "popen", "subprocess")) else ""
        assert not any(word in code for word in ("os.system(", "os.spawn", "os.exec", "os.popen(")), name
        if "subprocess" in text and _starts(tree) and name not in SYSTEMS_OWN:
            assert "python_module(" in code, f"{name} starts a process without python_module"
        if name != "system/processes.py":
            assert "[sys.executable" not in code, f"{name}: use python_module"
    assert python_module("this")[1:] == ["-P", "-m", "this"]


POISONED = (
    "random",
    "numpy",
    "cv2",
    "json",
    "multiprocessing",
    "pip",
    "ctypes",
    "typer",
    "mediapipe",
    "sitecustomize",
    "facetrack",
)


@pytest.fixture
def poisoned(tmp_path: Path) -> Path:
    """A folder in which every module and program is somebody else's, who writes down that it was run."""
    folder = tmp_path / "poisoned"
    folder.mkdir()
    for name in POISONED:
        (folder / f"{name}.py").write_text(
            f"open({str(folder / 'ran')!r}, 'a').write({name!r}); raise RuntimeError('not ours')"
        )
    for name in ("espeak-ng", "espeak", "spd-say", "paplay", "aplay"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {name} >> '{folder}/ran'\n")
        program.chmod(0o755)
    return folder


CHILDREN = """
from facetrack.system.processes import leave_out_current_folder
leave_out_current_folder()
import subprocess, sys
from facetrack.cues.speaking_process import SpeakingProcess
from facetrack.demonstration.background_renderer import BackgroundRenderer
from facetrack.overlay.window.window import Window
SpeakingProcess("en").close()
window = Window(); window._process.stdin.close(); assert window._process.wait(30) == 0, "it ends with its stdin"
renderer = BackgroundRenderer("fascia", ["no-such-step"]); assert renderer._process.wait(30) == 1
"""


def test_nothing_in_the_current_folder_is_run(poisoned: Path, no_terminal: dict[str, str]) -> None:
    clips = [write_clip(poisoned / f"{name}.avi", frames=3, codec="MJPG") for name in ("one", "two")]
    script = Path(sys.executable).with_name("facetrack")
    env = no_terminal | {"PATH": f".:{os.environ['PATH']}:"}
    command = [script, "analyze", *clips, "--workers", "2"]
    ran = subprocess.run(command, cwd=poisoned, env=env, capture_output=True, text=True, timeout=120)
    assert (ran.returncode, ran.stdout.count("3 frames")) == (NOBODY, 2), ran.stderr
    ran = subprocess.run(
        [sys.executable, "-P", "-c", CHILDREN], cwd=poisoned, env=env, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert not (poisoned / "ran").exists(), (poisoned / "ran").read_text()


@pytest.mark.skipif(os.name != "posix", reason="only there are names bytes")
def test_names_that_are_no_text(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    """In whatever encoding, on a terminal that knows none of it: judged, kept, listed and deleted."""
    plain = write_clip(tmp_path / "plain.mp4", frames=4)
    clips = [tmp_path / os.fsdecode(name) for name in (b"caf\xe9.mp4", "顔.mp4".encode(), b"\xff" * 200 + b".mp4")]
    for clip in clips:
        clip.write_bytes(plain.read_bytes())
    env = no_terminal | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "cp1252"}
    env |= {"FACETRACK_DATA_DIR": str(tmp_path / os.fsdecode(b"dat\xe9"))}

    def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        ours = [sys.executable, "-P", "-m", "facetrack", *arguments]
        return subprocess.run(ours, env=env, capture_output=True, text=True, errors="replace", timeout=120)

    ran = run("analyze", *clips, "--workers", "2", "--save", "--label", os.fsdecode(b"who=caf\xe9"))
    assert (ran.returncode, ran.stdout.count("4 frames")) == (NOBODY, 3), ran.stderr
    listed = run("sessions", "list")
    assert (listed.returncode, listed.stdout.count("japanese")) == (0, 3), listed.stderr
    out = tmp_path / os.fsdecode(b"o\xe9")
    shown = run("run", "--video", clips[0], "--headless", "--record", "--no-voice", "--out", out)
    assert shown.returncode == NOBODY, shown.stderr
    assert (out / "annotated.mp4").stat().st_size > 1000
    deleted = run("sessions", "delete", "last", "--yes")
    assert (deleted.returncode, (out / "session.json").exists()) == (0, False), deleted.stdout


@pytest.mark.usefixtures("recorded_tracking")
def test_a_name_that_is_too_long_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames=3)
    ran = facetrack(capfd, "analyze", "x" * 300 + ".mp4", clip, "--workers", "1")
    assert ran.code == NOBODY
    assert sum("can't be read" in line for line in ran.err.splitlines()) == 1, ran.err
    assert "3 frames" in ran.out, "the others are judged"


@pytest.mark.skipif(os.name != "posix", reason="a shell closes descriptors")
def test_closed_descriptors_are_no_files_of_ours(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    """Else what libraries write to a terminal goes into the journal. In one process: tests/faults/test_lost_terminal.py."""
    clips = [str(write_clip(tmp_path / f"{name}.mp4", frames=4)) for name in ("one", "two")]
    script = 'exec "$@" <&- >&- 2>&-'
    command = [sys.executable, "-P", "-m", "facetrack", "analyze", *clips, "--workers", "2", "--out", str(tmp_path / "out")]
    assert subprocess.run(["sh", "-c", script, "sh", *command], env=no_terminal, timeout=120).returncode == NOBODY
    journals = list((tmp_path / "out").rglob(JOURNAL_NAME))
    assert len(journals) == 2
    for journal in journals:
        assert all(
            line.startswith((b'{"t":', b'{"facetrack_journal"', b'{"end"')) for line in journal.read_bytes().splitlines()
        )


def test_lists_of_folders_lose_the_current_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), "", *sys.path])
    for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "PYTHONSAFEPATH", "NODEFAULTCURRENTDIRECTORYINEXEPATH"):
        monkeypatch.setenv(name, os.pathsep.join(["", ".", "/x", ""]))
    leave_out_current_folder()
    assert not {str(tmp_path), ""} & set(sys.path)
    assert os.environ["PATH"] == os.environ["PYTHONPATH"] == os.environ["LD_LIBRARY_PATH"] == "/x"
    assert os.environ["PYTHONSAFEPATH"] == "1"


def test_a_process_that_was_ended_is_explained() -> None:
    assert "SIGSEGV" in how_it_ended(-11)
    assert "memory" in how_it_ended(-9)
    assert "status 3" in how_it_ended(3)


@pytest.mark.skipif(os.name != "posix", reason="there a crash has no signal")
def test_a_crash_in_a_library_is_not_without_a_word(no_terminal: dict[str, str]) -> None:
    code = "import sys; sys.argv = ['facetrack', '--version']\nfrom facetrack.cli import entry\n"
    code += "import os, signal\nfrom facetrack.tracking.mediapipe.log_filter import native_logs_filtered\n"
    code += "def crash(*_):\n with native_logs_filtered(): os.kill(os.getpid(), signal.SIGSEGV)\n"
    code += "entry._run = crash\nentry.main()"
    ran = subprocess.run([sys.executable, "-P", "-c", code], env=no_terminal, capture_output=True, text=True, timeout=60)
    assert "Segmentation fault" in ran.stderr
