"""Passes a source on, so that a class that changes its pictures says only what it changes."""

from collections.abc import Iterator

from facetrack.capture.source import FrameSource, SourceInfo
from facetrack.packets import Frame


class WrappedSource:
    """Gives the frames of another source, and all that is known about it; closing it closes the other."""

    def __init__(self, source: FrameSource) -> None:
        self._source = source

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
        return self._source.frames()

    def close(self) -> None:
        self._source.close()
