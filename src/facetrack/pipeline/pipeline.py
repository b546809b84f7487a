"""Drives frames along one straight line: source -> tracker -> judge -> sinks. It decides nothing of its own."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from facetrack.capture.prefetcher import Prefetcher
from facetrack.capture.source import FrameSource
from facetrack.coach.verdict import Verdict
from facetrack.errors import FacetrackError
from facetrack.flow.screen import Screen
from facetrack.geometry.face_points import FacePoints
from facetrack.inspection.inspection import Inspection
from facetrack.inspection.remarks import REMARKS
from facetrack.packets import Frame, Observation
from facetrack.pipeline.judge import Judge
from facetrack.pipeline.sinks import FrameResult, RunEnd, Sink

MAX_SINK_FAILURES: Final = 3
"""Failures after which a sink is left out. After a single one it may still be of use: a session whose journal can't be
written any more still counts its figures."""
LAST_VERDICT_SHOWN_S: Final = 1.0
"""Time that a live session continues once the routine is finished, so that its last verdict is seen."""


class TrackerLike(Protocol):
    """Describes what the pipeline needs of a ``tracking.Tracker``."""

    @property
    def model_hashes(self) -> dict[str, str]: ...
    @property
    def spare_s(self) -> float: ...
    def update(self, frame: Frame, following: Callable[[], Frame | None], /) -> Observation: ...
    def close(self) -> None: ...
    def __enter__(self) -> "TrackerLike": ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class FlowLike(Protocol):
    """Describes what the pipeline needs of a ``flow.SessionFlow``."""

    @property
    def over(self) -> bool: ...
    @property
    def learn_face(self) -> bool: ...
    @property
    def asks_for_tool(self) -> bool: ...
    def pre_coach(
        self, image_bgr: NDArray[np.uint8], observation: Observation, points: FacePoints, source_error: str | None, /
    ) -> tuple[str, ...]: ...
    def post_coach(self, verdict: Verdict, /) -> Screen: ...


@dataclass(frozen=True, slots=True)
class RunResult:
    """Says how a run went."""

    frames: int  # frames that were judged
    last_s: float  # time of the last of them
    corruption: str | None  # what is damaged in the input, in words
    interrupted: bool  # whether it was stopped before its end
    failures: tuple[str, ...]  # one line for each output that was lost
    error: Exception | None  # what broke the pipeline itself, if anything did


@dataclass(slots=True)
class _Guarded:
    """Holds a sink, and how often it has failed."""

    sink: Sink
    failures: int = 0


class Pipeline:
    """Processes the frames of one source, a recording or a camera, from the first to the last.

    stop: asked before every frame; true ends the recording as interrupted. notify: receives each failure of an output, once.
    live: ends when the flow is over, or without one when the coach is finished; a file is read to its end, since its damage
    shows only there.

    While one frame is judged and shown, the tracker may already be at work on the next. With a file that is always so. Live
    it is so only where judging and showing are done before the tracker: else the next frame would just age, and a newer one
    could be had.
    """

    def __init__(
        self,
        source: FrameSource,
        tracker: TrackerLike,
        judge: Judge,
        sinks: Sequence[Sink],
        *,
        stop: Callable[[], bool] = lambda: False,
        notify: Callable[[str], None] = lambda _: None,
        live: bool = False,
        flow: FlowLike | None = None,
        inspection: Inspection | None = None,
    ) -> None:
        self._source = source
        self._tracker = tracker
        self._judge = judge
        self._sinks = [_Guarded(sink) for sink in sinks]
        self._stop = stop
        self._notify = notify
        self._live = live
        self._flow = flow
        self._inspection = inspection or Inspection(source.info.kind)
        self._finished_s: float | None = None
        self._failures: list[str] = []
        self._last: FrameResult | None = None
        self._frames = 0
        self._interrupted = False

    def run(self) -> RunResult:
        """Run to the end. Sinks are finished and closed whatever happens; what broke the pipeline is in the result."""
        error: Exception | None = None
        try:
            self._process_frames()
        except Exception as caught:  # kept for the caller: the session is saved first
            error = caught
        self._source.close()
        self._finish(error)
        last_s = 0.0 if self._last is None else self._last.points.t_s
        return RunResult(self._frames, last_s, self._source.corruption, self._interrupted, tuple(self._failures), error)

    def _process_frames(self) -> None:
        frames = Prefetcher(self._source)
        while (frame := frames.next()) is not None and not self._stop():
            arrived_s = frames.arrived_s
            if not self._live:  # read while the hands are looked for
                frames.peek()
            observation = self._inspection.update(frame, self._tracker.update(frame, lambda: self._following(frames)))
            result = self._judged(frame, observation, arrived_s)
            self._emit(result)
            if self._live and self._over(result):
                return
        self._interrupted = self._stop()

    def _following(self, frames: Prefetcher) -> Frame | None:
        """Read the next frame, if the tracker should begin with it already."""
        if not self._live or (self._source.frame_available and self._tracker.spare_s > 0.0):
            return frames.peek()
        return None

    def _over(self, result: FrameResult) -> bool:
        if self._flow is not None:
            return self._flow.over
        if result.verdict.state != "finished":
            return False
        self._finished_s = result.frame.t_s if self._finished_s is None else self._finished_s
        return result.frame.t_s - self._finished_s >= LAST_VERDICT_SHOWN_S

    def _judged(self, frame: Frame, observation: Observation, arrived_s: float) -> FrameResult:
        flow, coach = self._flow, self._judge.coach
        points, projection = self._judge.locate(observation)
        commands = flow.pre_coach(frame.image_bgr, observation, points, frame.source_error) if flow is not None else ()
        for command in commands:
            coach.command(command, points.t_s)
        verdict = coach.update(points)
        screen = flow.post_coach(verdict) if flow is not None else None
        if flow is not None:
            self._judge.ask_for_tool(flow.asks_for_tool)
            if flow.learn_face:
                self._judge.mapper.reset()
        remarks = self._inspection.remarks
        for remark in remarks:
            self._notify(REMARKS.get(remark, remark))
        latency_s = time.perf_counter() - arrived_s
        return FrameResult(frame, observation, points, projection, verdict, latency_s, screen, commands, remarks)

    def _emit(self, result: FrameResult) -> None:
        self._last = result
        self._frames += 1
        for guarded in self._sinks:
            self._guard(guarded, lambda sink: sink.on_frame(result))

    def _finish(self, error: Exception | None) -> None:
        corruption = self._source.corruption
        complete = corruption is None and error is None and not self._interrupted
        end = RunEnd(self._final_verdict(), complete, corruption, self._source.frames_dropped)
        for guarded in self._sinks:
            self._guard(guarded, lambda sink: sink.finish(end))
        for guarded in self._sinks:
            guarded.failures = min(guarded.failures, 1)  # closing is tried on all
            self._guard(guarded, lambda sink: sink.close())

    def _final_verdict(self) -> Verdict | None:
        if self._last is None:
            return None
        try:
            return self._judge.finish(self._last.points.t_s)
        except Exception as error:  # what was recorded is saved all the same
            self._report_failure(f"The last step could not be closed ({error!r}).")
            return None

    def _guard(self, guarded: _Guarded, action: Callable[[Sink], None]) -> None:
        if guarded.failures >= MAX_SINK_FAILURES:
            return
        try:
            action(guarded.sink)
        except Exception as error:  # whatever an output raises, the others go on
            guarded.failures += 1
            if guarded.failures > 1:
                return
            message = str(error) if isinstance(error, FacetrackError) else f"{guarded.sink.name} failed ({error!r})."
            self._report_failure(message)

    def _report_failure(self, message: str) -> None:
        if message not in self._failures:
            self._failures.append(message)
            self._notify(message)
