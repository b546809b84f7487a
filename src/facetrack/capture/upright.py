"""Shows the pictures of a recording as its container says: turned, flipped, and with square pixels."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2

from facetrack.capture.container.mp4 import video_track
from facetrack.capture.opencv import Capture, Image

LEAST_STRETCH: Final = 0.01
"""A pixel less than this away from square is square: the ratio of two rounded sizes."""
MOST_STRETCH: Final = 4.0
"""Pixels longer or flatter than this are an error of the container: the widest in use are twice as wide as high."""
TURNS: Final = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
"""OpenCV's names of the angles, clockwise in degrees."""


@dataclass(frozen=True, slots=True)
class Upright:
    """Stretches, then flips, then turns the pictures of one recording."""

    stretch: float = 1.0  # width of a pixel in its heights
    mirrored: bool = False  # whether it is stored with left and right exchanged
    degrees: int = 0  # to turn clockwise: 0, 90, 180 or 270

    def __call__(self, image: Image) -> Image:
        """Return the picture as it should be seen; the shorter side of a pixel is enlarged, so that nothing is lost."""
        if self.stretch != 1.0:
            height, width = image.shape[:2]
            size = (_even(width * self.stretch), height) if self.stretch > 1.0 else (width, _even(height / self.stretch))
            image = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)  # type: ignore[assignment]
        if self.mirrored:
            image = cv2.flip(image, 1)  # type: ignore[assignment]
        return cv2.rotate(image, TURNS[self.degrees]) if self.degrees else image  # type: ignore[return-value]


def read_upright(capture: Capture, path: Path) -> Upright:
    """Read from an opened file how its pictures should be seen.

    OpenCV knows an angle only; a flip, as cameras at the front of a phone write it, it takes for half a turn or for nothing.
    """
    wide, high = capture.get(cv2.CAP_PROP_SAR_NUM), capture.get(cv2.CAP_PROP_SAR_DEN)
    stretch = wide / high if wide > 0.0 and high > 0.0 else 1.0
    if abs(stretch - 1.0) < LEAST_STRETCH or not 1.0 / MOST_STRETCH <= stretch <= MOST_STRETCH:
        stretch = 1.0
    track = video_track(path)
    if track is not None and _flips(track.matrix):
        a, b, _, _ = track.matrix
        return Upright(stretch, True, _right_angle(math.degrees(math.atan2(-b, -a))))
    return Upright(stretch, False, _right_angle(capture.get(cv2.CAP_PROP_ORIENTATION_META)))


def _flips(matrix: tuple[int, int, int, int]) -> bool:
    a, b, c, d = matrix
    return a * d - b * c < 0


def _right_angle(degrees: float) -> int:
    """Round to one of 0, 90, 180, 270."""
    return 90 * round(degrees / 90.0) % 360


def _even(length: float) -> int:
    """Round to an even number, as video encoders need it."""
    return 2 * max(round(length / 2.0), 1)
