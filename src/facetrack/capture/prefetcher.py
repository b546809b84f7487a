"""Hands out a source's frames one by one, and shows the next one early to whoever can already work on it."""

import time

from facetrack.capture.source import FrameSource
from facetrack.packets import Frame


class Prefetcher:
    """``next`` returns each frame once, in order. At most one frame is held, because older ones would only age."""

    def __init__(self, source: FrameSource) -> None:
        self._frames = source.frames()
        self._early: Frame | None = None
        self._early_s = 0.0
        self._error: Exception | None = None
        self.arrived_s = 0.0

    def peek(self) -> Frame | None:
        """Return the frame that ``next`` will return, waiting for the source if need be; None if there is none.

        An error that the source raises meanwhile is raised by ``next`` when its turn comes.
        """
        if self._early is None and self._error is None:
            try:
                self._early = next(self._frames, None)
            except Exception as error:  # the frames before it are judged first
                self._error = error
            self._early_s = time.perf_counter()
        return self._early

    def next(self) -> Frame | None:
        """Return the next frame, or None at the end."""
        frame = self.peek()
        if self._error is not None:
            raise self._error
        self._early, self.arrived_s = None, self._early_s
        return frame
