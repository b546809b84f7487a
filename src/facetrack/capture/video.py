"""Frames of a video file, with the container's own timestamps and geometry."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import cv2

from facetrack.capture.clock import Clock, SystemClock
from facetrack.capture.container.cut import is_cut_off
from facetrack.capture.container.mp4 import index_is_missing, video_track
from facetrack.capture.flipped import FlippedSource
from facetrack.capture.interlaced import merged_fields
from facetrack.capture.opencv import Capture, four_letters, frame_image, quiet_opencv
from facetrack.capture.source import FrameSource, SourceInfo
from facetrack.capture.upright import Upright, read_upright
from facetrack.errors import DamagedInputError, FacetrackError
from facetrack.packets import Frame
from facetrack.system.native_paths import native_path, readable
from facetrack.system.own_files import MIRRORED_MARK, is_own

LEAST_STEP_S: Final = 0.001
"""Timestamps that stand still or go back are advanced by this much, because the tracker counts whole milliseconds."""
MOST_BACK_S: Final = 0.5
"""Timestamps that fall back further than this start a new recording (two in one file, or a clock that was set); smaller steps
are frames out of order."""
MOST_AHEAD_S: Final = 60.0
"""Timestamps that jump ahead further than this are damaged: nobody would wait for them."""
ASSUMED_FPS: Final = 30.0
"""Frame rate assumed for containers that state neither a rate nor times."""
LATE_S: Final = 0.1
"""A paced source that is later than this skips frames until it is on time again; less is jitter."""
POLL_INTERVAL_S: Final = 0.05
"""Longest sleep between two checks of whether the source was closed."""
COPY_AGAIN: Final = "Copy it again from where it was recorded."
"""What errors about files that are cut off advise."""
ADVICE: Final = "Play it in a video player to check, or record it again."
"""What errors about unreadable videos advise."""
GRAB_ATTEMPTS: Final = 8
"""A file has ended when no picture comes this many times in a row. A single time it may be an empty packet, by which Theora
repeats a picture, or a damaged one."""
CUT_SLACK_FRAMES: Final = 2.0
"""A file whose end is missing is still whole if its last picture is at most this many pictures before the end: the rest was
sound, or an index."""
WHOLE_SLACK_S: Final = 1.0
"""A file that has its end may be this much shorter than it says: recorders round, and leave out pictures."""
MOST_UNUSABLE: Final = 0.02
"""Share of pictures that may be undecodable: a recording that was cut out of another begins with some."""


class RisingTime:
    """Makes strictly rising seconds from a container's timestamps, which may stand still, go back, jump or be absent."""

    def __init__(self, fps: float | None) -> None:
        self._period_s = 1.0 / (fps or ASSUMED_FPS)
        self._first_s = math.nan
        self._last_s = -math.inf
        self._moved = False

    def update(self, stamp_s: float) -> float:
        """Return seconds since the first timestamp. stamp_s: as read; NaN if there is none."""
        if self._last_s == -math.inf:
            self._first_s = stamp_s if math.isfinite(stamp_s) else 0.0
            self._last_s = 0.0
            return 0.0
        t_s = stamp_s - self._first_s
        if not -MOST_BACK_S <= t_s - self._last_s <= MOST_AHEAD_S and self._moved and math.isfinite(t_s):
            self._first_s += t_s - (self._last_s + self._period_s)
            t_s = stamp_s - self._first_s
        self._moved = self._moved or t_s > 0.0
        if not self._moved:
            self._last_s += self._period_s
        elif t_s >= self._last_s + LEAST_STEP_S:
            self._last_s = t_s
        else:
            self._last_s += LEAST_STEP_S
        return self._last_s


def _check(path: Path) -> None:
    """Raise FacetrackError if there is no file with content at the path.

    This comes before OpenCV sees it, because OpenCV would also take web addresses and file name patterns.
    """
    try:
        if not path.exists():
            raise FacetrackError(f"There is no file {path}. Check the name.")
        if not path.is_file():
            raise FacetrackError(f"{path} is not a file. Give a video file.")
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except OSError as error:
        raise FacetrackError(f"{path} can't be read ({error.strerror}). Check its permissions.") from error
    if empty:
        raise FacetrackError(f"{path} is empty (0 bytes). Record or copy it again.")


def _open(path: Path) -> Capture:
    """Open the file. Raises FacetrackError if it is not a video, DamagedInputError if it has lost its index."""
    quiet_opencv()
    with native_path(path) as name:  # an absolute path never looks like an address or an option to FFmpeg
        capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    if not capture.isOpened():
        if index_is_missing(path):
            raise DamagedInputError(
                f"{path} is cut off: its end is missing, and with it the index, without which no picture can be read. "
                f"{COPY_AGAIN}"
            )
        raise FacetrackError(f"{path} is not a video that can be read, or has no frames. {ADVICE}")
    return capture  # type: ignore[return-value]


