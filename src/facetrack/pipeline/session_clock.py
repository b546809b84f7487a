"""Gives the session's time by the monotonic clock, for what must not wait for frames: the beat, heard and seen."""

import math
import time
from collections.abc import Callable

from facetrack.pipeline.sinks import FrameResult


class SessionClock:
    """Tells the session's time from its frames. All are late by some time; the least late says best when the clock was 0.

    Only of sessions that run as fast as the clock does. now: the clock, in s.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.began_s = math.inf

    def update(self, result: FrameResult) -> float:
        """Take a result as it comes; gives the session's time now, s."""
        now_s = self._now()
        self.began_s = min(self.began_s, now_s - result.latency_s - result.frame.t_s)
        return now_s - self.began_s
