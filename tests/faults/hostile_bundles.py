"""Model bundles and wheels that are damaged, lie, or attack: each made from the real bundles of this machine."""

import io
import os
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FACE: Final = ("face_detector.tflite", "face_landmarks_detector.tflite")
HAND: Final = ("hand_detector.tflite", "hand_landmarks_detector.tflite")


@dataclass(frozen=True, slots=True)
class Real:
    """The bundles' own bytes, and the models in them by name."""

    face: bytes
    hand: bytes

    def models(self) -> dict[str, bytes]:
        found = {}
        for bundle in (self.face, self.hand):
            with zipfile.ZipFile(io.BytesIO(bundle)) as opened:
                found |= {name: opened.read(name) for name in opened.namelist()}
        return found


Maker = Callable[[Real, Path], object]


def _packed(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as bundle:
        for name, data in members.items():
            bundle.writestr(name, data)
    return out.getvalue()


def _hand(change: Callable[[dict[str, bytes]], dict[str, bytes]], compression: int = zipfile.ZIP_STORED) -> Maker:
    """The hand bundle with other models in it."""

    def make(real: Real, path: Path) -> None:
        models = real.models()
        path.write_bytes(_packed(change({name: models[name] for name in HAND}), compression))

    return make


def _bytes(change: Callable[[bytes], bytes]) -> Maker:
    """The hand bundle's bytes, changed."""
    return lambda real, path: path.write_bytes(change(real.hand))


def _exchanged(real: Real, path: Path) -> None:
    models = real.models()
    path.write_bytes(_packed({FACE[0]: models[HAND[0]], FACE[1]: models[HAND[1]]}))


def _flipped(number: int, seed: int) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """In the second model, but with the zip's own checksum right."""

    def change(models: dict[str, bytes]) -> dict[str, bytes]:
        rng, data = random.Random(seed), bytearray(models[HAND[1]])
        for _ in range(number):
            data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
        return models | {HAND[1]: bytes(data)}

    return change


def _wild_offset(models: dict[str, bytes]) -> dict[str, bytes]:
    """A flatbuffer whose root lies far outside of it."""
    return models | {HAND[1]: struct.pack("<I", 0x7FFFFFF0) + models[HAND[1]][4:]}


def _claimed_small(data: bytes) -> bytes:
    """The directory says that the last model has ten bytes."""
    raw = bytearray(data)
    at = raw.rindex(b"PK\x01\x02") + 24
    raw[at : at + 4] = struct.pack("<I", 10)
    return bytes(raw)


def _locked(data: bytes) -> bytes:
    """Marked as encrypted."""
    raw = bytearray(data)
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def _many(_: Real, path: Path) -> None:
    path.write_bytes(_packed({f"{number}": b"" for number in range(20_001)}))


def _wheel(member: str, data: bytes) -> Maker:
    """A wheel with a model where the right one has it."""
    return lambda _, path: path.write_bytes(_packed({member: data}, zipfile.ZIP_DEFLATED))


PALM: Final = "mediapipe/modules/palm_detection/palm_detection_full.tflite"
SHORT: Final = "mediapipe/modules/face_detection/face_detection_short_range.tflite"

WAYS: Final[dict[str, Maker]] = {
    "no bytes": _bytes(lambda _: b""),
    "text": _bytes(lambda _: b"not a zip at all"),
    "random bytes": _bytes(lambda data: random.Random(1).randbytes(len(data) // 10)),
    "cut in the middle": _bytes(lambda data: data[: len(data) // 2]),
    "without its directory": _bytes(lambda data: data[: data.rindex(b"PK\x01\x02")]),
    "flipped bytes": _bytes(lambda data: data[:5000] + bytes([data[5000] ^ 0xFF]) + data[5001:]),
    "a directory that lies": _bytes(_claimed_small),
    "encrypted": _bytes(_locked),
    "compressed": _hand(lambda models: models, zipfile.ZIP_DEFLATED),
    "one model missing": _hand(lambda models: {HAND[0]: models[HAND[0]]}),
    "models of other names": _hand(lambda models: {f"x{name}": data for name, data in models.items()}),
    "models exchanged with each other": _hand(lambda models: {HAND[0]: models[HAND[1]], HAND[1]: models[HAND[0]]}),
    "hand models as the face's": _exchanged,
    "a model twice": _hand(lambda models: {HAND[0]: models[HAND[0]], HAND[1]: models[HAND[0]]}),
    "empty models": _hand(lambda models: dict.fromkeys(models, b"")),
    "models of noise": _hand(lambda models: {name: random.Random(2).randbytes(100_000) for name in models}),
    "models of zeros": _hand(lambda models: {name: bytes(100_000) for name in models}),
    "a model cut in the middle": _hand(lambda models: models | {HAND[1]: models[HAND[1]][: len(models[HAND[1]]) // 2]}),
    "a model with flipped bytes": _hand(_flipped(4000, seed=3)),
    "a model that points outside": _hand(_wild_offset),
    "paths that climb out": _hand(lambda models: {f"../../{name}": data for name, data in models.items()}),
    "absolute paths": _hand(lambda models: {f"/tmp/{name}": data for name, data in models.items()}),
    "twenty thousand files": _many,
    "a wheel with a bomb in it": _wheel(SHORT, bytes(80_000_000)),
    "a wheel with another model": _wheel(SHORT, b"TFL3" * 1000),
    "a wheel without the face's models": _wheel(PALM, b"TFL3" * 1000),
    "a folder without bundles": lambda _, path: path.mkdir(),
    "a pipe": lambda _, path: os.mkfifo(path),
    "a link to itself": lambda _, path: path.symlink_to(path.name),
    "a device without end": lambda _, path: path.symlink_to("/dev/zero"),
}
NATIVE: Final = (
    "models exchanged with each other",
    "hand models as the face's",
    "a model twice",
    "empty models",
    "models of noise",
    "models of zeros",
    "a model cut in the middle",
    "a model with flipped bytes",
    "a model that points outside",
)
"""What only MediaPipe can refuse: it is tried in a process of its own, which takes a second or more."""
