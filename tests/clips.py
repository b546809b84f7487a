"""Small video files for tests. The stripes of frame n are the bits of n, so that frames can be told apart."""

import shutil
import struct
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

BITS = 7
SIDE, ZERO, ONE = 30, 120, 220


def picture(index: int, size_wh: tuple[int, int] = (64, 48)) -> np.ndarray:
    """Frame ``index`` (below 128). The left third is dark, so that mirroring and turning show."""
    width, height = size_wh
    image = np.full((height, width, 3), SIDE, np.uint8)
    for bit in range(BITS):
        rows = slice(bit * height // BITS, (bit + 1) * height // BITS)
        image[rows, width // 3 :] = ONE if index >> bit & 1 else ZERO
    return image


def index_of(image: np.ndarray) -> int:
    """Which frame a decoded picture is."""
    height, width = image.shape[:2]
    stripes = [image[(2 * bit + 1) * height // (2 * BITS), 2 * width // 3].mean() for bit in range(BITS)]
    return sum(1 << bit for bit, light in enumerate(stripes) if light > (ZERO + ONE) / 2)


def write_clip(
    path: Path, frames: int = 30, fps: float = 30.0, codec: str = "mp4v", size_wh: tuple[int, int] = (64, 48)
) -> Path:
    """The extension says the container. OpenCV's encoder gets an ASCII name first: not all of them take others."""
    plain = path.with_name(f"plain{path.suffix}")
    writer = cv2.VideoWriter(str(plain), cv2.VideoWriter.fourcc(*codec), fps, size_wh)
    assert writer.isOpened()
    for index in range(frames):
        writer.write(picture(index, size_wh))
    writer.release()
    plain.replace(path)
    return path


def copies(clip: Path, names: Iterable[str]) -> list[Path]:
    """The clip and copies of it beside it, with these names."""
    return [clip, *(shutil.copy(clip, clip.with_stem(name)) for name in names)]


def cut(path: Path, share: float) -> Path:
    """Keeps only the first share of the file's bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def turn_quarter(path: Path) -> Path:
    """Writes a rotation of 90 degrees into an MP4's track header, as phones held upright do (ISO 14496-12, tkhd)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40  # version 0: the matrix follows 40 bytes of other fields
    one = 1 << 16
    data[at : at + 36] = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)
    path.write_bytes(bytes(data))
    return path
