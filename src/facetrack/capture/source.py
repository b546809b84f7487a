"""The contract of everything that gives frames: camera, video file, mannequin, and the fakes in the tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from facetrack.packets import Frame


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Describes a source of frames.

    Attributes
    ----------
    kind : str
        ``"camera"``, ``"video"`` or ``"mannequin"``; goes into session.json.
    name : str
        For people, such as the file's name; goes into session.json.
    size_wh : tuple of int
        Width and height of its pictures in pixels.
    fps : float, optional
        Nominal frames a second; None if unknown.
    frames_promised : int, optional
        Number of frames that the source says it has; None for live sources.

    Examples
    --------
    >>> import facetrack
    >>> facetrack.SourceInfo("video", "clip.mp4", (640, 480), fps=30.0, frames_promised=None).name
    'clip.mp4'
    """

    kind: Literal["camera", "video", "mannequin"]
    name: str
    size_wh: tuple[int, int]
    fps: float | None
    frames_promised: int | None


class FrameSource(Protocol):
    """Gives frames whose ``t_s`` begins near 0 and strictly rises, and whose ``index`` rises.

    A class of your own that has these members is a source: it need not inherit from this one.

    Examples
    --------
    >>> import facetrack, numpy
    >>> class GreySource:
    ...     info = facetrack.SourceInfo("video", "grey", (64, 48), fps=10.0, frames_promised=20)
    ...     frames_dropped, corruption, frame_available = 0, None, True
    ...
    ...     def frames(self):
    ...         picture = numpy.full((48, 64, 3), 128, numpy.uint8)
    ...         yield from (facetrack.Frame(picture, number / 10.0, number) for number in range(20))
    ...
    ...     def close(self):
    ...         pass
    >>> session = facetrack.analyze(GreySource(), routine="fascia")
    >>> session.document.tracking.frames, session.document.tracking.face_seen
    (20, 0.0)
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

        Example: "clip.mp4 is cut off or damaged: it could be read up to 4.0 of 10.0 s".
        """

    @property
    def frame_available(self) -> bool:
        """Whether ``frames()`` would give the next frame now, without waiting."""

    def frames(self) -> Iterator[Frame]:
        """Yield the frames until the source ends or is closed. Called once. Raises FacetrackError if nothing can be read."""

    def close(self) -> None:
        """Release the source; ``frames()`` then ends. May be called at any time, from any thread, and more than once."""
