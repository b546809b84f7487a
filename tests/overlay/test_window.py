"""A real window on a display that nobody sees: keys are sent to it, and what it shows is looked at."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from facetrack.doctor.environment_checks import display_check
from facetrack.overlay import display_missing
from facetrack.overlay.window.screen_size import FALLBACK_WH, large_size, screen_size
from tests.cli.commands import BLIND, WHOLE, started
from tests.clips import write_clip

needs_xvfb = pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb or xdotool is not here")
NOBODY = 1
"""Exit code of a recording that shows nobody, as these do."""
PATIENCE_S = 60.0
SCREEN = "1506x848x24"
"""In which the window, which leaves some room, shows pictures of 1280x720 as they are."""


@pytest.mark.parametrize("display", ["", ":987", "unix:987.0"])
def test_no_display_is_known_before_anything_opens(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    missing = display_missing()
    assert missing is not None
    assert "display" in missing


def test_wayland_alone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "Wayland without XWayland" in (display_missing() or "")
    check = display_check()
    assert "xwayland" in check.advice
    assert "from the desktop" not in check.advice


@contextlib.contextmanager
def _server(frames: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """An X server of our own on a free number; what it shows is in ``frames``/Xvfb_screen0."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp", "-fbdir", str(frames)],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}", server
    finally:
        server.send_signal(signal.SIGCONT)
        server.terminate()
        server.wait(10)


