"""Shows a film at a pace of its own: waits where the line is early, and skips nothing where it is late."""

import time

from facetrack.pipeline.sinks import Ending, Tick


class PaceSink:
    """times: how many of the film's seconds pass in one of the watcher's."""

    name = "The pace"

    def __init__(self, times: float) -> None:
        self._times = times
        self._start_s: float | None = None

    def take(self, tick: Tick) -> None:
        now_s = time.monotonic()
        film_s = tick.frame.t_s / self._times
        if self._start_s is None:
            self._start_s = now_s - film_s
        ahead_s = self._start_s + film_s - now_s
        if ahead_s > 0.0:
            time.sleep(ahead_s)
        else:
            self._start_s -= ahead_s

    def finish(self, ending: Ending) -> None:
        pass

    def close(self) -> None:
        pass
