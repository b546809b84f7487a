"""Frames without a picture, paced in real time: a guided session on a machine that has no camera."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from facetrack.capture.clock import Clock, SystemClock
from facetrack.capture.source import SourceInfo
from facetrack.packets import Frame

SIZE_WH: Final = (1280, 720)
FPS: Final = 24.0
GREY: Final = (58, 52, 48)


class BlankSource:
    """A ``FrameSource`` that goes on until it is closed."""

    dropped = 0
    damage = None

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._closed = False

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("camera", "no camera", SIZE_WH, FPS, None)

    def frames(self) -> Iterator[Frame]:
        start_s, index = self._clock.now(), 0
        while not self._closed:
            yield Frame(np.full((SIZE_WH[1], SIZE_WH[0], 3), GREY, np.uint8), index / FPS, index)
            index += 1
            behind_s = self._clock.now() - start_s - index / FPS
            if behind_s < 0.0:
                self._clock.sleep(-behind_s)
            else:
                start_s += behind_s

    def close(self) -> None:
        self._closed = True
