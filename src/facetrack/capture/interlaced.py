"""Reads interlaced recordings, which OpenCV opens and then gives as pictures without content.

A camcorder's or a disc's picture consists of two fields, taken at different times. OpenCV's colour conversion refuses such
pictures and reports success. FFmpeg, which it brings along, can merge the fields while reading: the file is opened through
a chain of FFmpeg's filters. Where OpenCV was built without these, the file is refused with words on how to convert it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from facetrack.capture.opencv import Capture
from facetrack.errors import FacetrackError
from facetrack.system.native_paths import native_path

OPTIONS: Final = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
"""The environment variable by which OpenCV opens something else than files."""
MERGE: Final = "bwdif=mode=send_frame:deint=interlaced"
"""FFmpeg's filter that merges the fields of interlaced pictures and leaves others alone."""
ONLY_INTERLACED: Final = r"trim=duration=2,select=not(eq(interlace_type\,PROGRESSIVE))"
"""FFmpeg's filters that let through only the interlaced pictures of the first two seconds."""
COMPARED: Final = 3
"""How many equal pictures make a recording suspicious: a refused picture leaves the one before as it was."""
ALL_COMPARED: Final = 60
"""How many equal pictures are taken for refused ones where FFmpeg's filters are missing."""


def merged_fields(path: Path, capture: Capture) -> Capture | None:
    """Open an interlaced file so that its pictures have their content; None if the file is not interlaced.

    capture: the file, just opened; pictures are read from it. Raises FacetrackError if the file is interlaced and OpenCV was
    built without the filters.
    """
    if not _first_are_equal(capture, COMPARED):
        return None
    tried = _filtered(path, ONLY_INTERLACED)
    if tried is None:
        interlaced = _first_are_equal(capture, ALL_COMPARED)
    else:
        interlaced, _ = tried.read()
        tried.release()
    if not interlaced:
        return None
    merged = _filtered(path, MERGE)
    if merged is None:
        raise _unreadable(path)
    return merged


def _unreadable(path: Path) -> FacetrackError:
    return FacetrackError(
        f"{path} is interlaced (each picture consists of two, as camcorders and discs have it), and can't be read here. "
        f"Convert it with: ffmpeg -i {path.name} -vf bwdif {path.stem}-progressive.mp4"
    )


def _first_are_equal(capture: Capture, most: int) -> bool:
    """Read until two pictures differ, or ``most`` are equal. A single picture is equal to itself."""
    ok, first = capture.read()
    for _ in range(most - 1):
        more, picture = capture.read()
        if first is None or picture is None or not more:
            break
        if not np.array_equal(first, picture):
            return False
    return ok


def _filtered(path: Path, filters: str) -> Capture | None:
    """Open a file through FFmpeg's filters; None where OpenCV has none."""
    with native_path(path) as name, _environment(OPTIONS, "input_format;lavfi"):
        capture = cv2.VideoCapture(f"movie={_quoted(_quoted(name))},{filters}", cv2.CAP_FFMPEG)
    return capture if capture.isOpened() else None  # type: ignore[return-value]


def _quoted(text: str) -> str:
    """Quote a file's name as a filter's description demands; it is read twice: as part of the chain, and as an option."""
    return re.sub(r"([^\w/.-])", r"\\\1", text)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
