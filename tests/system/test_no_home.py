"""A user without a home folder, as in containers and services: only what needs one of facetrack's folders asks for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from facetrack.system import paths
from tests.cli.commands import facetrack

FOLDERS = ("FACETRACK_DATA_DIR", "FACETRACK_CACHE_DIR", "FACETRACK_MODELS_DIR")
NEEDED = [["sessions", "list"], ["sessions", "export"], ["report"], ["models", "status"], ["run", "--yes", "--headless"]]
NOT_NEEDED = [["--help"], ["routines", "list"], ["routines", "show", "fascia"], ["cameras"], ["doctor"]]


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither HOME nor an entry for this user in the system's list: the home folder can't be determined."""
    for variable in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CACHE_HOME", *FOLDERS):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)


@pytest.mark.usefixtures("no_home")
def test_the_error_names_the_variable_that_helps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in (paths.data_dir, paths.models_dir, paths.cache_dir):
        with pytest.raises(paths.NoHomeError, match="FACETRACK_DATA_DIR=FOLDER") as error:
            folder()
        assert "\n" not in str(error.value)
    monkeypatch.setenv("FACETRACK_DATA_DIR", str(tmp_path))
    assert (paths.data_dir(), paths.models_dir(), paths.cache_dir()) == (tmp_path, tmp_path / "models", tmp_path / "cache")


needs_another_user = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and os.geteuid() == 0 and os.access("/usr/bin/setpriv", os.X_OK)),
    reason="only root can be a user that the system does not know",
)


def _as_nobody_known(*arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if name not in ("HOME", *FOLDERS)}
    started = ["setpriv", "--reuid=12345", "--clear-groups", sys.executable, *arguments]
    return subprocess.run(started, env=env, cwd="/", capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.usefixtures("no_home")
@pytest.mark.parametrize("command", NEEDED, ids=" ".join)
def test_what_needs_a_folder_says_so_in_one_line(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, *command)
    assert ran.code == 1
    assert "FACETRACK_DATA_DIR" in ran.said


@pytest.mark.usefixtures("no_home")
@pytest.mark.parametrize("command", NOT_NEEDED, ids=" ".join)
def test_what_needs_none_works(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    ran = facetrack(capsys, *command)
    assert ran.code == 0, ran.err


@needs_another_user
@pytest.mark.parametrize(("command", "code"), [(NEEDED[-1], 1), (NOT_NEEDED[-1], 0)], ids=["needed", "not needed"])
def test_a_user_that_the_system_does_not_know(command: list[str], code: int) -> None:
    if _as_nobody_known("-c", "import facetrack").returncode != 0:
        pytest.skip("the other user can't run this interpreter, or read this installation")
    ran = _as_nobody_known("-m", "facetrack", *command)
    assert ran.returncode == code, ran.stderr
    assert ("FACETRACK_DATA_DIR" in ran.stderr) == (code == 1)
    assert ran.stderr.count("\n") <= 1
    assert "Traceback" not in ran.stderr + ran.stdout
