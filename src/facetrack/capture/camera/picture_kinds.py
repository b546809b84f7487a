"""Turns what cameras give into plain pictures: grey, with alpha, undecoded, or with more than 8 bits."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.capture.opencv import Capture, Image, four_letters

INTERLEAVED: Final = {
    "YUYV": cv2.COLOR_YUV2BGR_YUY2,
    "YUY2": cv2.COLOR_YUV2BGR_YUY2,
    "UYVY": cv2.COLOR_YUV2BGR_UYVY,
    "YVYU": cv2.COLOR_YUV2BGR_YVYU,
}
"""OpenCV's conversions of pictures with two bytes a pixel, by the camera's format."""
PLANAR: Final = {
    "NV12": cv2.COLOR_YUV2BGR_NV12,
    "NV21": cv2.COLOR_YUV2BGR_NV21,
    "I420": cv2.COLOR_YUV2BGR_I420,
    "YU12": cv2.COLOR_YUV2BGR_I420,
    "YV12": cv2.COLOR_YUV2BGR_YV12,
}
"""OpenCV's conversions of pictures whose colours lie below them, by the camera's format."""
JPEG_START: Final = b"\xff\xd8"
"""The bytes with which a JPEG begins."""


class PictureKinds:
    """Converts one camera's pictures to BGR."""

    def __init__(self, capture: Capture) -> None:
        self._format = four_letters(capture.get(cv2.CAP_PROP_FOURCC))
        self._bits = 8
        self.unknown: str | None = None
        """Description of the last picture that could not be converted; None if there was none."""

    def convert(self, raw: NDArray[np.generic] | None) -> Image | None:
        """Return the picture as (H, W, 3) uint8, C-contiguous; None if there is none or its kind is not known."""
        if raw is None or raw.size == 0:
            return None
        image = self._colour(self._eight_bits(raw))
        self.unknown = f"{' x '.join(map(str, raw.shape))}, {raw.dtype}" if image is None else None
        return None if image is None else np.ascontiguousarray(image)

    def _eight_bits(self, raw: NDArray[np.generic]) -> NDArray[np.generic]:
        """Scale deeper pictures by the most bits that were used so far: sensors have 10, 12 or 14 of 16."""
        if raw.dtype != np.uint16:
            return raw
        deep = raw.astype(np.uint16, copy=False)
        self._bits = max(self._bits, int(deep.max()).bit_length())
        return np.right_shift(deep, self._bits - 8).astype(np.uint8)

    def _colour(self, raw: NDArray[np.generic]) -> Image | None:
        if raw.dtype != np.uint8 or raw.ndim not in (2, 3):
            return None
        image: Image = raw.astype(np.uint8, copy=False)
        channels = image.shape[2] if image.ndim == 3 else 1
        if channels == 1:
            return self._from_one_channel(image.reshape(image.shape[:2]))
        if channels == 2 and image.shape[1] % 2 == 0 and self._format in INTERLEAVED:
            return cv2.cvtColor(image, INTERLEAVED[self._format])  # type: ignore[return-value]
        if channels == 2:  # the brightness comes first in most formats, and colours that are guessed hide a face
            return cv2.cvtColor(image[..., 0], cv2.COLOR_GRAY2BGR)  # type: ignore[return-value]
        if channels == 4:
            return cv2.cvtColor(image, cv2.COLOR_BGRA2BGR)  # type: ignore[return-value]
        return image if channels == 3 else None

    def _from_one_channel(self, image: Image) -> Image | None:
        height, width = image.shape
        if height == 1 or width == 1:  # bytes that OpenCV did not decode
            data = image.ravel()
            return cv2.imdecode(data, cv2.IMREAD_COLOR) if data[:2].tobytes() == JPEG_START else None  # type: ignore[return-value]
        if self._format in PLANAR and height % 3 == 0 and width % 2 == 0:
            return cv2.cvtColor(image, PLANAR[self._format])  # type: ignore[return-value]
        return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)  # type: ignore[return-value]
