"""Keeps the mannequin's frames in memory and plays them repeatedly: as fast as they are taken, or at a camera's pace."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.capture.source import SourceInfo
from facetrack.mannequin import MannequinSource, Style, perform
from facetrack.packets import Frame
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session import SessionIdentity, new_session_id

Image = NDArray[np.uint8]

ROUTINE: Final = "fascia"
"""The routine that is played."""
STEP: Final = "jawline"
"""The step that is played."""
FPS: Final = 30.0
"""Frames per second of the footage."""
NEUTRAL_S: Final = 2.2
"""Time before the mannequin's hands come: the coach learns the face in two seconds, and judges from then on."""
WARM_UP_FRAMES: Final = 110
"""Frames that are played but not counted: calibration and the arrival of the hands, in which the coach has nothing to do."""
REPEATED_FRAMES: Final = 90
"""Frames kept in memory: three seconds with both hands at work."""


def mannequin(frames: int) -> MannequinSource:
    """Make a source of that many frames after the warm-up."""
    step = load_routine(ROUTINE).step(STEP)
    seconds = (frames + WARM_UP_FRAMES) / FPS
    return MannequinSource(perform(step, (), Style(order="together"), NEUTRAL_S, seconds=seconds), fps=FPS)


def session_identity(routine: CompiledRoutine) -> SessionIdentity:
    """Make the identity of a session that nobody will look at."""
    now = datetime.now(UTC)
    return SessionIdentity(new_session_id(now), routine, {}, {}, {}, "mannequin", "bench", now)


class Footage:
    """A warm-up and the work after it. The work is played forwards and backwards for as long as it is needed."""

    def __init__(self, images: Sequence[Image]) -> None:
        """Keep the images; there must be more than WARM_UP_FRAMES."""
        self._images = images
        self._repeated = len(images) - WARM_UP_FRAMES
        height, width = images[0].shape[:2]
        self.size_wh = (width, height)

    @staticmethod
    def rendered() -> "Footage":
        """Render the mannequin."""
        needed = WARM_UP_FRAMES + REPEATED_FRAMES
        return Footage([frame.image_bgr for frame in islice(mannequin(REPEATED_FRAMES).frames(), needed)])

    def image(self, number: int) -> Image:
        """Return the image of the frame with that number, which may be any."""
        if number < WARM_UP_FRAMES:
            return self._images[number]
        turn, place = divmod(number - WARM_UP_FRAMES, self._repeated)
        place = self._repeated - 1 - place if turn % 2 else place
        return self._images[WARM_UP_FRAMES + place]


class FootageSource:
    """Footage as a ``FrameSource`` whose next frame is always available. captured_s: time of each frame on
    ``time.perf_counter``."""

    frames_dropped = 0
    corruption = None
    frame_available = True

    def __init__(self, footage: Footage, frames: int) -> None:
        self._footage, self._frames = footage, frames
        self._closed = False
        self.captured_s: list[float] = []

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("mannequin", "bench", self._footage.size_wh, FPS, None)

    def frames(self) -> Iterator[Frame]:
        for number in range(self._frames):
            if self._closed:
                return
            self.captured_s.append(time.perf_counter())
            yield Frame(self._footage.image(number), number / FPS, number)

    def close(self) -> None:
        self._closed = True
