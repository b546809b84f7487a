"""Recognises files whose end is missing, from the sizes that their container states. Nothing is decoded.

A file that was copied only in part, or whose recorder was switched off, ends in the middle of something. What a header says
about the number of frames proves nothing: programs that trim, stop or record at a variable rate leave it as it was.
"""

import struct
from collections.abc import Callable
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO, Final

from facetrack.capture.container.mp4 import KNOWN_BOXES, top_boxes

TAIL_BYTES: Final = 1 << 18
"""How much of a file's end is searched for its last packet; packets have 64 kB at most."""
HEAD_BYTES: Final = 1 << 16
"""How much of a file's beginning is searched for its header."""
MOST_ELEMENTS: Final = 2_000_000
"""More elements than this are not followed. Ten hours of pictures and sound have that many."""
MOST_NAME_BYTES: Final = 4
"""Longest name of a Matroska element."""
ASF_FILE_PROPERTIES: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
"""Identifies the object of an ASF (WMV) file that states its size."""


def is_cut_off(path: Path) -> bool:
    """Decide whether a video file's end is missing. False for whole ones, and for containers that don't show it."""
    try:
        with path.open("rb") as stream:
            end = stream.seek(0, SEEK_END)
            stream.seek(0)
            check = _check_of(stream.read(400))
            return check is not None and check(stream, end)
    except (OSError, struct.error):
        return False


def _check_of(head: bytes) -> Callable[[BinaryIO, int], bool] | None:
    if head[4:8] in KNOWN_BOXES:
        return _mp4
    if b"GGG" in (head[:377:188], head[4:389:192]):  # each packet begins with 0x47
        return _transport_stream
    return next((check for magic, check in _CHECKS.items() if head.startswith(magic)), None)


def _mp4(stream: BinaryIO, end: int) -> bool:
    return any(box_end > end for _, _, box_end in top_boxes(stream))


def _avi(stream: BinaryIO, end: int) -> bool:
    """Follow the RIFF chunks; a long file has several. A file that was not finished states the size 0, and may be whole."""
    start = 0
    while start + 8 <= end:
        stream.seek(start)
        name, size = stream.read(4), int.from_bytes(stream.read(4), "little")
        if name != b"RIFF" or size in (0, 0xFFFFFFFF):
            break
        start += 8 + size + size % 2
    return start > end + 1  # a last chunk of odd size may lack its padding


def _flv(stream: BinaryIO, end: int) -> bool:
    """Follow the tags; the four bytes after each repeat its size."""
    stream.seek(5)
    start = int.from_bytes(stream.read(4), "big") + 4
    for _ in range(MOST_ELEMENTS):
        stream.seek(start)
        head = stream.read(4)
        if len(head) < 4:
            break
        start += 11 + int.from_bytes(head[1:4], "big") + 4
    return start - 4 > end or 0 < end - start < 4


def _matroska(stream: BinaryIO, end: int) -> bool:
    """Follow the elements, into those of unknown size, as browsers and capture programs write them."""
    start = 0
    for _ in range(MOST_ELEMENTS):
        if start >= end:
            break
        stream.seek(start)
        head, size = _element(stream.read(12))
        if head == 0:
            return end - start < 12  # the beginning of an element, or nonsense
        start += head + size
    return start > end


def _element(data: bytes) -> tuple[int, int]:
    """Return the lengths of the head and of the content of the element that begins here; the head's is 0 if none does.

    An element of unknown size counts as empty, so that its content comes next.
    """
    name_bytes = 9 - data[0].bit_length()
    if name_bytes > MOST_NAME_BYTES or len(data) <= name_bytes or data[name_bytes] == 0:
        return 0, 0
    size_bytes = 9 - data[name_bytes].bit_length()
    head = name_bytes + size_bytes
    ones = (1 << 7 * size_bytes) - 1
    size = int.from_bytes(data[name_bytes:head], "big") & ones
    return (0, 0) if len(data) < head else (head, 0 if size == ones else size)


def _transport_stream(stream: BinaryIO, end: int) -> bool:
    """Check for whole packets of 188 bytes, on discs and camcorders (M2TS) with four more before each."""
    stream.seek(0)
    return end % (188 if stream.read(189)[::188] == b"GG" else 192) != 0


def _program_stream(stream: BinaryIO, end: int) -> bool:
    """Follow the packets from the last pack on. The end mark is customary; a file without it is not damaged."""
    begin = max(end - TAIL_BYTES, 0)
    stream.seek(begin)
    tail = stream.read()
    at = tail.rfind(b"\x00\x00\x01\xba")
    while at >= 0 and at + 4 <= len(tail):
        if tail[at : at + 3] != b"\x00\x00\x01" or tail[at + 3] < 0xB9:
            return False
        head = tail[at : at + 14].ljust(14, b"\x00")
        if head[3] == 0xBA:
            at += 12 if head[4] >> 4 == 2 else 14 + (head[13] & 7)  # of MPEG-1, of MPEG-2
        else:
            at += 4 if head[3] == 0xB9 else 6 + int.from_bytes(head[4:6], "big")
    return at > len(tail)


def _ogg(stream: BinaryIO, end: int) -> bool:
    """Check the last page against its table of sizes."""
    stream.seek(max(end - TAIL_BYTES, 0))
    tail = stream.read()
    page = tail[tail.rfind(b"OggS") :]
    return len(page) < 27 or len(page) < 27 + page[26] + sum(page[27 : 27 + page[26]])


def _asf(stream: BinaryIO, end: int) -> bool:
    """Compare the size that the header states, which it does unless the file was sent live."""
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    at = head.find(ASF_FILE_PROPERTIES)
    if at < 0 or len(head) < at + 92:
        return False
    (size,) = struct.unpack_from("<Q", head, at + 40)
    return not head[at + 88] & 1 and size > end


def _gif(stream: BinaryIO, end: int) -> bool:
    stream.seek(max(end - 16, 0))
    return not stream.read().rstrip(b"\x00").endswith(b";")


_CHECKS: Final[dict[bytes, Callable[[BinaryIO, int], bool]]] = {
    b"RIFF": _avi,
    b"FLV": _flv,
    bytes.fromhex("1a45dfa3"): _matroska,
    b"\x00\x00\x01\xba": _program_stream,
    b"OggS": _ogg,
    bytes.fromhex("3026b2758e66cf11"): _asf,
    b"GIF8": _gif,
}
"""Checks by the bytes with which such a file begins."""
