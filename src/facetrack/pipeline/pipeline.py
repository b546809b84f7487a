"""The straight line: source -> tracker -> geometry -> coach -> sinks. It drives, and decides nothing of its own."""

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
from facetrack.geometry.quantisation import quantise
from facetrack.packets import Frame, Observation
from facetrack.pipeline.sinks import Ending, Fit, Sink, Tick

__all__ = ["Coaching", "Flowing", "Mapping", "Outcome", "Pipeline", "Tracking"]

MOST_FAILURES: Final = 3
"""A sink that has failed this often is left out. A single failure may leave it a use: a session whose journal can't be
written any more still counts its figures."""
AFTER_END_S: Final = 1.0
"""A live session goes on for this long once the routine is finished, so that its last verdict is seen."""


class Tracking(Protocol):
    """``tracking.Tracker``, and the fakes of the tests."""

    @property
    def model_hashes(self) -> dict[str, str]: ...
    @property
    def spare_s(self) -> float: ...
    def update(self, frame: Frame, following: Callable[[], Frame | None], /) -> Observation: ...
    def close(self) -> None: ...
    def __enter__(self) -> "Tracking": ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


class Mapping(Protocol):
    """``geometry.FaceMapper``."""

    def update(self, observation: Observation, /) -> tuple[FacePoints, Fit | None]: ...
    def reset(self) -> None: ...


class Coaching(Protocol):
    """``coach.LiveCoach``."""

    def command(self, name: str, t_s: float, /) -> None: ...
    def update(self, points: FacePoints, /) -> Verdict: ...
    def finish(self, t_s: float, /) -> Verdict: ...


class Flowing(Protocol):
    """``flow.SessionFlow``."""

    @property
    def over(self) -> bool: ...
    @property
    def learn_face(self) -> bool: ...
    def before(
        self, image_bgr: NDArray[np.uint8], observation: Observation, points: FacePoints, fault: str | None, /
    ) -> tuple[str, ...]: ...
    def after(self, verdict: Verdict, /) -> Screen: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """frames: judged. last_s: the time of the last. damage: of the input, in words. interrupted: stopped before its end.
    failures: one line for each output that was lost. error: what broke the line itself, if anything did."""

    frames: int
    last_s: float
    damage: str | None
    interrupted: bool
    failures: tuple[str, ...]
    error: Exception | None


@dataclass(slots=True)
class _Guarded:
    """A sink and how often it has failed."""

    sink: Sink
    failures: int = 0


class Pipeline:
    """One recording, from its first frame to its last.

    stop: asked before every frame; true ends the recording as if interrupted. tell: is given each failure of an output, once.
    live: ends when the flow is over, or without one when the coach is finished; a file is read to its end, since its damage
    shows only there.

    While one frame is judged and shown, the tracker may already be at work on the next. Of a file that is always so. Live it is
    only where judging and showing are done before the tracker: else the next frame would just age, and a newer one could be
    had.
    """

    def __init__(
        self,
        source: FrameSource,
        tracker: Tracking,
        mapper: Mapping,
        coach: Coaching,
        sinks: Sequence[Sink],
        *,
        stop: Callable[[], bool] = lambda: False,
        tell: Callable[[str], None] = lambda _: None,
        live: bool = False,
        flow: Flowing | None = None,
    ) -> None:
        self._source = source
        self._tracker = tracker
        self._mapper = mapper
        self._coach = coach
        self._sinks = [_Guarded(sink) for sink in sinks]
        self._stop = stop
        self._tell = tell
        self._live = live
        self._flow = flow
        self._finished_s: float | None = None
        self._failures: list[str] = []
        self._last: Tick | None = None
        self._frames = 0
        self._interrupted = False

    def run(self) -> Outcome:
        """Runs to the end. Sinks are finished and closed whatever happens; what broke the line is in the outcome."""
        error: Exception | None = None
        try:
            self._follow_source()
        except Exception as caught:  # kept for the caller: the session is saved first
            error = caught
        self._source.close()
        self._finish(error)
        last_s = 0.0 if self._last is None else self._last.points.t_s
        return Outcome(self._frames, last_s, self._source.corruption, self._interrupted, tuple(self._failures), error)

    def _follow_source(self) -> None:
        frames = Prefetcher(self._source)
        while (frame := frames.next()) is not None and not self._stop():
            arrived_s = frames.arrived_s
            if not self._live:  # read while the hands are looked for
                frames.peek()
            observation = self._tracker.update(frame, lambda: self._following(frames))
            tick = self._judge(frame, observation, arrived_s)
            self._hand_out(tick)
            if self._live and self._over(tick):
                return
        self._interrupted = self._stop()

    def _following(self, frames: Prefetcher) -> Frame | None:
        """The next frame, if the tracker should be at work on it already."""
        if not self._live or (self._source.frame_available and self._tracker.spare_s > 0.0):
            return frames.peek()
        return None

    def _over(self, tick: Tick) -> bool:
        if self._flow is not None:
            return self._flow.over
        if tick.verdict.phase != "finished":
            return False
        self._finished_s = tick.frame.t_s if self._finished_s is None else self._finished_s
        return tick.frame.t_s - self._finished_s >= AFTER_END_S

    def _judge(self, frame: Frame, observation: Observation, arrived_s: float) -> Tick:
        points, fit = self._mapper.update(observation)
        # At the journal's resolution, so that a replayed journal gives the coach the same numbers.
        points = quantise(points)
        commands = self._flow.before(frame.image_bgr, observation, points, frame.source_error) if self._flow is not None else ()
        for command in commands:
            self._coach.command(command, points.t_s)
        verdict = self._coach.update(points)
        screen = self._flow.after(verdict) if self._flow is not None else None
        if self._flow is not None and self._flow.learn_face:
            self._mapper.reset()
        return Tick(frame, observation, points, fit, verdict, time.perf_counter() - arrived_s, screen, commands)

    def _hand_out(self, tick: Tick) -> None:
        self._last = tick
        self._frames += 1
        for guarded in self._sinks:
            self._guard(guarded, lambda sink: sink.take(tick))

    def _finish(self, error: Exception | None) -> None:
        damage = self._source.corruption
        complete = damage is None and error is None and not self._interrupted
        ending = Ending(self._last_word(), complete, damage, self._source.frames_dropped)
        for guarded in self._sinks:
            self._guard(guarded, lambda sink: sink.finish(ending))
        for guarded in self._sinks:
            guarded.failures = min(guarded.failures, 1)  # closing is tried on all
            self._guard(guarded, lambda sink: sink.close())

    def _last_word(self) -> Verdict | None:
        if self._last is None:
            return None
        try:
            return self._coach.finish(self._last.points.t_s)
        except Exception as error:  # what was recorded is saved all the same
            self._failed(f"The last step could not be closed ({error!r}).")
            return None

    def _guard(self, guarded: _Guarded, action: Callable[[Sink], None]) -> None:
        if guarded.failures >= MOST_FAILURES:
            return
        try:
            action(guarded.sink)
        except Exception as error:  # whatever an output raises, the others go on
            guarded.failures += 1
            if guarded.failures > 1:
                return
            self._failed(str(error) if isinstance(error, FacetrackError) else f"{guarded.sink.name} failed ({error!r}).")

    def _failed(self, reason: str) -> None:
        if reason not in self._failures:
            self._failures.append(reason)
            self._tell(reason)
