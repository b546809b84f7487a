"""The one contract of everything that gives frames: camera, video file, mannequin, and the fakes of the tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from facetrack.packets import Frame


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """kind and name go into session.json. fps is nominal, None where unknown; frames_promised is None for live sources."""

    kind: Literal["camera", "video", "mannequin"]
    name: str
    size_wh: tuple[int, int]
    fps: float | None
    frames_promised: int | None


class FrameSource(Protocol):
    """Frames with strictly rising ``t_s`` that begin near 0 and rising ``index``; images as ``packets.Frame`` says.

    ``frames()`` is called once and ends when the source does; it raises ``FacetrackError`` where there is nothing to read.
    ``damage`` is None while all is well; after the end it says in words what was missing ("clip.mp4 is cut off: 120 of
    300 frames could be read"). ``dropped`` counts frames that a live source skipped. ``close()`` may be called at any time,
    from any thread, and more than once; frames() then ends. ``ready``: whether frames() would give the next one now, without
    waiting for its time.
    """

    @property
    def info(self) -> SourceInfo: ...
    @property
    def dropped(self) -> int: ...
    @property
    def damage(self) -> str | None: ...
    @property
    def ready(self) -> bool: ...
    def frames(self) -> Iterator[Frame]: ...
    def close(self) -> None: ...
