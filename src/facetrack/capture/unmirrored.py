"""Turns the mirrored pictures of a camera or video back, so that everything after it sees the user's left where it is."""

from collections.abc import Iterator
from dataclasses import replace

import cv2

from facetrack.capture.opencv import Image
from facetrack.capture.source import FrameSource, SourceInfo
from facetrack.packets import Frame


class UnmirroredSource:
    """``source``, each picture flipped left to right. Everything else is the source's own."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source

    @property
    def info(self) -> SourceInfo:
        return self._source.info

    @property
    def dropped(self) -> int:
        return self._source.dropped

    @property
    def damage(self) -> str | None:
        return self._source.damage

    @property
    def ready(self) -> bool:
        return self._source.ready

    def frames(self) -> Iterator[Frame]:
        for frame in self._source.frames():
            image: Image = cv2.flip(frame.image_bgr, 1)  # type: ignore[assignment]
            yield replace(frame, image_bgr=image)

    def close(self) -> None:
        self._source.close()
