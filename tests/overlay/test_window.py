"""A real window on a display that nobody sees."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from facetrack.overlay import display_missing
from tests.cli.commands import started
from tests.clips import write_clip

needs_xvfb = pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb or xdotool is not here")


@pytest.mark.parametrize("display", ["", ":987", "unix:987.0"])
def test_no_display_is_known_before_anything_opens(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    missing = display_missing()
    assert missing is not None
    assert "display" in missing


@contextlib.contextmanager
def _display() -> Iterator[str]:
    """An X server of our own on a free number."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


@needs_xvfb
def test_q_in_the_window_ends_the_session_whole_and_quietly(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    clip = write_clip(tmp_path / "clip.mp4", frames=1500, size_wh=(320, 240))
    with _display() as display:
        env = {**no_terminal, "DISPLAY": display}
        process = started("run", "--video", clip, "--no-voice", "--out", tmp_path / "out", env=env)
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^facetrack$"]
        window = subprocess.run(search, env=env, capture_output=True, text=True, timeout=60).stdout.split()[0]
        subprocess.run(["xdotool", "windowfocus", window], env=env, capture_output=True, check=False)
        subprocess.run(["xdotool", "key", "--window", window, "q"], env=env, check=True)
        printed, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "Partial" not in printed
    assert err.count("\n") == 1, f"only that the session started, no warnings of Qt: {err}"
    assert (tmp_path / "out" / "session.json").exists()
