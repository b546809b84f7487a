"""Frames of a video file, with the container's own time stamps and rotation."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2

from facetrack.capture.clock import Clock, SystemClock
from facetrack.capture.opencv import Capture, Image, frame_image, quiet_opencv
from facetrack.capture.source import SourceInfo
from facetrack.errors import FacetrackError
from facetrack.packets import Frame

LEAST_STEP_S: Final = 0.001
"""Time stamps that stand still or go back are pushed on by this much: the tracker counts whole milliseconds."""
ASSUMED_FPS: Final = 30.0
"""For containers that state neither a frame rate nor times."""
LATE_S: Final = 0.1
"""A paced source that is later than this skips frames until it is on time again; less is jitter."""
NAP_S: Final = 0.05
"""Longest sleep between two looks at whether the source was closed."""
COUNTED_BY_HEADER: Final = frozenset({".mp4", ".mov", ".m4v", ".avi"})
"""Containers whose header counts the frames; elsewhere the count is the duration times the frame rate, which is a guess."""
GUESS_SLACK: Final = 0.05
"""Share of a guessed frame count that may be missing before the file is called cut off."""
ADVICE: Final = "Play it in a video player to check, or record it again."
HEADER_SLACK: Final = 1
"""Frames of a counted file that may be missing: some encoders count one that decoders never hand out."""


class RisingTime:
    """Strictly rising seconds from a container's time stamps, which may stand still, go back or be absent."""

    def __init__(self, fps: float | None) -> None:
        self._period_s = 1.0 / (fps or ASSUMED_FPS)
        self._first_s = math.nan
        self._last_s = -math.inf
        self._moved = False

    def update(self, stamp_s: float) -> float:
        """stamp_s: as read, NaN where there is none. Returns seconds since the first stamp."""
        if self._last_s == -math.inf:
            self._first_s = stamp_s if math.isfinite(stamp_s) else 0.0
            self._last_s = 0.0
            return 0.0
        t_s = stamp_s - self._first_s
        self._moved = self._moved or t_s > 0.0
        if not self._moved:
            self._last_s += self._period_s
        elif t_s >= self._last_s + LEAST_STEP_S:
            self._last_s = t_s
        else:
            self._last_s += LEAST_STEP_S
        return self._last_s


def _open(path: Path) -> Capture:
    """Raises FacetrackError for what is no video file, checked first: OpenCV would take addresses and patterns too."""
    if not path.exists():
        raise FacetrackError(f"There is no file {path}. Check the name.")
    if not path.is_file():
        raise FacetrackError(f"{path} is not a file. Give a video file.")
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        raise FacetrackError(f"{path} can't be read ({error.strerror}). Check its permissions.") from error
    if empty:
        raise FacetrackError(f"{path} is empty (0 bytes). Record or copy it again.")
    quiet_opencv()
    # An absolute path never looks like an address or an option to FFmpeg.
    capture = cv2.VideoCapture(str(path.resolve()), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        raise FacetrackError(f"{path} is not a video that can be read, or it is cut off. {ADVICE}")
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture  # type: ignore[return-value]


class VideoSource:
    """A video file as a ``FrameSource``.

    paced: give each frame at its time, as a camera would, and skip frames when the reader is late; otherwise as fast as the
        reader takes them, skipping none.
    """

    def __init__(self, path: Path | str, *, paced: bool = False, clock: Clock | None = None) -> None:
        self._path = Path(path)
        self._paced = paced
        self._clock = clock or SystemClock()
        self._capture = _open(self._path)
        self._closed = False
        self._reading = False
        self._read = 0
        self._dropped = 0
        self._damage: str | None = None
        self._info = self._describe()

    def _describe(self) -> SourceInfo:
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        promised = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        size = (int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)))
        return SourceInfo(
            kind="video",
            name=self._path.name,
            size_wh=size,
            fps=fps if math.isfinite(fps) and fps > 0.0 else None,
            frames_promised=int(promised) if math.isfinite(promised) and promised > 0.0 else None,
        )

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def dropped(self) -> int:
        return self._dropped

    @property
    def damage(self) -> str | None:
        return self._damage

    def frames(self) -> Iterator[Frame]:
        self._reading = True
        try:
            yield from self._frames()
        finally:
            self._capture.release()
        if self._closed:
            return
        if self._read == 0:
            raise FacetrackError(f"{self._path} has no frames that can be read. {ADVICE}")
        self._damage = self._missing()

    def _frames(self) -> Iterator[Frame]:
        time = RisingTime(self._info.fps)
        start_s = math.nan
        while not self._closed and self._capture.grab():
            t_s = time.update(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0)
            index = self._read
            self._read += 1
            if self._paced:
                start_s = self._clock.now() if math.isnan(start_s) else start_s
                if self._clock.now() - start_s - t_s > LATE_S:
                    self._dropped += 1
                    continue
                self._sleep_until(start_s + t_s)
            image = self._retrieve()
            if image is None:
                self._read -= 1
            elif not self._closed:
                yield Frame(image, t_s, index)

    def _retrieve(self) -> Image | None:
        ok, image = self._capture.retrieve()
        return frame_image(image) if ok else None

    def _sleep_until(self, when_s: float) -> None:
        while not self._closed and (left_s := when_s - self._clock.now()) > 0.0:
            self._clock.sleep(min(left_s, NAP_S))

    def _missing(self) -> str | None:
        """A damaged file ends early without any error: what was read is compared with what was promised."""
        promised = self._info.frames_promised
        if promised is None:
            return None
        counted = self._path.suffix.lower() in COUNTED_BY_HEADER
        slack = HEADER_SLACK if counted else max(HEADER_SLACK, promised * GUESS_SLACK)
        if promised - self._read <= slack:
            return None
        return f"cut off or damaged: {self._read} of {promised} frames could be read"

    def close(self) -> None:
        """Only a flag while frames are being read, so that it is safe in a signal handler; the reader lets go of the file."""
        self._closed = True
        if not self._reading:
            self._capture.release()
