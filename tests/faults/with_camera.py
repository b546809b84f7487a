"""``python -m tests.faults.with_camera STATE FILM SIGHT ARGUMENTS...``: facetrack, its camera's faults commanded by a test.

Only ``cv2.VideoCapture`` is replaced, and only for cameras; with "blind" for SIGHT also the tracker, by one that sees nobody.
STATE is a file that holds one word of STATES, read before every picture; FILM is what the camera sees, over and over. One
process at a time can have the camera.
"""

import contextlib
import fcntl
import itertools
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

STATES: Final = (
    "good", "unplugged", "failing", "raising", "blocked", "frozen", "shutter", "covered", "empty", "smaller", "portrait",
)  # fmt: skip
FPS: Final = 15.0
POLL_INTERVAL_S: Final = 0.005

_video_capture = cv2.VideoCapture
_rng = np.random.default_rng(1)


def _pictures(film: Path) -> Iterator[np.ndarray]:
    """Of the film, to its end and back again, without end; each is read when it is first shown."""
    capture = _video_capture(str(film), cv2.CAP_FFMPEG)
    pictures = []
    while (read := capture.read())[0]:
        pictures.append(read[1])
        yield read[1]
    yield from itertools.cycle([*pictures[-2:0:-1], *pictures])


def _with_noise(picture: np.ndarray) -> np.ndarray:
    """As a living sensor gives it: no two are the same."""
    picture = picture.copy()
    few = picture[::16, ::16]
    few ^= _rng.integers(0, 2, few.shape, np.uint8)
    return picture


class CommandedCapture:
    """A ``cv2.VideoCapture`` of a camera."""

    _last = np.zeros((480, 640, 3), np.uint8)
    """The newest picture, whoever opened the camera."""

    def __init__(self, state: Path, pictures: Iterator[np.ndarray]) -> None:
        self._state, self._pictures = state, pictures
        self._due_s = time.monotonic()
        self._device: int | None = None
        if self._is() == "unplugged":
            return
        device = os.open(state, os.O_RDONLY)
        try:
            fcntl.flock(device, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._device = device
        except BlockingIOError:
            os.close(device)

    def _is(self) -> str:
        return self._state.read_text().strip()

    def isOpened(self) -> bool:
        return self._device is not None

    def read(self) -> tuple[bool, np.ndarray | None]:
        self._due_s = max(self._due_s + 1.0 / FPS, time.monotonic() - 1.0 / FPS)
        time.sleep(max(0.0, self._due_s - time.monotonic()))
        while self._is() == "blocked":
            time.sleep(POLL_INTERVAL_S)
        state = self._is()
        if state in ("unplugged", "failing"):
            return False, None
        if state == "raising":
            raise RuntimeError("USB device not accepting address 7")
        if state != "frozen":
            CommandedCapture._last = _with_noise(next(self._pictures))
        return True, self._changed(CommandedCapture._last, state)

    def _changed(self, picture: np.ndarray, state: str) -> np.ndarray:
        height, width = picture.shape[:2]
        if state == "shutter":
            return np.zeros_like(picture)
        if state == "covered":
            return _with_noise(np.full_like(picture, 8))
        if state == "empty":
            return np.empty((0, 0, 3), np.uint8)
        if state == "smaller":
            return cv2.resize(picture, (width // 2, height // 2))
        if state == "portrait":
            return np.ascontiguousarray(picture[:, width // 4 : width // 4 + height * 3 // 4])
        return picture

    def get(self, prop: int) -> float:
        return FPS if prop == cv2.CAP_PROP_FPS else 0.0

    def set(self, _prop: int, _value: float) -> bool:
        return True

    def release(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            with contextlib.suppress(OSError):
                os.close(device)


def main() -> None:
    state, film, sight, *arguments = sys.argv[1:]
    pictures: list[Iterator[np.ndarray]] = []

    def capture(target: Any, *others: Any) -> Any:
        if isinstance(target, str) and target != "/dev/video-test":
            return _video_capture(target, *others)
        if not pictures:
            pictures.append(_pictures(Path(film)))
        return CommandedCapture(Path(state), pictures[0])

    cv2.VideoCapture = capture
    if sight == "blind":
        from tests.cli.blind import main as facetrack
    else:
        from facetrack.cli import main as facetrack
    facetrack(arguments)


if __name__ == "__main__":
    main()
