"""OpenCV's video input without the warnings that its libraries write to the terminal, which mean nothing to a user."""

import os
from typing import Protocol

# Read by FFmpeg's and OpenCV's code when they first open something. A user's own setting wins.
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
# Without this Windows' Media Foundation opens some cameras in 4-12 s (opencv #26495).
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""A picture, (H, W, 3) uint8, BGR."""


class Capture(Protocol):
    """The part of ``cv2.VideoCapture`` that the sources use; tests pass fakes with faults."""

    def isOpened(self) -> bool: ...
    def read(self) -> tuple[bool, Image | None]: ...
    def grab(self) -> bool: ...
    def retrieve(self) -> tuple[bool, Image | None]: ...
    def get(self, prop: int, /) -> float: ...
    def set(self, prop: int, value: float, /) -> bool: ...
    def release(self) -> None: ...


def quiet_opencv() -> None:
    """Turn OpenCV's log off, even if cv2 was imported before this module could set its environment."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def four_letters(code: float) -> str:
    """Return the name of a codec or picture format from OpenCV's number for it, "" if there is none."""
    letters = "".join(chr(int(code) >> shift & 0x7F) for shift in (0, 8, 16, 24)) if code > 0.0 else ""
    return letters if letters.isprintable() else ""


def frame_image(image: Image | None) -> Image | None:
    """Return the image in the form that ``packets.Frame`` needs, or None if it is unusable (no pixels, not three channels)."""
    if image is None or image.size == 0 or image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        return None
    return np.ascontiguousarray(image)
