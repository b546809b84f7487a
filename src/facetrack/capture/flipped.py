"""Turns the mirrored pictures of a camera or video back, so that the rest of the pipeline sees the user's left on the correct
side."""

from collections.abc import Iterator
from dataclasses import replace

import cv2

from facetrack.capture.opencv import Image
from facetrack.capture.source import FrameSource
from facetrack.capture.wrapped import WrappedSource
from facetrack.packets import Frame


class FlippedSource(WrappedSource):
    """Gives the frames of another source with each picture flipped left to right; everything else is the source's own.

    remark: id of what is said about it, if anything.
    """

    def __init__(self, source: FrameSource, remark: str | None = None) -> None:
        super().__init__(source)
        self.remark = remark

    def frames(self) -> Iterator[Frame]:
        for frame in self._source.frames():
            image: Image = cv2.flip(frame.image_bgr, 1)  # type: ignore[assignment]
            yield replace(frame, image_bgr=image)
