"""Defines what the pipeline produces, and the contract of everything that receives it: window, video writer, session."""

from dataclasses import dataclass
from typing import Protocol

from facetrack.coach.verdict import Verdict
from facetrack.flow.screen import Screen
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import Float, Frame, Observation


class ImageChartTransform(Protocol):
    """Maps places of the canonical face (the chart) into the picture, for the face of one frame."""

    def image_from_chart(self, points_mm: Float, /) -> Float: ...


@dataclass(frozen=True, slots=True)
class FrameResult:
    """One frame with all that was made of it."""

    frame: Frame
    observation: Observation
    points: FacePoints
    projection: ImageChartTransform | None
    """None where the face's place is not known."""
    verdict: Verdict
    latency_s: float
    """Time from the frame's arrival in the pipeline to its verdict."""
    screen: Screen | None = None
    """What the session's flow shows; None where the session has no flow."""
    commands: tuple[str, ...] = ()
    """Commands that the coach was given before this frame."""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended."""

    verdict: Verdict | None
    """The coach's last verdict, which closes what was open; None if there was no frame."""
    complete: bool
    """Whether the source ended by itself and whole."""
    damage: str | None
    """What was missing of the source, in words."""
    dropped: int
    """Frames that the source skipped."""


class Sink(Protocol):
    """An output. ``on_frame`` is called once a frame, then ``finish`` once, then ``close`` once, whichever of them fails."""

    @property
    def name(self) -> str:
        """What is lost if this output fails, for messages ("the session", "the annotated video")."""
        ...

    def on_frame(self, result: FrameResult, /) -> None: ...
    def finish(self, end: RunEnd, /) -> None: ...
    def close(self) -> None: ...
