"""Videos that are damaged, lie about themselves, or are none: each made from a small clip of its own."""

import os
import random
import socket
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2

from tests.clips import cut, picture, write_clip

FRAMES: Final = 40
SIZE_WH: Final = (160, 120)

NONE: Final = 1
"""Exit code for what is no video."""
PARTIAL: Final = 3
WHOLE: Final = 0


def _mp4(path: Path) -> bytearray:
    return bytearray(write_clip(path, FRAMES, size_wh=SIZE_WH).read_bytes())


def _avi(path: Path) -> Path:
    written = write_clip(path.with_suffix(".avi"), FRAMES, codec="MJPG", size_wh=SIZE_WH)
    return written.replace(path)


def _webm(path: Path) -> Path:
    return write_clip(path.with_suffix(".webm"), FRAMES, codec="VP80", size_wh=SIZE_WH).replace(path)


def _flip(data: bytearray, begin: int, end: int, number: int, seed: int) -> bytearray:
    rng = random.Random(seed)
    for _ in range(number):
        data[rng.randrange(begin, end)] ^= rng.randrange(1, 256)
    return data


def _flipped_pictures(path: Path) -> None:
    data = _mp4(path)
    path.write_bytes(_flip(data, data.index(b"mdat") + 8, data.index(b"moov"), 60, seed=1))


def _flipped_index(path: Path) -> None:
    data = _mp4(path)
    path.write_bytes(_flip(data, data.index(b"moov") + 8, len(data), 20, seed=2))


def _flipped_anywhere(path: Path) -> None:
    data = _mp4(path)
    path.write_bytes(_flip(data, 0, len(data), 200, seed=3))


def _zeroed_pictures(path: Path) -> None:
    data = _mp4(path)
    middle = (data.index(b"mdat") + data.index(b"moov")) // 2
    data[middle : middle + 2000] = bytes(2000)
    path.write_bytes(data)


def _zeroed_head(path: Path) -> None:
    data = _mp4(path)
    data[:64] = bytes(64)
    path.write_bytes(data)


def _renamed_box(old: bytes, new: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        data = _mp4(path)
        at = data.index(old)
        data[at : at + 4] = new
        path.write_bytes(data)

    return make


def _without_index(path: Path) -> None:
    data = _mp4(path)
    path.write_bytes(data[: data.index(b"moov") - 4])


def _unknown_codec(path: Path) -> None:
    """Neither the sample description nor the elementary stream's tells which."""
    data = _mp4(path)
    for name in (b"mp4v", b"esds"):
        at = data.index(name, data.index(b"stsd"))
        data[at : at + 4] = b"zzzz"
    path.write_bytes(data)


def _claimed_size(width: int, height: int) -> Callable[[Path], None]:
    """In the sample description (ISO 14496-12): 24 bytes after the codec's name."""

    def make(path: Path) -> None:
        data = _mp4(path)
        at = data.index(b"mp4v") + 4 + 24
        data[at : at + 4] = struct.pack(">HH", width, height)
        path.write_bytes(data)

    return make


def _frame_duration(ticks: int) -> Callable[[Path], None]:
    """Of every frame, in the time table."""

    def make(path: Path) -> None:
        data = _mp4(path)
        at = data.index(b"stts") + 12 + 4
        data[at : at + 4] = struct.pack(">I", ticks)
        path.write_bytes(data)

    return make


def _claimed_frames(path: Path) -> None:
    """A table of sample sizes that speaks of a thousand million."""
    data = _mp4(path)
    at = data.index(b"stsz") + 12
    data[at : at + 4] = struct.pack(">I", 10**9)
    path.write_bytes(data)


def _sound_only(path: Path) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))


def _one_frame(path: Path) -> None:
    write_clip(path, frames=1, size_wh=SIZE_WH)


def _still(path: Path) -> None:
    path.write_bytes(cv2.imencode(".png", picture(1, SIZE_WH))[1].tobytes())


def _two_sizes(path: Path) -> None:
    """A stream of JPEGs, half of them twice as large."""
    sizes = [SIZE_WH] * 20 + [(320, 240)] * 20
    path.write_bytes(b"".join(cv2.imencode(".jpg", picture(n, size))[1].tobytes() for n, size in enumerate(sizes)))


def _twice(path: Path) -> None:
    data = _mp4(path)
    path.write_bytes(data + data)


