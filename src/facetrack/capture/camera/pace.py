"""Learns how fast a camera gives its pictures. In dim light many expose longer, down to one picture a second."""

from collections import deque
from itertools import pairwise
from typing import Final

FEWEST_FPS: Final = 8.0
"""Pictures a second below which movements can't be judged."""
WINDOW_S: Final = 3.0
"""Time over which the pictures are counted; some cameras pause for a moment to adjust."""
REMEMBERED: Final = 3
"""How many of the newest intervals show a camera's own pace."""
PATIENCE: Final = 2.0
"""How many times its own longest interval a camera may be silent."""


class Pace:
    """Holds the times of a camera's newest pictures."""

    def __init__(self) -> None:
        self._times_s: deque[float] = deque()

    def update(self, now_s: float) -> None:
        """Record a picture that has arrived."""
        times = self._times_s
        times.append(now_s)
        while len(times) > REMEMBERED + 1 and now_s - times[1] >= WINDOW_S:
            times.popleft()

    @property
    def usual_silence_s(self) -> float | None:
        """How long the camera may be silent by its own pace, in seconds; None until that is known."""
        newest = list(self._times_s)[-REMEMBERED - 1 :]
        if len(newest) <= REMEMBERED:
            return None
        return PATIENCE * max(after - before for before, after in pairwise(newest))

    @property
    def slow(self) -> bool:
        """Whether the camera gives too few pictures a second to judge movements."""
        times = self._times_s
        span_s = times[-1] - times[0] if times else 0.0
        return span_s >= WINDOW_S and (len(times) - 1) / span_s < FEWEST_FPS
