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
    """Holds one frame with everything that was computed from it; ``Sink`` has an example."""

    frame: Frame
    observation: Observation
    points: FacePoints
    projection: ImageChartTransform | None  # None where the face's place is not known
    verdict: Verdict
    latency_s: float  # time from the frame's arrival in the pipeline to its verdict
    screen: Screen | None = None  # what the session's flow shows; None where the session has no flow
    commands: tuple[str, ...] = ()  # commands that the coach was given before this frame
    remarks: tuple[str, ...] = ()  # ids of what is said of the source from this frame on


@dataclass(frozen=True, slots=True)
class RunEnd:
    """Says how a run ended; ``Sink`` has an example."""

    verdict: Verdict | None  # the coach's last verdict, which closes what was open; None if there was no frame
    complete: bool  # whether the source ended by itself and whole
    corruption: str | None  # what was missing of the source, in words
    dropped: int  # frames that the source skipped


class Sink(Protocol):
    """Receives the results of a run.

    ``on_frame`` is called once a frame, then ``finish`` once, then ``close`` once, whichever of them fails. A class of your own
    that has these members is a sink: it need not inherit from this one.

    Examples
    --------
    >>> import facetrack
    >>> class Counter:
    ...     name, frames, whole = "the counter", 0, None
    ...
    ...     def on_frame(self, result):
    ...         self.frames += 1
    ...
    ...     def finish(self, end):
    ...         self.whole = end.complete
    ...
    ...     def close(self):
    ...         pass
    >>> counter = Counter()
    >>> session = facetrack.analyze("clip.mp4", routine="fascia", step="jawline", sinks=[counter])
    >>> counter.frames == session.document.tracking.frames, counter.whole
    (True, True)
    """

    @property
    def name(self) -> str:
        """What is lost if this output fails, for messages ("the session", "the annotated video")."""
        ...

    def on_frame(self, result: FrameResult, /) -> None:
        """Process a frame's result."""

    def finish(self, end: RunEnd, /) -> None:
        """Take how the run ended."""

    def close(self) -> None:
        """Release what is open."""
