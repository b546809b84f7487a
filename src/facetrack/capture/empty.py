"""A recording that is known to be one but gives no frame."""

from collections.abc import Iterator
from pathlib import Path

from facetrack.capture.source import SourceInfo
from facetrack.errors import DamagedInputError
from facetrack.packets import Frame


class EmptySource:
    """A ``FrameSource`` of a damaged recording: ``frames()`` raises what is wrong with it, so that its session is partial."""

    frames_dropped = 0
    corruption = None
    frame_available = True

    def __init__(self, path: Path, error: DamagedInputError) -> None:
        self.info = SourceInfo("video", path.name, (0, 0), None, None)
        self._error = error

    def frames(self) -> Iterator[Frame]:
        raise self._error

    def close(self) -> None:
        """There is nothing to close."""
