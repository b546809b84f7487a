"""Records the annotated picture as a video, if the user asked for it."""

import math
import os
import shutil
import struct
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from facetrack.capture.opencv import Image
from facetrack.errors import FacetrackError
from facetrack.system.files import HALF_WRITTEN
from facetrack.system.native_paths import native_path
from facetrack.system.own_files import MIRRORED_MARK, VIDEO_MARK

FALLBACK_FPS: Final = 30.0
"""Frame rate of the video if the source states none."""
RESERVE_BYTES: Final = 8 << 20
"""Space left on the disk for the end of the video, without which none of it can be read, and for the session."""
DISK_CHECK_INTERVAL_S: Final = 1.0
"""How often the free space is checked, in the source's time."""
MOST_REPEATS: Final = 300
"""How often a picture is repeated for one gap in a live source; a longer gap is shortened in the video."""


class VideoWriter:
    """Writes an MPEG-4 file of constant frame rate. Pictures are repeated or left out so that the video keeps the source's
    time.

    The file grows under a hidden name and takes its own when it is closed. Its last box says that facetrack made it, and
    whether it shows the picture mirrored.
    """

    def __init__(self, path: Path, fps: float | None, *, mirrored: bool = False) -> None:
        self._path = path
        self._partial = path.with_name(f".{path.name}.{os.getpid()}{HALF_WRITTEN}{path.suffix}")
        self._mark = MIRRORED_MARK if mirrored else VIDEO_MARK
        self._fps = fps if fps and 1.0 <= fps <= 120.0 else FALLBACK_FPS
        self._writer: cv2.VideoWriter | None = None
        self._size_wh = (0, 0)
        self._start_s = 0.0
        self._written = 0
        self._disk_checked_s = -math.inf
        self._full = False

    def write(self, image: Image, t_s: float) -> None:
        """Add a picture, (H, W, 3) uint8; later pictures of another size are scaled to the first one's. Raises
        FacetrackError."""
        self._check_disk(t_s)
        if self._writer is None:
            self._writer = self._opened(image, t_s)
        if (image.shape[1], image.shape[0]) != self._size_wh:
            image = cv2.resize(image, self._size_wh)  # type: ignore[assignment]
        due = round((t_s - self._start_s) * self._fps) + 1
        for _ in range(min(due - self._written, MOST_REPEATS)):
            self._writer.write(image)
        self._written = max(self._written, due)

    def _check_disk(self, t_s: float) -> None:
        """Stop while there is room for the file's end, because the encoder does not report a full disk."""
        if t_s - self._disk_checked_s >= DISK_CHECK_INTERVAL_S and self._path.parent.is_dir():
            self._disk_checked_s = t_s
            self._full = self._full or shutil.disk_usage(self._path.parent).free < RESERVE_BYTES
        if self._full:
            raise FacetrackError(f"The disk is nearly full: the annotated video {self._path} ends here. The session goes on.")

    def _opened(self, image: Image, t_s: float) -> cv2.VideoWriter:
        self._size_wh = (image.shape[1], image.shape[0])
        self._start_s = t_s
        with native_path(self._partial) as name:
            writer = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*"mp4v"), self._fps, self._size_wh)
        if not writer.isOpened():
            raise FacetrackError(
                f"The annotated video {self._path} can't be written. Check the folder, or go without --record."
            )
        return writer

    def close(self) -> None:
        """Finish the file. Raises FacetrackError if the disk was full, because the encoder does not report it."""
        if self._writer is None:
            return
        self._writer.release()
        self._writer = None
        if not self._partial.exists() or not _readable(self._partial):
            raise FacetrackError(
                f"The annotated video {self._path} could not be finished (is the disk full?). The session is kept."
            )
        with self._partial.open("ab") as file:
            file.write(free_box(self._mark))
        self._partial.replace(self._path)


def free_box(content: bytes) -> bytes:
    """Return an MP4 box that players pass over (ISO 14496-12, 8.1.2)."""
    return struct.pack(">I4s", 8 + len(content), b"free") + content


def _readable(path: Path) -> bool:
    with native_path(path) as name:
        capture = cv2.VideoCapture(name, cv2.CAP_FFMPEG)
    try:
        return capture.isOpened() and np.isfinite(capture.get(cv2.CAP_PROP_FRAME_COUNT)) and capture.grab()
    finally:
        capture.release()
