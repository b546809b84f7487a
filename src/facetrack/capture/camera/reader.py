"""Reads a camera in a thread until its first fault."""

import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from facetrack.capture.camera.latest_value import LatestValue
from facetrack.capture.camera.pace import FEWEST_FPS, Pace
from facetrack.capture.camera.picture_kinds import PictureKinds
from facetrack.capture.camera.strobe import Strobe
from facetrack.capture.clock import Clock
from facetrack.capture.opencv import Capture, Image
from facetrack.errors import first_line

WANTED_WH: Final = (1280, 720)
"""Width and height that cameras are asked for."""
WANTED_FPS: Final = 30
"""Frames per second that cameras are asked for."""
FINGERPRINT_STRIDE: Final = 16
"""Every 16th pixel of every 16th row distinguishes a frozen picture from a living one, whose noise never repeats. It takes 5 us
at 720p."""
STUCK: Final = 1.3
"""A reader that reports nothing for this many times the permitted silence is stuck in the driver: a failing camera would have
been reported by then."""
LIT: Final = 48
"""Grey level (0-255) above which a pixel counts as lit. The noise of a covered lens stays below it."""
LIT_SHARE: Final = 0.01
"""A picture in which a smaller share of the values is lit is black: a covered lens, a closed shutter or a dark room. The
darkest face that can be judged has a median of 42."""
BLACK: Final = "shows only black. Is its lens covered, or the light off?"
"""What the user reads when all pictures are black."""
STILL: Final = "shows one and the same picture so far. If it is a phone's or a program's camera, start it there."
"""What the user reads when the picture has never changed since the camera was opened."""
OTHER_KIND: Final = "Choose another format in the camera's settings, or another camera with --camera ID."
"""What the user should do about pictures of a kind that can't be converted."""
SLOW: Final = (
    f"gives fewer than {FEWEST_FPS:.0f} pictures a second, too few to judge movements. Mostly that is for want of light: "
    "switch on a lamp in front of you."
)
"""What the user reads about a slow camera."""
STROBE: Final = (
    "gives every second picture dark, as infrared cameras do; these are left out. A colour camera sees more: "
    "choose one with --camera ID (facetrack cameras lists them)."
)
"""What the user reads about a camera whose light flashes."""
FEWEST_CHANGES: Final = 3
"""How often the picture must change before a camera counts as living: phones and programs begin with still pictures."""
FEWEST_SAME: Final = 5
"""How many equal pictures it takes before a camera counts as frozen, however slow it is."""


@dataclass(frozen=True, slots=True)
class CameraTiming:
    """How long each fault of a camera may last. All values are in seconds."""

    open_s: float = 15.0  # time for opening the camera and receiving the first picture; Windows takes up to 12 s
    warm_up_s: float = 3.0  # how long reads may fail before the camera's own pace is known
    silent_s: float = 0.6  # without a picture for this long, a camera is lost, unless its own pace is slower
    # How much longer a read may block before the camera is opened again: it may only be this computer that is busy.
    stuck_s: float = 1.2
    frozen_s: float = 0.75  # how long the same picture may repeat
    still_s: float = 15.0  # how long it may repeat after opening: phones and programs show a still picture until they begin
    black_s: float = 0.6  # how long pictures may be black before the user is warned
    first_pause_s: float = 0.25  # pause before the second attempt to reopen the camera
    longest_pause_s: float = 0.5  # longest pause between attempts to reopen the camera
    give_up_s: float = 100.0  # without a picture for this long, the session ends


@dataclass(frozen=True, slots=True)
class CapturedFrame:
    """A picture as the camera gave it."""

    image: Image
    taken_s: float  # when it was taken, on the source's clock
    number: int  # its number since the camera was first opened
    fault: str | None = None  # what is wrong with it, in words that follow the camera's name


def configure(capture: Capture) -> None:
    """Ask the camera for 720p at 30 frames a second. Many webcams reach that only in MJPG; others ignore it."""
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, WANTED_WH[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, WANTED_WH[1])
    capture.set(cv2.CAP_PROP_FPS, WANTED_FPS)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)


def few_pixels(image: Image) -> Image:
    """Pick a few pixels of a picture, which can be examined in microseconds."""
    return np.ascontiguousarray(image[::FINGERPRINT_STRIDE, ::FINGERPRINT_STRIDE])


def fingerprint(few: Image) -> int:
    """Compute a number that is equal for equal pictures and almost never for two different ones. few: from ``few_pixels``."""
    return zlib.crc32(few.data)


