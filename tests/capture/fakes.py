"""Cameras with faults, and a clock that tests run by hand."""

import itertools
import threading
from collections.abc import Callable, Iterator

import cv2
import numpy as np

from facetrack.capture.camera.reader import CameraTiming
from facetrack.capture.source import SourceInfo
from facetrack.packets import Frame

QUICK = CameraTiming(
    open_s=0.5,
    warm_up_s=0.15,
    silent_s=0.15,
    stuck_s=0.1,
    frozen_s=0.15,
    black_s=0.15,
    first_pause_s=0.01,
    longest_pause_s=0.02,
    give_up_s=1.5,
)
"""Times short enough for tests, long enough for a busy machine."""

Read = tuple[bool, np.ndarray | None]


class HandClock:
    """Time that passes only by sleeping (and by hand)."""

    def __init__(self) -> None:
        self.time_s = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time_s += seconds


def noise(seed: int) -> np.ndarray:
    """A picture as a living camera gives it: no two are the same."""
    return np.random.default_rng(seed).integers(0, 255, (48, 64, 3), np.uint8)


class FakeCapture:
    """A cv2.VideoCapture whose n-th read is ``script(n)``, about a hundred a second."""

    def __init__(self, script: Callable[[int], Read], opened: bool = True) -> None:
        self._script = script
        self._opened = opened
        self._reads = itertools.count()
        self._pause = threading.Event()
        self.released = threading.Event()
        self.settings: dict[int, float] = {}

    def isOpened(self) -> bool:
        return self._opened

    def read(self) -> Read:
        self._pause.wait(0.01)
        return self._script(next(self._reads))

    def grab(self) -> bool:
        raise AssertionError("a camera is read, not grabbed")

    def retrieve(self) -> Read:
        raise AssertionError("a camera is read, not grabbed")

    def get(self, prop: int, /) -> float:
        return 30.0 if prop == cv2.CAP_PROP_FPS else 0.0

    def set(self, prop: int, value: float, /) -> bool:
        self.settings[prop] = value
        return True

    def release(self) -> None:
        self.released.set()


def living(first_seed: int = 0) -> FakeCapture:
    return FakeCapture(lambda n: (True, noise(first_seed + n)))


class FakeSource:
    """The simplest thing that keeps the contract of ``FrameSource``."""

    def __init__(
        self, frames: int = 5, size_wh: tuple[int, int] = (64, 48), fps: float = 30.0, corruption: str | None = None
    ) -> None:
        self.info = SourceInfo("video", "fake.mp4", size_wh, fps, frames)
        self.frames_dropped = 0
        self.corruption: str | None = None
        self.frame_available = True
        self._corruption_at_end = corruption
        self.closed = False

    def frames(self) -> Iterator[Frame]:
        assert self.info.frames_promised is not None
        assert self.info.fps is not None
        width, height = self.info.size_wh
        for index in range(self.info.frames_promised):
            if self.closed:
                return
            yield Frame(np.full((height, width, 3), index, np.uint8), index / self.info.fps, index)
        self.corruption = self._corruption_at_end

    def close(self) -> None:
        self.closed = True
