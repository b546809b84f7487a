"""Detects MP4 and MOV files that have lost their index, the one kind of damage that leaves no picture to read."""

import struct
from os import SEEK_END
from pathlib import Path
from typing import Final

KNOWN_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
"""The boxes with which such a file may begin (ISO 14496-12; the last two are QuickTime's)."""
INDEX: Final = b"moov"
"""The box that holds the index."""
MOST_BOXES: Final = 1000
"""An MP4 file has only a few boxes at its top level; with more than this the file is something else."""


def index_is_missing(path: Path) -> bool:
    """Return True for an MP4 or MOV file without an index, and False for all others, including those that can't be read."""
    start = 0
    try:
        with path.open("rb") as stream:
            end = stream.seek(0, SEEK_END)
            for _ in range(MOST_BOXES):
                stream.seek(min(start, end))
                size, kind = _box(stream.read(16))
                if kind == INDEX or (start == 0 and kind not in KNOWN_BOXES):
                    return False
                if size < 8:  # nothing more, or a last box that reaches to the end of the file
                    return True
                start += size
    except OSError:
        pass
    return False


def _box(head: bytes) -> tuple[int, bytes]:
    """Return size and type of the box that begins here, or (0, b"") if none does."""
    if len(head) < 8:
        return 0, b""
    size, kind = struct.unpack(">I4s", head[:8])
    if size == 1 and len(head) == 16:
        (size,) = struct.unpack(">Q", head[8:])
    return size, kind
