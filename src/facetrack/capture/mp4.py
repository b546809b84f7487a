"""Whether an MP4 or MOV file has lost its index: the one kind of damage that leaves not a single picture to be read."""

import struct
from os import SEEK_END
from pathlib import Path
from typing import Final

KNOWN_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
"""With one of these such a file begins (ISO 14496-12; the last two are QuickTime's)."""
INDEX: Final = b"moov"
MOST_BOXES: Final = 1000
"""At a file's top level there are a few; more are no MP4."""


def index_is_missing(path: Path) -> bool:
    """True for an MP4 or MOV file without an index; False for all others, also for those that can't be read."""
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
    """Size and type of the box that begins here; (0, b"") where none does."""
    if len(head) < 8:
        return 0, b""
    size, kind = struct.unpack(">I4s", head[:8])
    if size == 1 and len(head) == 16:
        (size,) = struct.unpack(">Q", head[8:])
    return size, kind
