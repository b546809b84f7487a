"""The recorder as a sink of the line."""

from facetrack.flow.tempo import Pulse
from facetrack.pipeline.sinks import Ending, Tick
from facetrack.session.recorder import SessionRecorder


class SessionSink:
    """Hands every tick to a recorder. ``document`` is session.json's content once it is finished, else None.

    Where the disk fails in the middle, ``take`` raises and the session ends there for its files: ``close`` then writes what
    was recorded until then.
    """

    name = "the session"

    def __init__(self, recorder: SessionRecorder) -> None:
        self.recorder = recorder
        self.document: dict[str, object] | None = None
        self._last_s: float = 0.0
        self._broken = False
        self._fault: str | None = None
        self._pulse: Pulse | None = None

    def take(self, tick: Tick) -> None:
        self._last_s = tick.points.t_s
        try:
            for command in tick.commands:
                self.recorder.command(tick.points.t_s, command)
            if tick.frame.source_error != self._fault:
                self._fault = tick.frame.source_error
                self.recorder.fault(tick.points.t_s, self._fault)
            pulse = tick.screen.pulse if tick.screen is not None else None
            if pulse is not None and pulse is not self._pulse:
                self._pulse = pulse
                self.recorder.pulse(tick.points.t_s, pulse)
            self.recorder.take(tick.points, tick.verdict)
        except Exception:
            self._broken = True
            raise

    def finish(self, ending: Ending) -> None:
        self.document = self.recorder.finish(
            self._last_s, complete=ending.complete, last=ending.verdict, frames_dropped=ending.dropped
        )

    def close(self) -> None:
        try:
            if self._broken and self.document is None:
                self.document = self.recorder.finish(self._last_s, complete=False, frames_dropped=None)
        finally:
            self.recorder.close()
