"""Changes what the container of a small video says, as phones, browsers, camcorders and programs that trim leave it."""

import struct
from pathlib import Path

ONE = 1 << 16
FLIP = (-ONE, 0, 0, ONE)
UPSIDE_DOWN = (ONE, 0, 0, -ONE)
UNKNOWN_SIZE = b"\x01" + b"\xff" * 7
SEGMENT = b"\x18\x53\x80\x67"
SEQUENCE_EXTENSION, PICTURE_EXTENSION = (0x1, 1, 3), (0x8, 4, 7)
"""MPEG-2 extensions: their number, and the byte and bit that say whether they are progressive."""


def change(path: Path, old: bytes, skip: int, new: bytes) -> Path:
    """Writes bytes after the first occurrence of others."""
    data = bytearray(path.read_bytes())
    at = data.index(old) + len(old) + skip
    data[at : at + len(new)] = new
    path.write_bytes(bytes(data))
    return path


def with_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Of an MP4's track: how it is turned and flipped (ISO 14496-12, tkhd of version 0)."""
    return change(path, b"tkhd", 40, struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30))


def with_pixels(path: Path, wide: int, high: int) -> Path:
    """Puts a box with the pixels' aspect into an MP4 whose index stands at its end."""
    data = bytearray(path.read_bytes())
    entry = data.index(b"mp4v", data.index(b"stsd")) - 4
    (size,) = struct.unpack_from(">I", data, entry)
    data[entry + size : entry + size] = struct.pack(">I4sII", 16, b"pasp", wide, high)
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"mp4v"):
        at = data.index(name, data.index(b"moov")) - 4
        struct.pack_into(">I", data, at, struct.unpack_from(">I", data, at)[0] + 16)
    path.write_bytes(bytes(data))
    return path


def trimmed(path: Path, begin_s: float) -> Path:
    """Shows an MP4 from a later time on by its edit list; all pictures stay in the file, as after trimming on a phone."""
    data = bytearray(path.read_bytes())
    ticks = {}
    for name in (b"mvhd", b"mdhd"):
        ticks[name] = struct.unpack_from(">II", data, data.index(name) + 4 + 12)
    scale, length = ticks[b"mvhd"]
    shown = int(length - begin_s * scale)
    struct.pack_into(">III", data, data.index(b"elst") + 8, 1, shown, int(begin_s * ticks[b"mdhd"][0]))
    path.write_bytes(bytes(data))
    return path


def sent_live(path: Path) -> Path:
    """A WebM as browsers write it while recording: its size unknown, its length nowhere."""
    change(path, SEGMENT, 0, UNKNOWN_SIZE)
    data = path.read_bytes()
    at = data.index(b"\x44\x89\x88")  # the duration, a number of 8 bytes
    path.write_bytes(data[:at] + b"\xec\x89" + data[at + 2 :].replace(b"\x88", b"\x00", 1))
    return path


def interlaced(path: Path) -> Path:
    """Declares the pictures of an MPEG-2 stream interlaced. Its height must be a multiple of 32."""
    data = bytearray(path.read_bytes())
    at = data.find(b"\x00\x00\x01\xb5")
    while at >= 0:
        for number, byte, bit in (SEQUENCE_EXTENSION, PICTURE_EXTENSION):
            if data[at + 4] >> 4 == number:
                data[at + 4 + byte] &= ~(1 << bit) & 0xFF
        at = data.find(b"\x00\x00\x01\xb5", at + 4)
    path.write_bytes(bytes(data))
    return path
