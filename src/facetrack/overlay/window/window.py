"""Controls the window, which lives in a process of its own: pictures go there through a pipe, keys come back.

Qt ends the whole process that it lives in when the display goes away, and blocks when the display does; a session must survive
both.
"""

import contextlib
import json
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from typing import Final

from facetrack.capture.opencv import Image
from facetrack.errors import FacetrackError
from facetrack.system.processes import python_module

TITLE: Final = "facetrack"
"""Title of the window."""
ESCAPE: Final = 27
"""Key code of Esc."""
QUIT_KEYS: Final = frozenset({ord("q"), ord("Q"), ESCAPE})
"""Keys that end the session."""
SHUTDOWN_TIMEOUT_S: Final = 1.0
"""How long closing waits for the process."""
STUCK_S: Final = 5.0
"""A window that has not shown a picture for this long is stuck."""
PIPE_BYTES: Final = 1 << 20
"""Size of the pipe, where the system allows it: a picture passes in few pieces."""
NO_CONSOLE: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows' flag for a process without a console."""


def display_missing() -> str | None:
    """Return why no window can be shown, in words, or None if one can."""
    if not sys.platform.startswith("linux"):
        return None
    # OpenCV's wheel brings Qt with X11 only.
    display = os.environ.get("DISPLAY", "")
    if not display and os.environ.get("WAYLAND_DISPLAY"):
        return "this desktop runs Wayland without XWayland, which facetrack's window needs (DISPLAY is not set)"
    if not display:
        return "there is no display (DISPLAY is not set)"
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local and not _answers(f"/tmp/.X11-unix/X{local[1]}"):
        return f"the display {display} does not answer"
    return None


def _answers(address: str) -> bool:
    """Check whether an X server listens at a local socket, or at its twin in Linux's abstract namespace."""
    for name in (address, f"\0{address}"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1.0)
            if probe.connect_ex(name) == 0:
                return True
    return False


class Window:
    """A window that opens with its first picture. ``show`` hands a picture over and returns at once."""

    def __init__(self, title: str = TITLE) -> None:
        """Start the process, which loads its libraries meanwhile. Raises FacetrackError."""
        command = python_module("facetrack.overlay.window.window_process", title)
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # Qt's warnings about fonts that it does not need
                bufsize=0,
                creationflags=NO_CONSOLE,
                start_new_session=os.name == "posix",  # a Ctrl-C is the session's, which then ends this one
            )
        except OSError as error:
            raise FacetrackError(f"The window can't be opened ({error.strerror}). --headless goes without one.") from error
        self._keys: deque[int] = deque()
        self._pictures: queue.SimpleQueue[tuple[tuple[int, ...], bytes] | None] = queue.SimpleQueue()
        self._free = True
        self._handed_s = time.monotonic()
        self._reported_stuck = False
        self._closed = False
        self._threads = [
            threading.Thread(target=target, name="facetrack-window", daemon=True) for target in (self._listen, self._feed)
        ]
        for thread in self._threads:
            thread.start()

    def _listen(self) -> None:
        """Read the process's lines: each is a key, or says that the picture was shown."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            word = line.strip()
            if word == b"shown":
                self._free = True
            else:
                self._keys.append(int(word))

    def _feed(self) -> None:
        """Write the pictures into the pipe until there are no more or the process is gone, which ``show`` reports."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            _enlarge(pipe.fileno())
            while (picture := self._pictures.get()) is not None:
                shape, pixels = picture
                pipe.write(json.dumps({"shape": shape}).encode() + b"\n")
                rest = memoryview(pixels)
                while rest:
                    rest = rest[pipe.write(rest) :]

    def show(self, image: Image) -> int | None:
        """Show a picture. Returns the key that was pressed, or None; closing the window counts as Esc.

        A picture is left out while the one before it is still being shown. Raises FacetrackError if the display is gone, and
        once if it is stuck.
        """
        if self._closed:
            return None
        if self._process.poll() is not None:
            raise FacetrackError("The display is gone, and with it the window. The session goes on without; Ctrl-C ends it.")
        if self._free:
            self._free, self._handed_s = False, time.monotonic()
            self._pictures.put((image.shape, image.tobytes()))
        elif time.monotonic() - self._handed_s > STUCK_S and not self._reported_stuck:
            self._reported_stuck = True  # it may come back: while a window is dragged some systems let it stand still
            raise FacetrackError("The display stands still. The session goes on, and Ctrl-C ends it.")
        return self._keys.popleft() if self._keys else None

    def close(self) -> None:
        """Close the window. May be called more than once."""
        if self._closed:
            return
        self._closed = True
        self._pictures.put(None)
        try:
            self._process.wait(SHUTDOWN_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(SHUTDOWN_TIMEOUT_S)
        if self._process.stdout is not None:
            self._process.stdout.close()


def _enlarge(pipe: int) -> None:
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