def _playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")


def _session_description(path: Path) -> None:
    path.write_text(
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
    )


def _list_of_files(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile /etc/passwd\n")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _listener(path: Path) -> None:
    """A socket lies at the path; nobody listens any more."""
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)  # its name may be no longer than 107 bytes
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.fchdir(here)
    os.close(here)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _noise(path: Path) -> None:
    path.write_bytes(random.Random(4).randbytes(50_000))


ANY: Final = (WHOLE, NONE, PARTIAL)
WAYS: Final[dict[str, tuple[Callable[[Path], object], tuple[int, ...]]]] = {
    "mp4 cut after a tenth": (lambda path: cut(write_clip(path, FRAMES, size_wh=SIZE_WH), 0.1), (PARTIAL,)),
    "mp4 cut in the middle": (lambda path: cut(write_clip(path, FRAMES, size_wh=SIZE_WH), 0.5), (PARTIAL,)),
    "mp4 without its last bytes": (lambda path: cut(write_clip(path, FRAMES, size_wh=SIZE_WH), 0.999), ANY),
    "mp4 without an index": (_without_index, (PARTIAL,)),
    "mp4 without its pictures' places": (_renamed_box(b"stco", b"free"), (NONE, PARTIAL)),
    "mp4 of an unknown codec": (_unknown_codec, (NONE,)),
    "mp4 with flipped bytes in the pictures": (_flipped_pictures, ANY),
    "mp4 with flipped bytes in the index": (_flipped_index, ANY),
    "mp4 with flipped bytes everywhere": (_flipped_anywhere, ANY),
    "mp4 with a hole in the pictures": (_zeroed_pictures, ANY),
    "mp4 with a hole at the beginning": (_zeroed_head, ANY),
    "mp4 that claims 65535 x 65535": (_claimed_size(65535, 65535), ANY),
    "mp4 that claims 0 x 0": (_claimed_size(0, 0), ANY),
    "mp4 that claims a thousand million frames": (_claimed_frames, ANY),
    "mp4 whose frames take no time": (_frame_duration(0), ANY),
    "mp4 whose frames take hours": (_frame_duration(2**28), ANY),
    "mp4 twice in one file": (_twice, ANY),
    "mp4 named avi": (lambda path: write_clip(path.with_suffix(".mp4"), FRAMES, size_wh=SIZE_WH).replace(path), (WHOLE,)),
    "one frame": (_one_frame, (WHOLE,)),
    "avi cut in the middle": (lambda path: cut(_avi(path), 0.5), (PARTIAL,)),
    "avi without its end": (lambda path: cut(_avi(path), 0.97), (WHOLE, PARTIAL)),
    "webm cut in the middle": (lambda path: cut(_webm(path), 0.5), (PARTIAL,)),
    "pictures of two sizes": (_two_sizes, ANY),
    "sound only": (_sound_only, (NONE,)),
    "a still picture": (_still, ANY),
    "no bytes": (Path.touch, (NONE,)),
    "one byte": (lambda path: path.write_bytes(b"x"), (NONE,)),
    "text": (lambda path: path.write_text("This is a shopping list.\n" * 100), (NONE,)),
    "random bytes": (_noise, (NONE,)),
    "a playlist of addresses": (_playlist, (NONE,)),
    "a description of a stream": (_session_description, (NONE,)),
    "a list of other files": (_list_of_files, (NONE,)),
    "a folder": (Path.mkdir, (NONE,)),
    "a pipe that nobody writes into": (_pipe, (NONE,)),
    "a socket": (_listener, (NONE,)),
    "a link to nothing": (_link("nowhere.mp4"), (NONE,)),
    "a link to itself": (_loop, (NONE,)),
    "a device without end": (_link("/dev/zero"), (NONE,)),
}
"""How to make each, and the exit codes that are right for it."""
SUFFIX: Final = {"mp4 named avi": ".avi", "avi": ".avi", "webm": ".webm", "pictures": ".mjpeg", "a playlist": ".m3u8"}


def make(way: str, folder: Path) -> Path:
    """The file of WAYS of that name."""
    suffix = next((suffix for begin, suffix in SUFFIX.items() if way.startswith(begin)), ".mp4")
    path = folder / f"clip{suffix}"
    WAYS[way][0](path)
    return path
