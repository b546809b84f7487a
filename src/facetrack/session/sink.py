"""Makes the recorder a sink of the pipeline."""

from facetrack.flow.tempo import PulseRate
from facetrack.pipeline.sinks import FrameResult, RunEnd
from facetrack.session.document import SessionDocument
from facetrack.session.recorder import SessionRecorder


class SessionSink:
    """Hands every result to a recorder. ``document`` is session.json's content once it is finished, else None;
    ``last_s`` the time of the last frame.

    Where the disk fails in the middle, ``take`` raises and the session ends there for its files: ``close`` then writes what
    was recorded until then.
    """

    name = "the session"

    def __init__(self, recorder: SessionRecorder) -> None:
        self.recorder = recorder
        self.document: SessionDocument | None = None
        self.last_s: float = 0.0
        self._broken = False
        self._source_error: str | None = None
        self._pulse: PulseRate | None = None

    def on_frame(self, result: FrameResult) -> None:
        self.last_s = result.points.t_s
        try:
            for command in result.commands:
                self.recorder.command(result.points.t_s, command)
            if result.frame.source_error != self._source_error:
                self._source_error = result.frame.source_error
                self.recorder.source_error(result.points.t_s, self._source_error)
            for remark in result.remarks:
                self.recorder.remark(result.points.t_s, remark)
            pulse = result.screen.pulse if result.screen is not None else None
            if pulse is not None and pulse is not self._pulse:
                self._pulse = pulse
                self.recorder.pulse(result.points.t_s, pulse)
            self.recorder.take(result.points, result.verdict)
        except Exception:
            self._broken = True
            raise

    def finish(self, end: RunEnd) -> None:
        self.document = self.recorder.finish(self.last_s, complete=end.complete, last=end.verdict, frames_dropped=end.dropped)

    def close(self) -> None:
        try:
            if self._broken and self.document is None:
                self.document = self.recorder.finish(self.last_s, complete=False, frames_dropped=None)
        finally:
            self.recorder.close()