def is_black(few: Image) -> bool:
    """Decide whether a picture is black. few: from ``few_pixels``."""
    return bool(np.count_nonzero(few > LIT) < LIT_SHARE * few.size)


class CameraReader(threading.Thread):
    """Reads into ``slot`` until the first fault or until abandoned, and then releases the camera as soon as the driver allows.

    frozen_crc: the fingerprint of the picture at which the camera froze before; such pictures are withheld.
    """

    def __init__(
        self,
        opener: Callable[[], Capture],
        capture: Capture | None,
        slot: LatestValue[CapturedFrame],
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
        self.abandoned = False
        self._same = 0
        self._same_since_s = clock.now()
        self._changes = 0
        self._black_since_s: float | None = None
        self._pace, self._strobe, self._slow = Pace(), Strobe(), False
        self._crc = frozen_crc
        self.frozen_crc = frozen_crc
        self.began_s = clock.now()
        self.fps: float | None = None
        self.number = 0  # of the next picture
        self.fault: str | None = None
        """In words that follow the camera's name, once something is wrong."""
        self.advice: str | None = None
        """What to do about the fault, if that is not the usual."""
        self.patience_s = timing.open_s

    @property
    def notices(self) -> list[str]:
        """What the user should know about the camera though its pictures can be used, in words that follow its name."""
        return [words for words, applies in ((SLOW, self._slow), (STROBE, self._strobe.found)) if applies]

    def abandon(self) -> None:
        """Stop passing pictures on. This only sets a flag, because the thread may be stuck in the driver."""
        self.abandoned = True

    def run(self) -> None:
        try:
            capture = self._capture or self._opener()
        except Exception as error:  # whatever a driver raises, the user has no camera
            self.fault = f"can't be opened ({first_line(error)})"
            return
        try:
            self._read_until_fault(capture)
        except Exception as error:
            self.fault = f"fails ({first_line(error)})"
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
        kinds, heard_s = PictureKinds(capture), self._clock.now()
        while not self.abandoned:
            ok, raw = capture.read()
            image = kinds.convert(raw) if ok else None
            now_s = self._clock.now()
            if image is not None:
                heard_s = now_s
                self._hand_on(image, now_s)
            elif now_s - heard_s > self._silence_s:
                self.fault = "gives no pictures"
                if kinds.unknown:
                    self.fault, self.advice = f"gives pictures of a kind that can't be read ({kinds.unknown})", OTHER_KIND
            else:
                # A failed read may be the only one; but it returns at once, and must not spin.
                self._clock.sleep(0.01)
            if self.fault is not None:
                return

    @property
    def _silence_s(self) -> float:
        """How long the camera may be silent by its own pace."""
        usual_s = self._pace.usual_silence_s
        return max(self._timing.silent_s, self._timing.warm_up_s if usual_s is None else usual_s)

    def _hand_on(self, image: Image, now_s: float) -> None:
        few = few_pixels(image)
        self._pace.update(now_s)
        self._slow = self._slow or self._pace.slow
        if self._strobe.leave_out(few):
            return
        fault = BLACK if self._black_for_long(is_black(few), now_s) else None
        crc = fingerprint(few)
        if crc == self._crc:
            self._same += 1
        else:
            self._changes += 1
            self._crc, self._same, self._same_since_s, self.frozen_crc = crc, 0, now_s, None
        same_s = now_s - self._same_since_s if self._same >= FEWEST_SAME else 0.0
        # Black pictures are equal behind a closed shutter, and the camera is well.
        if self._black_since_s is None and same_s > self._timing.frozen_s:
            if self._changes > FEWEST_CHANGES or self.frozen_crc is not None or same_s > self._timing.still_s:
                self.frozen_crc = crc
                self.fault = "shows one and the same picture"
                return
            fault = STILL
        number = self.number
        self.number += 1
        if not self.abandoned and crc != self.frozen_crc:
            # From the first picture on, the camera is open and has to keep coming.
            self.patience_s, self.began_s = STUCK * self._silence_s, now_s
            self._slot.put(CapturedFrame(image, now_s, number, fault))

    def _black_for_long(self, black: bool, now_s: float) -> bool:
        if not black:
            self._black_since_s = None
        elif self._black_since_s is None:
            self._black_since_s = now_s
        return self._black_since_s is not None and now_s - self._black_since_s >= self._timing.black_s
