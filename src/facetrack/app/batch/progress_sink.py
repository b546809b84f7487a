"""Reports how much of a recording has been read."""

import time
from collections.abc import Callable
from typing import Final

from facetrack.capture.source import SourceInfo
from facetrack.pipeline.sinks import FrameResult, RunEnd

REPORT_INTERVAL_S: Final = 0.2
"""Time between two reports."""


class ProgressSink:
    """Reports the share of a recording that has been read."""

    name = "The progress display"

    def __init__(self, info: SourceInfo, progress: Callable[[float], None]) -> None:
        self._frames = info.frames_promised
        self._progress = progress
        self._reported_s = 0.0

    def on_frame(self, result: FrameResult) -> None:
        now_s = time.monotonic()
        if self._frames and now_s - self._reported_s >= REPORT_INTERVAL_S:
            self._reported_s = now_s
            self._progress(min((result.frame.index + 1) / self._frames, 1.0))

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        pass
