"""Turns the mirrored pictures of a camera or video back, so that the rest of the pipeline sees the user's left on the correct
side."""

from collections.abc import Iterator
from dataclasses import replace

import cv2

from facetrack.capture.opencv import Image
from facetrack.capture.source import FrameSource, SourceInfo
from facetrack.packets import Frame


class FlippedSource:
    """Gives the frames of another source with each picture flipped left to right; everything else is the source's own.

    remark: id of what is said about it, if anything.
    """

    def __init__(self, source: FrameSource, remark: str | None = None) -> None:
        self._source, self.remark = source, remark

    @property
    def info(self) -> SourceInfo:
        return self._source.info

    @property
    def frames_dropped(self) -> int:
        return self._source.frames_dropped

    @property
    def corruption(self) -> str | None:
        return self._source.corruption

    @property
    def frame_available(self) -> bool:
        return self._source.frame_available

    def frames(self) -> Iterator[Frame]:
        for frame in self._source.frames():
            image: Image = cv2.flip(frame.image_bgr, 1)  # type: ignore[assignment]
            yield replace(frame, image_bgr=image)

    def close(self) -> None:
        self._source.close()
