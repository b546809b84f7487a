"""What the index of an MP4 or MOV file says: whether there is one, when its last picture is due, and whether it is mirrored."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO, Final

KNOWN_BOXES: Final = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
"""The boxes with which such a file may begin (ISO 14496-12; the last two are QuickTime's)."""
PRINTABLE: Final = frozenset(range(0x20, 0x7F))
"""Types of boxes at the top level consist of these bytes; anything else is not a box."""
INDEX: Final = b"moov"
"""The box that holds the index."""
PICTURES: Final = b"mdat"
"""The box that holds the pictures and the sound."""
MOST_BOXES: Final = 100_000
"""More boxes on one level than this are not followed: the file is something else. A fragmented file has two a second."""
MOST_INDEX_BYTES: Final = 1 << 28
"""A larger index is not read; that of ten hours has 20 MB."""


@dataclass(frozen=True, slots=True)
class Track:
    """The video track of an index."""

    last_s: float  # when its last picture is due, in seconds after the first; NaN if the index does not say
    matrix: tuple[int, int, int, int]  # turns and flips the picture, (x, y) to (a x + c y, b x + d y); 65536 is one


def top_boxes(stream: BinaryIO) -> Iterator[tuple[int, bytes, int]]:
    """Yield start, type and end of the boxes of the file's top level; the last end may lie beyond the file's."""
    end = stream.seek(0, SEEK_END)
    start = 0
    for _ in range(MOST_BOXES):
        stream.seek(min(start, end))
        size, kind, _ = _box(stream.read(16))
        if not PRINTABLE.issuperset(kind) or not kind or (start == 0 and kind not in KNOWN_BOXES):
            return
        box_end = end if size == 0 else start + size
        yield start, kind, box_end
        if box_end <= start or box_end >= end:
            return
        start = box_end


def index_is_missing(path: Path) -> bool:
    """Return True for an MP4 or MOV file without an index, and False for all others, including those that can't be read."""
    try:
        with path.open("rb") as stream:
            kinds = {kind for _, kind, _ in top_boxes(stream)}
    except OSError:
        return False
    return PICTURES in kinds and INDEX not in kinds


def video_track(path: Path) -> Track | None:
    """Read the first video track from the index; None if there is no such file, index or track, or it can't be understood."""
    try:
        with path.open("rb") as stream:
            start, end = next(((start, end) for start, kind, end in top_boxes(stream) if kind == INDEX), (0, 0))
            if not 0 < end - start < MOST_INDEX_BYTES:
                return None
            stream.seek(start)
            return _video_track(_contents(stream.read(end - start)))
    except (OSError, struct.error, KeyError, IndexError):
        return None


def _video_track(index: dict[bytes, list[bytes]]) -> Track | None:
    for track in map(_boxes, index.get(b"trak", [])):
        media = _boxes(track[b"mdia"][0])
        if media[b"hdlr"][0][8:12] == b"vide":
            last_s = math.nan if b"mvex" in index else _last_s(track, media, _timescale(index[b"mvhd"][0])[0])
            return Track(last_s, _matrix(track[b"tkhd"][0]))
    return None


def _last_s(track: dict[bytes, list[bytes]], media: dict[bytes, list[bytes]], movie_scale: int) -> float:
    """Return when the last picture is due, after the first. An edit list may show less than the media has."""
    scale, ticks = _timescale(media[b"mdhd"][0])
    table = _boxes(_boxes(media[b"minf"][0])[b"stbl"][0])[b"stts"][0]
    if scale == 0 or movie_scale == 0 or ticks == 0 or len(table) < 16:
        return math.nan
    (last_ticks,) = struct.unpack(">I", table[-4:])
    edits = _edits(track)
    if len(edits) > 1:
        return math.nan
    shown_s = ticks / scale
    for length, begin in edits:
        shown_s = min(shown_s - begin / scale, length / movie_scale or math.inf)
    return shown_s - int(last_ticks) / scale


def _edits(track: dict[bytes, list[bytes]]) -> list[tuple[int, int]]:
    """Return length and begin of the parts of the media that are shown; [] means all of it."""
    edits = _boxes(track[b"edts"][0]).get(b"elst") if b"edts" in track else None
    if not edits:
        return []
    (count,) = struct.unpack_from(">I", edits[0], 4)
    form, size, empty = (">QQ", 20, 2**64 - 1) if edits[0][0] == 1 else (">II", 12, 2**32 - 1)
    each = [struct.unpack_from(form, edits[0], 8 + size * n) for n in range(min(count, MOST_BOXES))]
    return [(length, begin) for length, begin in each if begin != empty]


def _timescale(header: bytes) -> tuple[int, int]:
    """Return ticks a second and the duration in ticks (0 if unknown) from an mvhd or mdhd box."""
    form, at = (">IQ", 20) if header[0] == 1 else (">II", 12)
    scale, ticks = struct.unpack_from(form, header, at)
    return scale, 0 if ticks in (0xFFFFFFFF, 2**64 - 1) else ticks


def _matrix(header: bytes) -> tuple[int, int, int, int]:
    a, b, _, c, d = struct.unpack_from(">5i", header, 52 if header[0] == 1 else 40)
    return a, b, c, d


def _contents(box: bytes) -> dict[bytes, list[bytes]]:
    _, _, head = _box(box[:16])
    return _boxes(box[head:])


def _boxes(data: bytes) -> dict[bytes, list[bytes]]:
    """Return the contents of the boxes in these bytes, by type."""
    found: dict[bytes, list[bytes]] = {}
    start = 0
    for _ in range(MOST_BOXES):
        size, kind, head = _box(data[start : start + 16])
        if not kind:
            break
        end = len(data) if size == 0 else start + size
        found.setdefault(kind, []).append(data[start + head : end])
        if end <= start:
            break
        start = end
    return found


def _box(head: bytes) -> tuple[int, bytes, int]:
    """Return size and type of the box that begins here and the size of its head, or (0, b"", 0) if none does."""
    if len(head) < 8:
        return 0, b"", 0
    size, kind = struct.unpack(">I4s", head[:8])
    if size == 1 and len(head) == 16:
        return struct.unpack(">Q", head[8:])[0], kind, 16
    return size, kind, 8
