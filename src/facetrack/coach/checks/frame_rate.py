"""Counts the pictures of the last seconds: with too few of them a stroke can't be known."""

from collections import deque

from facetrack.coach.thresholds import TIME_TOLERANCE_S, Thresholds


class FrameRate:
    """Says whether there are too few pictures a second; ``update`` once a frame.

    At first the pictures of a second must do. A gap counts as what it is: time without pictures.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        self._tuning = thresholds.tuning.steps
        self._times: deque[float] = deque()
        self._since_s = float("nan")

    def restart(self) -> None:
        """Count anew from the next frame on, after a time in which nobody looked."""
        self._times.clear()
        self._since_s = float("nan")

    def update(self, t_s: float, repeated: bool) -> bool:
        """Process a frame. repeated: its picture is the one before, and so none of its own."""
        if self._since_s != self._since_s:
            self._since_s = t_s
        if not repeated:
            self._times.append(t_s)
        window_s = self._tuning.rate_window_s
        while self._times and self._times[0] <= t_s - window_s - TIME_TOLERANCE_S:
            self._times.popleft()
        span_s = min(t_s - self._since_s, window_s)
        return span_s >= self._tuning.rate_early_s and len(self._times) < self._tuning.least_per_s * span_s
