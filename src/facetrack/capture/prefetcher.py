"""A source's frames one by one, the next of them early where somebody can already work on it."""

import time

from facetrack.capture.source import FrameSource
from facetrack.packets import Frame


class Prefetcher:
    """``next`` gives each frame once, in order. Never more than one frame is held: older ones would only age.

    arrived_s: when the frame that was taken last came from the source, on ``time.perf_counter``.
    """

    def __init__(self, source: FrameSource) -> None:
        self._frames = source.frames()
        self._early: Frame | None = None
        self._early_s = 0.0
        self._error: Exception | None = None
        self.arrived_s = 0.0

    def peek(self) -> Frame | None:
        """The frame that ``next`` will give next; waits for it as long as the source does. None where there is none.

        What the source raises meanwhile is raised by ``next``, when its turn has come.
        """
        if self._early is None and self._error is None:
            try:
                self._early = next(self._frames, None)
            except Exception as error:  # the frames before it are judged first
                self._error = error
            self._early_s = time.perf_counter()
        return self._early

    def next(self) -> Frame | None:
        """The next frame, or None at the end."""
        frame = self.peek()
        if self._error is not None:
            raise self._error
        self._early, self.arrived_s = None, self._early_s
        return frame
