"""A file that is known to be a video but from which no frame can be read."""

from collections.abc import Iterator
from pathlib import Path

from facetrack.capture.source import SourceInfo
from facetrack.errors import DamagedInputError
from facetrack.packets import Frame
from facetrack.system.native_paths import readable


class EmptySource:
    """A ``FrameSource`` for a damaged video: ``frames()`` raises the error, so that its session is saved as partial."""

    frames_dropped = 0
    corruption = None
    frame_available = True

    def __init__(self, path: Path, error: DamagedInputError) -> None:
        self.info = SourceInfo("video", readable(path.name), (0, 0), None, None)
        self._error = error

    def frames(self) -> Iterator[Frame]:
        raise self._error

    def close(self) -> None:
        """Do nothing: there is nothing to close."""
