"""A camera: read in a thread of its own, newest frame first, and watched, because cameras fail in quiet ways.

A camera that is unplugged may repeat its last picture for ever, fail once and go on, or never come back from a read
(opencv #5221, #6107, #14044, #10927, #4468). So nothing waits for a read: a silent, failing or frozen camera is given up
and opened again, with growing pauses.
"""

import sys
import time
from collections.abc import Callable, Iterator
from typing import Final

from facetrack.capture.camera_reader import CameraReader, CameraTiming, Shot, configure
from facetrack.capture.clock import Clock, SystemClock
from facetrack.capture.devices import CameraDevice, open_camera
from facetrack.capture.opencv import Capture
from facetrack.capture.slot import NewestSlot
from facetrack.capture.source import SourceInfo
from facetrack.errors import FacetrackError
from facetrack.packets import Frame

NAP_S: Final = 0.05
"""Longest wait between two looks at whether the source was closed."""
LEAST_STEP_S: Final = 0.001
"""Two frames of one moment are pushed apart by this: the tracker counts whole milliseconds."""
LEAVE_S: Final = 0.5
"""How long closing waits for the reader to let go of the camera. One that is stuck in a read is left behind."""


def _ignore(_: str) -> None:
    pass


class CameraSource:
    """A live camera as a ``FrameSource``. The constructor waits for the first picture and raises FacetrackError without one.

    tell: called from within ``frames()`` with a line for the user when the camera is lost and when it is back.
    opener: gives what OpenCV would; tests hand in cameras with faults.
    """

    def __init__(
        self,
        device: CameraDevice,
        *,
        tell: Callable[[str], None] = _ignore,
        opener: Callable[[int | str], Capture] = open_camera,
        clock: Clock | None = None,
        timing: CameraTiming | None = None,
    ) -> None:
        self._device = device
        self._called = device.name if device.name.lower().startswith("camera") else f"The camera {device.name}"
        self._tell = tell
        self._opener = opener
        self._clock = clock or SystemClock()
        self._timing = timing or CameraTiming()
        self._slot: NewestSlot[Shot] = NewestSlot()
        self._closed = False
        self._damage: str | None = None
        self._dropped_before: int | None = None  # until somebody asks for frames, none can be lost to them
        # macOS asks for permission, and opens cameras, on the main thread only (opencv #14396).
        self._reader = self._new_reader(self._open_here() if sys.platform == "darwin" else None)
        self._first = self._first_shot()
        height, width = self._first.image.shape[:2]
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

    def _first_shot(self) -> Shot:
        began_s = self._clock.now()
        while True:
            shot = self._slot.take(NAP_S)
            if shot is not None:
                return shot
            fault = self._reader.fault
            if fault is None and self._clock.now() - began_s > self._timing.open_s:
                fault = "does not answer"
            if fault is not None:
                self._reader.abandon()
                raise FacetrackError(
                    f"{self._called} {fault}. Check that it is plugged in, allowed in the system's privacy "
                    "settings and not used by another program, or choose another with --camera ID."
                )

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def dropped(self) -> int:
        return 0 if self._dropped_before is None else self._slot.dropped - self._dropped_before

    @property
    def damage(self) -> str | None:
        return self._damage

    def frames(self) -> Iterator[Frame]:
        # What passed while the rest of the line was being made ready was nobody's loss.
        self._dropped_before = self._slot.dropped
        start_s = self._first.taken_s
        last_s = -LEAST_STEP_S
        index = -1
        shot: Shot | None = self._first
        try:
            while shot is not None and not self._closed:
                last_s = max(shot.taken_s - start_s, last_s + LEAST_STEP_S)
                index = max(shot.number, index + 1)
                yield Frame(shot.image, last_s, index)
                shot = self._next_shot()
        finally:
            self._reader.abandon()
            self._reader.join(LEAVE_S)

    def _next_shot(self) -> Shot | None:
        """Waits as long as the camera may be away. None when it was closed or stays away."""
        seen_s = self._clock.now()
        while not self._closed:
            shot = self._slot.take(NAP_S)
            if shot is not None:
                return shot
            fault = self._reader.fault
            if fault is None and self._clock.now() - max(seen_s, self._reader.began_s) > self._reader.patience_s:
                fault = "does not answer"
            if fault is not None:
                return self._recover(fault, seen_s)
        return None

    def _recover(self, fault: str, seen_s: float) -> Shot | None:
        """Opens the camera again and again until a picture comes, it is closed, or it has been away for too long."""
        self._tell(f"{self._called} {fault}. Trying to open it again.")
        frozen, pause_s = self._reader.frozen_crc, self._timing.first_pause_s
        while not self._closed:
            number = self._reader.number
            self._reader.abandon()
            self._nap(pause_s)
            if self._clock.now() - seen_s > self._timing.give_up_s:
                self._damage = f"the camera {fault}; it was given up after {self._timing.give_up_s:.0f} s"
                return None
            self._reader = self._new_reader(frozen=frozen)
            self._reader.number = number
            shot = self._await_shot()
            if shot is not None:
                self._tell(f"{self._called} is back.")
                return shot
            pause_s = min(2.0 * pause_s, self._timing.longest_pause_s)
        return None

    def _await_shot(self) -> Shot | None:
        """The reopened camera's first new picture, or None once it has failed again."""
        reader = self._reader
        while not self._closed and reader.fault is None and self._clock.now() - reader.began_s <= reader.patience_s:
            shot = self._slot.take(NAP_S)
            if shot is not None:
                return shot
        return None

    def _nap(self, seconds: float) -> None:
        # Real time, not the injected clock's: the reader's thread works in real time too.
        until = time.monotonic() + seconds
        while not self._closed and time.monotonic() < until:
            time.sleep(min(NAP_S, seconds))

    def close(self) -> None:
        """Only a flag, so that it is safe in a signal handler; frames() then lets go of the camera."""
        self._closed = True
        self._reader.abandon()
