"""Footage as a camera gives it, at 30 frames a second, through the program's own camera source."""

import time
from typing import Any

import cv2
import numpy as np

from facetrack.bench.footage import FPS, Footage
from facetrack.capture import CameraDevice, CameraSource


class FilmedCapture:
    """A cv2.VideoCapture of footage: each read waits for its frame's time. captured_s: by number of frame, on perf_counter."""

    def __init__(self, footage: Footage, frames: int) -> None:
        self._footage, self._frames = footage, frames
        self._number = 0
        self._began_s: float | None = None
        self.captured_s: list[float] = []

    def isOpened(self) -> bool:
        return True

    def read(self) -> tuple[bool, np.ndarray | None]:
        """The next frame; once there are no more, none."""
        if self._number >= self._frames:
            time.sleep(1.0 / FPS)
            return False, None
        if self._began_s is None:
            self._began_s = time.perf_counter()
        image = self._footage.image(self._number).copy()
        time.sleep(max(self._began_s + self._number / FPS - time.perf_counter(), 0.0))
        self._number += 1
        # No two pictures of a living camera are the same, and one that repeats itself counts as frozen.
        image[0, 0] = (self._number & 255, self._number >> 8 & 255, 7)
        image[::16, ::16, 0] ^= np.uint8(self._number & 1)
        self.captured_s.append(time.perf_counter())
        return True, image

    def get(self, prop: int, /) -> float:
        return FPS if prop == cv2.CAP_PROP_FPS else 0.0

    def set(self, *_: Any) -> bool:
        return True

    def release(self) -> None:
        pass


def filmed_camera(footage: Footage, frames: int) -> tuple[CameraSource, FilmedCapture]:
    """A camera that films it."""
    capture = FilmedCapture(footage, frames)
    return CameraSource(CameraDevice("0", "footage", 0), opener=lambda _: capture), capture  # type: ignore[arg-type, return-value]
