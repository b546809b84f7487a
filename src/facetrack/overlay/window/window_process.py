"""``python -m facetrack.overlay.window.window_process TITLE``: the process that the window lives in.

Each picture on stdin is a line ``{"shape": [h, w, 3]}`` and its bytes. On stdout, a line each: ``shown``, and the code of every
key. The process ends with its stdin, or with the display.
"""

import contextlib
import ctypes
import json
import math
import queue
import sys
import threading
from typing import Final

import cv2
import numpy as np

from facetrack.capture.opencv import Image
from facetrack.overlay.window.screen_size import large_size, screen_size
from facetrack.overlay.window.window import ESCAPE

POLL_INTERVAL_S: Final = 0.015
"""Longest time between two checks of the keyboard."""
EVENTS_MS: Final = 1
"""How long Qt's loop runs at a time. It must run for a moment to paint; asking for a key alone may never do so."""
_NO_KEY: Final = -1
FULL_SCREEN_KEYS: Final = (ord("f"), ord("F"))
"""Keys that the window keeps for itself."""


class _OpenWindow:
    """OpenCV's own window; it opens large, with its first picture. F fills the screen with it, and again makes it a window."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._open = self._full = self._closed = False

    def show(self, image: Image) -> None:
        if self._closed:
            return
        if not self._open:
            cv2.namedWindow(self._title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
            screen = screen_size()
            width, height = large_size((image.shape[1], image.shape[0]), screen)
            cv2.resizeWindow(self._title, width, height)
            cv2.moveWindow(self._title, (screen[0] - width) // 2, (screen[1] - height) // 2)
            cv2.imshow(self._title, image)
            cv2.waitKeyEx(EVENTS_MS)  # what was pressed before there was anything to see is not meant
            self._open = True
        cv2.imshow(self._title, image)

    def key(self) -> int | None:
        """Return the key that was pressed, or None; Esc, once, if the user has closed the window."""
        if not self._open or self._closed:
            return None
        key = cv2.waitKeyEx(EVENTS_MS)
        if key == _NO_KEY:
            self._closed = self._was_closed()
            return ESCAPE if self._closed else None
        if key in FULL_SCREEN_KEYS:
            self._full = not self._full
            state = cv2.WINDOW_FULLSCREEN if self._full else cv2.WINDOW_NORMAL
            cv2.setWindowProperty(self._title, cv2.WND_PROP_FULLSCREEN, state)
            return None
        # Beyond 255 are keys without a letter: cut to a byte the left arrow would be a Q.
        return key

    def _was_closed(self) -> bool:
        try:
            return cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1.0
        except cv2.error:  # with its last window OpenCV gives up all it had of Qt
            return True


def _take_the_systems_x11() -> None:
    """Load the system's libX11-xcb before Qt does: OpenCV's wheel brings a libX11-xcb of its own, but no libX11.

    Beside another version of libX11 it fails to say that the events are Qt's, and Xlib swallows what comes while Qt's reader is
    late. Qt then never learns that the window is on the display, and never paints.
    """
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):  # not installed: then it is left to the wheel's
            ctypes.CDLL("libX11-xcb.so.1", ctypes.RTLD_GLOBAL)


def _read(pictures: "queue.Queue[Image | None]") -> None:
    pipe = sys.stdin.buffer
    while line := pipe.readline():
        shape = tuple(json.loads(line)["shape"])
        pixels = pipe.read(math.prod(shape))
        if len(pixels) < math.prod(shape):
            break
        pictures.put(np.frombuffer(pixels, np.uint8).reshape(shape))
    pictures.put(None)


def run_window(title: str) -> None:
    """Show pictures until stdin ends."""
    _take_the_systems_x11()
    pictures: queue.Queue[Image | None] = queue.Queue()
    threading.Thread(target=_read, args=(pictures,), daemon=True).start()
    window = _OpenWindow(title)
    while True:
        with contextlib.suppress(queue.Empty):
            image = pictures.get(timeout=POLL_INTERVAL_S)
            if image is None:
                return
            window.show(image)
            _send("shown")
        if (key := window.key()) is not None:
            _send(str(key))


def _send(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        run_window(sys.argv[1])