def _display_shows(frames: Path) -> np.ndarray:
    """BGR, from an XWD file (its header's size, then the colour map's, then 32 bits a pixel)."""
    raw = (frames / "Xvfb_screen0").read_bytes()
    header = np.frombuffer(raw[:100], ">u4")
    width, height, line, colours = (int(header[at]) for at in (4, 5, 12, 19))
    start = int(header[0]) + 12 * colours
    return np.frombuffer(raw[start : start + line * height], np.uint8).reshape(height, line // 4, 4)[:, :width, :3]


class Shown:
    """A facetrack in a window: keys go in, pictures come out."""

    def __init__(
        self,
        display: str,
        server: "subprocess.Popen[bytes]",
        frames: Path,
        env: dict[str, str],
        *arguments: str | Path,
        program: tuple[str, ...] = BLIND,
    ) -> None:
        self.server = server
        self.env = {**env, "DISPLAY": display}
        self.frames = frames
        self.process = started(*arguments, env=self.env, program=program)
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^facetrack$"]
        found = subprocess.run(search, env=self.env, capture_output=True, text=True, timeout=PATIENCE_S)
        self.window = found.stdout.split()[0]
        subprocess.run(["xdotool", "windowfocus", self.window], env=self.env, capture_output=True, check=False)

    def key(self, name: str) -> None:
        subprocess.run(["xdotool", "key", "--window", self.window, name], env=self.env, check=True)

    def picture(self) -> np.ndarray:
        return _display_shows(self.frames)

    def wait_for(self, look, what: str) -> np.ndarray:
        limit = time.monotonic() + PATIENCE_S
        while True:
            picture = self.picture()
            if look(picture):
                return picture
            assert time.monotonic() < limit, what
            ended = self.process.poll() is not None
            assert not ended, f"{what}: ended with {self.process.returncode}: {self.end()}; white {(picture > 250).sum()}"
            threading.Event().wait(0.05)

    def end(self) -> tuple[str, str]:
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return out, err


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute that is played as long, with few frames to track."""
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", frames=300, fps=10.0, size_wh=(320, 240))


@contextlib.contextmanager
def _shown(tmp_path: Path, env: dict[str, str], *arguments: str | Path, program: tuple[str, ...] = BLIND) -> Iterator[Shown]:
    with _server(tmp_path) as (display, server):
        shown = Shown(display, server, tmp_path, env, *arguments, program=program)
        try:
            yield shown
        finally:
            if shown.process.poll() is None:
                shown.process.kill()
                shown.process.communicate()


def _pause_sign(picture: np.ndarray) -> bool:
    """Two white bars in the middle."""
    height, width = picture.shape[:2]
    middle = picture[int(0.45 * height) : int(0.55 * height), int(0.45 * width) : int(0.55 * width)]
    return float((middle.min(axis=-1) > 250).mean()) > 0.3


@pytest.mark.parametrize("image_wh", [(640, 480), (1280, 720), (720, 1280), (3840, 2160)])
@pytest.mark.parametrize("screen_wh", [(1366, 768), (1080, 1920), FALLBACK_WH])
def test_the_window_opens_large_and_in_proportion(image_wh: tuple[int, int], screen_wh: tuple[int, int]) -> None:
    size = large_size(image_wh, screen_wh)
    assert size[0] / size[1] == pytest.approx(image_wh[0] / image_wh[1], rel=0.01)
    filled = [part / whole for part, whole in zip(size, screen_wh, strict=True)]
    assert 0.8 < max(filled) < 0.9


def test_without_a_display_the_screen_has_a_usual_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(screen_size.__globals__, "_ASKING", {sys.platform: lambda: (0, 0)})
    assert screen_size() == FALLBACK_WH


@needs_xvfb
def test_q_in_the_window_ends_the_session_whole_and_quietly(tmp_path: Path, clip: Path, no_terminal: dict[str, str]) -> None:
    run = ("run", "--video", clip, "--no-voice", "--out", tmp_path / "out")
    with _shown(tmp_path, no_terminal, *run, program=WHOLE) as shown:
        shown.key("q")
        printed, err = shown.end()
    assert shown.process.returncode == NOBODY, err
    assert "Partial" not in printed
    started, nobody = err.splitlines()  # no warnings of Qt
    assert "started in" in started
    assert "nothing was judged" in nobody
    assert (tmp_path / "out" / "session.json").exists()


@needs_xvfb
@pytest.mark.slow
def test_any_key_pauses_and_goes_on_and_keys_without_letters_do_not_quit(
    tmp_path: Path, clip: Path, no_terminal: dict[str, str]
) -> None:
    with _shown(tmp_path, no_terminal, "run", "--video", clip, "--no-voice", "--out", tmp_path / "out") as shown:
        shown.wait_for(lambda picture: picture.max() > 200 and not _pause_sign(picture), "the first picture")
        for key in ("space", "Left"):  # as a byte the left arrow would be a Q
            shown.key(key)
            shown.wait_for(_pause_sign, f"{key} pauses")
            threading.Event().wait(0.7)  # a key that is held down repeats itself, and counts once
            shown.key(key)
            shown.wait_for(lambda picture: not _pause_sign(picture), f"{key} goes on")
            threading.Event().wait(0.7)
        shown.key("h")
        assert shown.process.poll() is None
        shown.key("Escape")
        shown.end()
    assert shown.process.returncode == NOBODY
    journal = (tmp_path / "out" / "frames.jsonl").read_text(encoding="utf-8").splitlines()
    commands = [json.loads(line)["command"] for line in journal if '"command"' in line]
    assert commands == ["pause", "resume", "pause", "resume"]


ONE_GREY_PICTURE = """
import sys
import numpy as np
from facetrack.overlay.window.window import Window

window = Window()
window.show(np.full((300, 400, 3), 230, np.uint8))
sys.stdin.read()
window.close()
"""


@needs_xvfb
@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not here")
def test_a_window_is_painted_however_late_its_threads_start(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    """On a busy computer; here each thread is held up while it takes its name."""
    late = ["strace", "-f", "-o", os.devnull, "-e", "trace=prctl", "-e", "inject=prctl:delay_enter=400000"]
    with _server(tmp_path) as (display, _):
        env = no_terminal | {"DISPLAY": display}
        shown = subprocess.Popen([*late, sys.executable, "-c", ONE_GREY_PICTURE], stdin=subprocess.PIPE, env=env)
        limit = time.monotonic() + PATIENCE_S
        while (_display_shows(tmp_path) == 230).mean() < 0.05:
            assert time.monotonic() < limit, "nothing was painted"
            assert shown.poll() is None
            threading.Event().wait(0.05)
        shown.communicate(timeout=PATIENCE_S)
    assert shown.returncode == 0


@needs_xvfb
@pytest.mark.slow
def test_the_window_shows_what_was_drawn(tmp_path: Path, no_terminal: dict[str, str]) -> None:
    """The safety page of a guided session without a camera, as the display has it, is the page that the overlay draws."""
    from facetrack.capture.blank import GREY, SIZE_WH
    from facetrack.flow import FlowOptions, SessionFlow
    from facetrack.overlay import Overlay
    from facetrack.packets import Frame, Observation
    from facetrack.routine import load_routine
    from tests.flow import people
    from tests.overlay import scenes

    routine = load_routine("fascia")
    image = np.full((SIZE_WH[1], SIZE_WH[0], 3), GREY, np.uint8)
    flow = SessionFlow(routine, routine.steps, FlowOptions(judging=False, camera=False))
    nobody = Observation.empty(0.0, SIZE_WH)
    flow.pre_coach(image, nobody, people.points(nobody))
    verdict = scenes.verdict(state="paused", step=-1)
    drawn = Overlay().draw(Frame(image, 0.0, 0), nobody, scenes.points(), None, verdict, routine, flow.post_coach(verdict))

    def found(picture: np.ndarray) -> bool:
        match = cv2.matchTemplate(np.ascontiguousarray(picture), drawn, cv2.TM_SQDIFF_NORMED)
        return bool(match.min() < 0.02)

    env = no_terminal | {"FACETRACK_DATA_DIR": str(tmp_path / "data")}
    with _shown(tmp_path, env, "run", "fascia", "--guide-only", "--no-voice", "--camera", "63") as shown:
        shown.wait_for(found, "the safety page")
        shown.key("x")
        shown.wait_for(lambda picture: not found(picture), "another page after a key")
        shown.key("q")
        _, err = shown.end()
    assert shown.process.returncode == 0, err
    assert "guide-only mode" in err.splitlines()[0]
    assert "safety_read" in (tmp_path / "data" / "remembered.json").read_text()


@needs_xvfb
@pytest.mark.slow
@pytest.mark.parametrize(("loss", "words"), [("kill", "The display is gone"), ("stop", "The display stands still")])
def test_a_display_that_is_lost_costs_the_window_only(
    loss: str, words: str, tmp_path: Path, clip: Path, no_terminal: dict[str, str]
) -> None:
    out = tmp_path / "out"
    with _shown(tmp_path, no_terminal, "run", "--video", clip, "--no-voice", "--out", out) as shown:
        shown.wait_for(lambda picture: picture.max() > 200, "the first picture")
        shown.server.send_signal(signal.SIGKILL if loss == "kill" else signal.SIGSTOP)
        assert shown.process.stderr is not None
        assert "started in" in shown.process.stderr.readline()
        assert words in shown.process.stderr.readline()
        known = _frames(out)
        while _frames(out) < known + 8:
            assert shown.process.poll() is None
            threading.Event().wait(0.05)
        shown.process.send_signal(signal.SIGINT)
        _, err = shown.end()
    assert shown.process.returncode == 130
    assert err == "facetrack: Interrupted.\n", err
    assert json.loads((out / "session.json").read_text(encoding="utf-8"))["tracking"]["frames"] == _frames(out)


def _frames(out: Path) -> int:
    return (out / "frames.jsonl").read_text(encoding="utf-8").count('"p":')


class _ClientMessage(ctypes.Structure):
    """An XClientMessageEvent, in the room of an XEvent."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 24),
    )


def _ask_to_close(display: str, window: int) -> None:
    """What a window manager sends when the user clicks on the cross (ICCCM 4.2.8.1); none runs here."""
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(xlib.XOpenDisplay(display.encode()))
    protocols, delete = (xlib.XInternAtom(connection, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    client_message = 33
    event = _ClientMessage(client_message, 0, 1, connection, window, protocols, 32, (delete, 0))
    xlib.XSendEvent(connection, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
    xlib.XCloseDisplay(connection)


@needs_xvfb
def test_a_window_that_is_closed_ends_the_session(tmp_path: Path, clip: Path, no_terminal: dict[str, str]) -> None:
    with _shown(tmp_path, no_terminal, "run", "--video", clip, "--no-voice", "--out", tmp_path / "out") as shown:
        shown.wait_for(lambda picture: picture.max() > 200, "the first picture")
        _ask_to_close(shown.env["DISPLAY"], int(shown.window))
        _, err = shown.end()
    assert shown.process.returncode == NOBODY, err
    assert (tmp_path / "out" / "session.json").exists()
    assert _frames(tmp_path / "out") < 250, "it ended with the window, not with the recording"
