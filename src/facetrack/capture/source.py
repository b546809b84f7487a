"""The contract of everything that gives frames: camera, video file, mannequin, and the fakes in the tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from facetrack.packets import Frame


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known about a source before its first frame. ``kind`` and ``name`` are written to session.json."""

    kind: Literal["camera", "video", "mannequin"]
    name: str
    size_wh: tuple[int, int]
    fps: float | None
    """Nominal frames per second; None if unknown."""
    frames_promised: int | None
    """Number of frames that the file says it has; None for live sources."""


class FrameSource(Protocol):
    """Gives frames whose ``t_s`` and ``index`` rise strictly, with ``t_s`` beginning near 0; images as ``packets.Frame`` says.

    A class of your own that has these members is a source: it need not inherit from this one.
    """

    @property
    def info(self) -> SourceInfo:
        """What the source is."""

    @property
    def frames_dropped(self) -> int:
        """Number of frames that a live source has skipped so far."""

    @property
    def corruption(self) -> str | None:
        """Description of what was missing, once the source has ended; None if nothing was.

        Example: "clip.mp4 is cut off: 120 of 300 frames could be read".
        """

    @property
    def frame_available(self) -> bool:
        """Whether ``frames()`` would give the next frame now, without waiting."""

    def frames(self) -> Iterator[Frame]:
        """Yield the frames until the source ends or is closed. Called once. Raises FacetrackError if nothing can be read."""

    def close(self) -> None:
        """Release the source; ``frames()`` then ends. May be called at any time, from any thread, and more than once."""
