"""What comes out of the line, and the contract of everything that takes it: overlay window, video writer, session."""

from dataclasses import dataclass
from typing import Protocol

from facetrack.coach.verdict import Verdict
from facetrack.flow.screen import Screen
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import Float, Frame, Observation


class Fit(Protocol):
    """The face of one frame as a map between picture and chart; ``geometry.FaceFit`` is one."""

    def image_from_chart(self, points_mm: Float, /) -> Float: ...


@dataclass(frozen=True, slots=True)
class Tick:
    """One frame with all that was made of it. fit: None where the face's place is not known.

    latency_s: from the frame's arrival in the line to its verdict. screen: what the session's flow shows; None where it has
    none. commands: that the coach was given before this frame.
    """

    frame: Frame
    observation: Observation
    points: FacePoints
    fit: Fit | None
    verdict: Verdict
    latency_s: float
    screen: Screen | None = None
    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a recording ended. verdict: the coach's last word, which closes what was open; None if there was no frame.

    complete: the source ended by itself and whole. damage: in words, what of it was missing. dropped: frames skipped by it.
    """

    verdict: Verdict | None
    complete: bool
    damage: str | None
    dropped: int


class Sink(Protocol):
    """``take`` once a frame, then ``finish`` once, then ``close`` once, also after a failure of any of them."""

    @property
    def name(self) -> str:
        """For messages: what of the output is lost if this fails ("the session", "the annotated video")."""
        ...

    def take(self, tick: Tick) -> None: ...
    def finish(self, ending: Ending) -> None: ...
    def close(self) -> None: ...
