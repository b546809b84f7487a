"""The thread that reads a camera until its first fault."""

import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from facetrack.capture.clock import Clock
from facetrack.capture.opencv import Capture, Image, frame_image
from facetrack.capture.slot import NewestSlot

WANTED_WH: Final = (1280, 720)
WANTED_FPS: Final = 30
FINGERPRINT_STRIDE: Final = 16
"""Every 16th pixel of every 16th row tells a frozen picture from a living one, whose noise never repeats: 5 us at 720p."""
STUCK: Final = 1.5
"""Times the silence after which a failing camera is told by its reader: then the reader itself is stuck in the driver."""
FEWEST_SAME: Final = 5
"""Equal pictures before a camera can count as frozen, however slow it is."""


@dataclass(frozen=True, slots=True)
class CameraTiming:
    """Seconds. open_s: for opening, and the first picture (Windows takes up to 12). silent_s: without a picture before a camera
    counts as lost. frozen_s: of one and the same picture. first_pause_s, longest_pause_s: between attempts to open it again.
    give_up_s: without a picture before the session ends."""

    open_s: float = 15.0
    silent_s: float = 1.0
    frozen_s: float = 1.0
    first_pause_s: float = 0.25
    longest_pause_s: float = 1.0
    give_up_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture, when it was taken on the source's clock, and its number since the camera was first opened."""

    image: Image
    taken_s: float
    number: int


def configure(capture: Capture) -> None:
    """Asks for 720p at 30 frames a second. Many webcams reach that only in MJPG; those that have none ignore it."""
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WANTED_WH[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, WANTED_WH[1])
    capture.set(cv2.CAP_PROP_FPS, WANTED_FPS)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)


def fingerprint(image: Image) -> int:
    """Equal for equal pictures, and all but never for two different ones of a living camera."""
    return zlib.crc32(np.ascontiguousarray(image[::FINGERPRINT_STRIDE, ::FINGERPRINT_STRIDE]).data)


class CameraReader(threading.Thread):
    """Reads into ``slot`` until its first fault or until abandoned; then lets go of the camera, as soon as the driver allows.

    frozen_crc: pictures with this fingerprint are those of the camera's frozen past and are kept back.
    """

    def __init__(
        self,
        opener: Callable[[], Capture],
        capture: Capture | None,
        slot: NewestSlot[Shot],
        clock: Clock,
        timing: CameraTiming,
        frozen_crc: int | None,
    ) -> None:
        super().__init__(name="facetrack-camera", daemon=True)
        self._opener = opener
        self._capture = capture
        self._slot = slot
        self._clock = clock
        self._timing = timing
        self._abandoned = False
        self._same = 0
        self._same_since_s = clock.now()
        self._crc = frozen_crc
        self.frozen_crc = frozen_crc
        self.began_s = clock.now()
        self.fps: float | None = None
        self.number = 0  # of the next picture
        self.fault: str | None = None
        """In words that follow the camera's name, once something is wrong."""
        self.patience_s = timing.open_s

    def abandon(self) -> None:
        """No more pictures from this one. Only a flag: the thread may be stuck in the driver."""
        self._abandoned = True

    def run(self) -> None:
        try:
            capture = self._capture or self._opener()
        except Exception as error:  # whatever a driver raises, the user has no camera
            self.fault = f"can't be opened ({error})"
            return
        try:
            self._read_until_fault(capture)
        except Exception as error:
            self.fault = f"fails ({error})"
        finally:
            capture.release()

    def _read_until_fault(self, capture: Capture) -> None:
        if not capture.isOpened():
            self.fault = "can't be opened"
            return
        if self._capture is None:
            configure(capture)
        fps = capture.get(cv2.CAP_PROP_FPS)
        self.fps = fps if 0.0 < fps < 1000.0 else None
        silent_since_s = self._clock.now()
        while not self._abandoned:
            ok, raw = capture.read()
            image = frame_image(raw) if ok else None
            now_s = self._clock.now()
            if image is not None:
                silent_since_s = now_s
                self._hand_on(image, now_s)
            elif now_s - silent_since_s > self._timing.silent_s:
                self.fault = "gives no pictures"
            else:
                # A failed read may be the only one; but it returns at once, and must not spin.
                self._clock.sleep(0.01)
            if self.fault is not None:
                return

    def _hand_on(self, image: Image, now_s: float) -> None:
        crc = fingerprint(image)
        if crc == self._crc:
            self._same += 1
        else:
            self._crc, self._same, self._same_since_s, self.frozen_crc = crc, 0, now_s, None
        if self._same >= FEWEST_SAME and now_s - self._same_since_s > self._timing.frozen_s:
            self.frozen_crc = crc
            self.fault = "shows the same picture all the time (it hangs, or its lens is covered)"
            return
        number = self.number
        self.number += 1
        if not self._abandoned and crc != self.frozen_crc:
            # From the first picture on, the camera is open and has to keep coming.
            self.patience_s, self.began_s = STUCK * self._timing.silent_s, now_s
            self._slot.put(Shot(image, now_s, number))
