"""Frames without a picture, paced in real time, for a guided session on a machine that has no camera."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from facetrack.capture.clock import Clock, SystemClock
from facetrack.capture.source import SourceInfo
from facetrack.packets import Frame

SIZE_WH: Final = (1280, 720)
"""Width and height of the grey picture in pixels."""
FPS: Final = 24.0
"""Frames per second; the picture shows only text and a demonstration, so film speed is enough."""
GREY: Final = (58, 52, 48)
"""Colour (BGR) of a picture that shows nobody."""


class BlankSource:
    """A ``FrameSource`` of plain grey frames that continues until it is closed."""

    frames_dropped = 0
    corruption = None
    frame_available = False

    def __init__(self, clock: Clock | None = None, size_wh: tuple[int, int] | None = None, fps: float = FPS) -> None:
        self._clock = clock or SystemClock()
        self._size_wh, self._fps = size_wh or SIZE_WH, fps
        self._closed = False

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("camera", "no camera", self._size_wh, self._fps, None)

    def frames(self) -> Iterator[Frame]:
        width, height = self._size_wh
        start_s, index = self._clock.now(), 0
        while not self._closed:
            yield Frame(np.full((height, width, 3), GREY, np.uint8), index / self._fps, index)
            index += 1
            behind_s = self._clock.now() - start_s - index / self._fps
            if behind_s < 0.0:
                self._clock.sleep(-behind_s)
            else:
                start_s += behind_s

    def close(self) -> None:
        self._closed = True
