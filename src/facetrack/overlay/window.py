"""The window: shows pictures and says which key was pressed. Must be used on the main thread (macOS insists)."""

import contextlib
import os
import re
import socket
import sys
from collections.abc import Iterator
from typing import Final

import cv2

from facetrack.capture.opencv import Image

TITLE: Final = "facetrack"
ESCAPE: Final = 27
QUIT_KEYS: Final = frozenset({ord("q"), ord("Q"), ESCAPE})
_NO_KEY: Final = -1


def display_missing() -> str | None:
    """Why no window can be shown, in words, or None if one can."""
    if not sys.platform.startswith("linux"):
        return None
    # OpenCV's wheel brings Qt with X11 only, and Qt ends the whole process where it can't connect.
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "there is no display (DISPLAY is not set)"
    local = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if local and not _answers(f"/tmp/.X11-unix/X{local[1]}"):
        return f"the display {display} does not answer"
    return None


def _answers(address: str) -> bool:
    """Whether an X server listens at a local socket, or at its twin in Linux' abstract namespace."""
    for name in (address, f"\0{address}"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1.0)
            if probe.connect_ex(name) == 0:
                return True
    return False


@contextlib.contextmanager
def _muted_stderr() -> Iterator[None]:
    """Keeps Qt's start-up warnings (about fonts that it does not need) from the user: they come from C++, past sys.stderr."""
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # started without a stderr
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path of ours
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


class Window:
    """Opens with its first picture."""

    def __init__(self, title: str = TITLE) -> None:
        self._title = title
        self._open = False

    def show(self, image: Image) -> int | None:
        """The key that was pressed, or None. Closing the window counts as Esc."""
        if not self._open:
            self._start(image)
        elif cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1.0:
            return ESCAPE
        cv2.imshow(self._title, image)
        key = cv2.pollKey()
        # Beyond 255 are keys without a letter: cut to a byte the left arrow would be a Q.
        return None if key == _NO_KEY else key

    def _start(self, image: Image) -> None:
        with _muted_stderr():
            cv2.namedWindow(self._title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
            cv2.resizeWindow(self._title, image.shape[1], image.shape[0])
            cv2.imshow(self._title, image)
            cv2.pollKey()
        self._open = True

    def close(self) -> None:
        if self._open:
            self._open = False
            with contextlib.suppress(cv2.error):  # the user has closed it
                cv2.destroyWindow(self._title)
