"""A live camera: read in a thread of its own, newest frame first, and watched, because cameras fail silently.

A camera that is unplugged may repeat its last picture for ever, fail once and recover, or never return from a read (opencv
#5221, #6107, #14044, #10927, #4468). So nothing waits for a read: a silent, failing or frozen camera is released and opened
again, with growing pauses. Meanwhile grey frames that carry the error keep the session running.
"""

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.capture.blank import GREY
from facetrack.capture.camera.devices import CameraDevice, open_camera
from facetrack.capture.camera.latest_value import LatestValue
from facetrack.capture.camera.reader import CameraReader, CameraTiming, CapturedFrame, configure
from facetrack.capture.clock import Clock, RisingClock, SystemClock
from facetrack.capture.opencv import Capture, Image
from facetrack.capture.source import SourceInfo
from facetrack.errors import FacetrackError
from facetrack.packets import Frame

POLL_INTERVAL_S: Final = 0.05
"""Longest wait between two checks of whether the source was closed."""
BEAT_S: Final = 0.1
"""Interval of the grey frames while the camera is lost; they keep the session's clock, keys and pages running."""
CHECK: Final = (
    "Check that it is plugged in, allowed in the system's privacy settings and not used by another program, "
    "or choose another with --camera ID."
)
"""What the user should do when a camera can't be opened."""
LEAST_STEP_S: Final = 0.001
"""Two frames with the same time are set apart by this much, because the tracker counts whole milliseconds."""
SHUTDOWN_TIMEOUT_S: Final = 0.5
"""How long closing waits for the reader to release the camera. A reader that is stuck in a read is left behind."""


def _ignore(_: str) -> None:
    pass


@dataclass(slots=True)
class _Lost:
    """State of a camera that is lost."""

    fault: str  # what is wrong with it, in words
    since_s: float  # when the loss was noticed
    frozen_crc: int | None  # fingerprint of the picture at which it froze, if it did
    again_s: float  # when to open it again
    pause_s: float  # pause before the attempt after that


