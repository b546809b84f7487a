"""Pace: rushed where the median over 1.5 s of stroking is above the step's limit."""

import math
from collections import deque

from facetrack.coach.segment import Segment
from facetrack.coach.settings import Thresholds

_STALE_S = 4.0
_ENOUGH = 0.95
"""Share of the window that must be filled."""


def median_over(samples: list[tuple[float, float]]) -> float:
    """Median of (duration, value) samples weighted by duration; NaN of none."""
    if not samples:
        return math.nan
    ordered = sorted(samples, key=lambda sample: sample[1])
    half = sum(duration for duration, _ in samples) / 2.0
    for duration, value in ordered:
        half -= duration
        if half <= 0:
            return value
    return ordered[-1][1]


class PaceCheck:
    """One side's pace over its latest stroking."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self.reset()

    def reset(self) -> None:
        """Another step."""
        self.wrong = False
        self.median = math.nan
        self._closed: deque[tuple[float, float, float]] = deque()
        self._closed_s = 0.0
        self._last_t_s = -math.inf

    def stroke(self, segment: Segment) -> None:
        """Take a stroke that was in contact."""
        for sample in segment.speeds:
            self._closed.append(sample)
            self._closed_s += sample[1]
        while self._closed and self._closed_s - self._closed[0][1] > self._limits.pace_window_s:
            self._closed_s -= self._closed.popleft()[1]

    def update(self, under_way: Segment | None, limit: float, t_s: float) -> bool:
        """under_way: a stroke in contact that goes on, or None."""
        latest = list(reversed(under_way.speeds)) if under_way is not None else []
        if latest:
            self._last_t_s = t_s
        window, recent = [], []
        filled = 0.0
        for _, duration, value in [*latest, *reversed(self._closed)]:
            if filled >= self._limits.pace_window_s:
                break
            window.append((duration, value))
            if filled < self._limits.pace_mend_s:
                recent.append((duration, value))
            filled += duration
        if filled < _ENOUGH * self._limits.pace_window_s:
            self.median = math.nan
        else:
            self.median = median_over(window)
            if self.median > limit:
                self.wrong = self.wrong or median_over(recent) > limit
            if self.wrong and median_over(recent) <= limit:
                self.wrong = False
        if self.wrong and t_s - self._last_t_s > _STALE_S:
            self.wrong = False
        return self.wrong
