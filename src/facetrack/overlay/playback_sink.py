"""Shows a film at its own rate: waits where the pipeline is early, and skips nothing where it is late."""

import time

from facetrack.pipeline.sinks import FrameResult, RunEnd


class PlaybackRateSink:
    """Holds the pipeline back so that a film is seen at an even rate. rate: seconds of film in a second of watching."""

    name = "The playback rate"

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._start_s: float | None = None

    def on_frame(self, result: FrameResult) -> None:
        now_s = time.monotonic()
        film_s = result.frame.t_s / self._rate
        if self._start_s is None:
            self._start_s = now_s - film_s
        ahead_s = self._start_s + film_s - now_s
        if ahead_s > 0.0:
            time.sleep(ahead_s)
        else:
            self._start_s -= ahead_s

    def finish(self, end: RunEnd) -> None:
        pass

    def close(self) -> None:
        pass