class CameraSource:
    """A live camera as a ``FrameSource``. The constructor waits for the first picture and raises FacetrackError without one.

    notify: called from within ``frames()`` with a line for the user when the camera is lost or black, and when it is back.
    opener: opens the device as OpenCV does; tests pass cameras with faults.
    """

    def __init__(
        self,
        device: CameraDevice,
        *,
        notify: Callable[[str], None] = _ignore,
        opener: Callable[[int | str], Capture] = open_camera,
        clock: Clock | None = None,
        timing: CameraTiming | None = None,
    ) -> None:
        self._device = device
        self._called = device.name if device.name.lower().startswith("camera") else f"The camera {device.name}"
        self._notify = notify
        self._opener = opener
        self._clock = RisingClock(clock or SystemClock())
        self._timing = timing or CameraTiming()
        self._slot: LatestValue[CapturedFrame] = LatestValue()
        self._closed = False
        self._corruption: str | None = None
        self._fault: str | None = None
        self._noticed: set[str] = set()
        self._lost: _Lost | None = None
        self._dropped_before: int | None = None  # until somebody asks for frames, none can be lost to them
        # macOS asks for permission, and opens cameras, on the main thread only (opencv #14396).
        self._reader = self._new_reader(self._open_here() if sys.platform == "darwin" else None)
        self._first = self._first_captured()
        self._size = self._first.image.shape
        self._waiting_since_s = self._clock.now()
        height, width = self._size[:2]
        self._info = SourceInfo("camera", device.name, (width, height), self._reader.fps, None)

    def _open_here(self) -> Capture:
        capture = self._opener(self._device.target)
        if capture.isOpened():
            configure(capture)
        return capture

    def _new_reader(self, capture: Capture | None = None, frozen: int | None = None) -> CameraReader:
        reader = CameraReader(lambda: self._opener(self._device.target), capture, self._slot, self._clock, self._timing, frozen)
        reader.start()
        return reader

    def _first_captured(self) -> CapturedFrame:
        began_s = self._clock.now()
        while True:
            captured = self._slot.take(POLL_INTERVAL_S)
            if captured is not None:
                return captured
            fault = self._reader.fault
            if fault is None and self._clock.now() - began_s > self._timing.open_s:
                fault = "does not answer"
            if fault is not None:
                self._reader.abandon()
                raise FacetrackError(f"{self._called} {fault}. {self._reader.advice or CHECK}")

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def frames_dropped(self) -> int:
        return 0 if self._dropped_before is None else self._slot.overwritten - self._dropped_before

    @property
    def corruption(self) -> str | None:
        return self._corruption

    @property
    def frame_available(self) -> bool:
        return self._slot.filled

    def frames(self) -> Iterator[Frame]:
        # Frames that passed while the rest of the pipeline was being prepared are not counted as lost.
        self._dropped_before = self._slot.overwritten
        start_s, last_s, index = self._first.taken_s, -LEAST_STEP_S, -1
        captured: CapturedFrame | None = self._first
        try:
            while not self._closed:
                if captured is None:
                    self._watch(index + 1)
                else:
                    self._note(captured)
                if self._corruption is not None:
                    return
                if captured is not None or self._lost is not None:
                    image = self._plain() if captured is None else captured.image
                    taken_s = self._clock.now() if captured is None else captured.taken_s
                    last_s = max(taken_s - start_s, last_s + LEAST_STEP_S)
                    index = max(index + 1, -1 if captured is None else captured.number)
                    yield Frame(image, last_s, index, self._fault)
                    # The time that a frame takes is not the camera's silence.
                    self._waiting_since_s = self._clock.now()
                captured = self._slot.take(POLL_INTERVAL_S if self._lost is None else BEAT_S)
        finally:
            self._reader.abandon()
            self._reader.join(SHUTDOWN_TIMEOUT_S)

    def _note(self, captured: CapturedFrame) -> None:
        """Record that a picture has arrived, and report what changed."""
        for words in self._reader.notices:
            if words not in self._noticed:
                self._noticed.add(words)
                self._notify(f"{self._called} {words}")
        fault = f"{self._called} {captured.fault}" if captured.fault else None
        if fault is not None and self._fault != fault:
            self._notify(fault)
        elif fault is None and self._fault is not None:
            self._notify(f"{self._called} is back.")
        self._fault, self._lost, self._size = fault, None, captured.image.shape

    def _watch(self, next_number: int) -> None:
        """Check, when no picture has arrived, whether the camera is lost; reopen a lost one again and again."""
        now_s, reader = self._clock.now(), self._reader
        fault = None if reader.abandoned else reader.fault
        since_s = reader.began_s if self._lost else max(self._waiting_since_s, reader.began_s)
        stuck_s = -math.inf if reader.abandoned else now_s - since_s - reader.patience_s
        if self._lost is None:
            if fault is None and stuck_s <= 0.0:
                return
            fault = fault or "does not answer"
            self._fault = f"{self._called} {fault}. {reader.advice or 'Is it plugged in?'} Trying to open it again."
            self._notify(self._fault)
            self._lost = _Lost(fault, now_s, reader.frozen_crc, now_s, self._timing.first_pause_s)
        lost = self._lost
        if now_s - lost.since_s > self._timing.give_up_s:
            self._corruption = f"{self._called} {lost.fault}: it was given up after {self._timing.give_up_s:.0f} s"
        elif (reader.fault is not None and not reader.abandoned) or stuck_s > self._timing.stuck_s:
            reader.abandon()
            lost.again_s = now_s + lost.pause_s
            lost.pause_s = min(2.0 * lost.pause_s, self._timing.longest_pause_s)
        elif reader.abandoned and now_s >= lost.again_s:
            self._reader = self._new_reader(frozen=lost.frozen_crc)
            self._reader.number = next_number

    def _plain(self) -> Image:
        """Make the grey picture that stands for a missing one, so that nobody is seen in it."""
        return np.full(self._size, GREY, np.uint8)

    def close(self) -> None:
        """Ask ``frames()`` to end and release the camera. This only sets a flag, so it is safe in a signal handler."""
        self._closed = True
        self._reader.abandon()