def open_video(path: Path | str, *, mirrored: bool = False, paced: bool = False) -> FrameSource:
    """Open a recording, turned back if its pictures are mirrored: by what the user says, or as facetrack's own videos tell.

    Raises as ``VideoSource`` does.
    """
    source = VideoSource(path, paced=paced)
    if mirrored:
        return FlippedSource(source)
    return FlippedSource(source, "own-mirrored") if is_own(Path(path), lambda ends: MIRRORED_MARK in ends.tail) else source


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file that OpenCV reads, and what its container says."""

    capture: Capture
    upright: Upright
    codec: str  # a name of four letters, such as "avc1"
    fps: float | None
    frames: int | None  # as promised; programs that trim or record at a variable rate leave more or fewer


def _examine(path: Path) -> _Opened:
    """Open the file in the way in which its pictures have their content."""
    first = _open(path)
    fps, frames = first.get(cv2.CAP_PROP_FPS), first.get(cv2.CAP_PROP_FRAME_COUNT)
    codec = four_letters(first.get(cv2.CAP_PROP_FOURCC))
    merged = merged_fields(path, first)
    capture, upright = merged or _open(path), read_upright(first, path)
    first.release()
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
    return _Opened(
        capture,
        upright,
        codec,
        fps if math.isfinite(fps) and fps > 0.0 else None,
        int(frames) if math.isfinite(frames) and frames > 0.0 else None,
    )


class VideoSource:
    """A video file as a ``FrameSource``. The constructor raises FacetrackError if no picture can be read.

    kind: "mannequin" for a video of the mannequin.
    paced: give each frame at its time, as a camera would, and skip frames if the reader is late; otherwise give every frame as
        fast as the reader takes them.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        paced: bool = False,
        clock: Clock | None = None,
        kind: Literal["video", "mannequin"] = "video",
    ) -> None:
        self._path = Path(path)
        self._kind: Literal["video", "mannequin"] = kind
        self._paced = paced
        self._clock = clock or SystemClock()
        _check(self._path)
        self._opened = _examine(self._path)
        self._capture = self._opened.capture
        self._closed = False
        self._reading = False
        self._due_s = 0.0
        self._grabbed = 0
        self._unusable = 0
        self._dropped = 0
        self._corruption: str | None = None
        self._fps = self._opened.fps
        self._last_s = 0.0
        self._time = RisingTime(self._fps)
        self._first = self._first_frame()
        self._info = self._describe()

    def _first_frame(self) -> Frame:
        while (t_s := self._grab()) is not None:
            frame = self._retrieve(t_s)
            if frame is not None:
                return frame
        self._capture.release()
        if is_cut_off(self._path):
            raise DamagedInputError(f"{self._path} is cut off: it ends before its first picture. {COPY_AGAIN}")
        name = self._path.name
        raise FacetrackError(
            f"{self._path} has no frames that can be read (encoded as {self._opened.codec or 'unknown'}). If a video player "
            f"shows it, convert it with: ffmpeg -i {name} -c:v libx264 {self._path.stem}-h264.mp4"
        )

    def _describe(self) -> SourceInfo:
        height, width = self._first.image_bgr.shape[:2]
        return SourceInfo(
            kind=self._kind,
            name="mannequin" if self._kind == "mannequin" else readable(self._path.name),
            size_wh=(width, height),
            fps=self._fps,
            frames_promised=self._opened.frames,
        )

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def frames_dropped(self) -> int:
        return self._dropped

    @property
    def corruption(self) -> str | None:
        return self._corruption

    @property
    def frame_available(self) -> bool:
        """Whether the next frame is due. For a paced video this is estimated from the last frame; ``frames()`` waits for the
        rest."""
        return not self._paced or self._clock.now() >= self._due_s

    def frames(self) -> Iterator[Frame]:
        self._reading = True
        period_s = 1.0 / (self._fps or ASSUMED_FPS)
        try:
            start_s = self._clock.now() - self._first.t_s
            if not self._closed:
                self._due_s = start_s + self._first.t_s + period_s
                yield self._first
            while not self._closed and (t_s := self._grab()) is not None:
                if self._paced and not self._in_time(start_s + t_s):
                    self._dropped += 1
                    continue
                frame = self._retrieve(t_s)
                if frame is not None and not self._closed:
                    self._due_s = start_s + t_s + period_s
                    yield frame
            if not self._closed:
                self._corruption = self._missing()
        finally:
            self._capture.release()

    def _grab(self) -> float | None:
        """Advance to the next frame and return its time, or None at the end."""
        if not any(self._capture.grab() for _ in range(GRAB_ATTEMPTS)):
            return None
        self._grabbed += 1
        self._last_s = self._time.update(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0)
        return self._last_s

    def _retrieve(self, t_s: float) -> Frame | None:
        """Return the grabbed frame, or None if it can't be decoded."""
        ok, raw = self._capture.retrieve()
        image = frame_image(raw) if ok else None
        if image is None:
            self._unusable += 1
            return None
        return Frame(self._opened.upright(image), t_s, self._grabbed - 1)

    def _in_time(self, when_s: float) -> bool:
        """Wait until a frame is due. Return False if that time has long passed."""
        while not self._closed and (left_s := when_s - self._clock.now()) > 0.0:
            self._clock.sleep(min(left_s, POLL_INTERVAL_S))
        return self._clock.now() - when_s <= LATE_S

    def _missing(self) -> str | None:
        """Say what is missing from a file that was read to its end, where reading stops without any error.

        The clock decides where the index of an MP4 says when the last picture is due, else the container's last sizes.
        """
        track, cut = video_track(self._path), is_cut_off(self._path)
        ends_s = math.nan if track is None else track.last_s
        if math.isfinite(ends_s):
            cut = self._last_s < ends_s - (CUT_SLACK_FRAMES / (self._fps or ASSUMED_FPS) if cut else WHOLE_SLACK_S)
        if cut:
            of_all = f" of {ends_s:.1f}" if math.isfinite(ends_s) else ""
            return f"{self._info.name} is cut off or damaged: it could be read up to {self._last_s:.1f}{of_all} s"
        if self._unusable > max(MOST_UNUSABLE * self._grabbed, 1.0):
            return f"{self._info.name} is damaged: {self._unusable} of {self._grabbed} pictures could not be decoded"
        return None

    def close(self) -> None:
        """Stop reading. While frames are being read this only sets a flag, so it is safe in a signal handler; the reader
        releases the file."""
        self._closed = True
        if not self._reading:
            self._capture.release()
