"""A hundred hostile settings files, and whatever else a data folder may hold in their place: told in a line each, or taken."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from facetrack.app.settings import LARGEST_FILE_BYTES, Settings, settings_path
from facetrack.app.user_state import FILE_NAME
from tests.cli.commands import facetrack
from tests.routine.test_hostile import VALUES

NO_CAMERA = ("run", "fascia", "--yes", "--headless", "--no-voice", "--camera", "63")
"""Ends after the settings were read."""


def _values(rng: random.Random) -> bytes:
    names = rng.sample([*Settings.model_fields, "nonsense", "__class__", '""', '"a\\nb"', "camera.x"], rng.randint(1, 5))
    return "\n".join(f"{name} = {rng.choice(VALUES)}" for name in names).encode("utf-8", "surrogatepass")


def _cameras(rng: random.Random) -> bytes:
    return f"camera = {rng.choice(VALUES)}\nvoice = {rng.choice(['true', *VALUES])}".encode("utf-8", "surrogatepass")


def _areas(rng: random.Random) -> bytes:
    return f"areas_of_concern = [{', '.join(rng.choices(VALUES, k=rng.randint(0, 9)))}]".encode("utf-8", "surrogatepass")


def _flipped(rng: random.Random) -> bytes:
    raw = bytearray(b'areas_of_concern = ["cheeks", "jaw"]\nvoice = true\ncamera = "0"\n')
    for _ in range(rng.randint(1, 12)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return bytes(raw)


def _deep(rng: random.Random) -> bytes:
    depth = rng.choice([50, 900, 4000])
    return rng.choice([b"voice = " + b"[" * depth, b"voice = " + b"{a=" * depth, b"a." * depth + b"a = 1"])


def _long(rng: random.Random) -> bytes:
    size = rng.choice([1000, LARGEST_FILE_BYTES - 20, LARGEST_FILE_BYTES + 1, 3_000_000])
    return rng.choice([b'camera = "' + b"x" * size + b'"', b"#" * size, b"x" * size + b" = 1", b"\n" * size])


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(0, 500))


MAKERS = [_values, _values, _values, _cameras, _cameras, _areas, _flipped, _deep, _long, _noise]
PER_MAKER = 10


@pytest.mark.parametrize("maker", range(len(MAKERS)))
def test_hostile_settings_are_told_in_a_line_each_or_taken(maker: int, capfd: pytest.CaptureFixture[str]) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    refused = 0
    for seed in range(PER_MAKER):
        raw = MAKERS[maker](random.Random(1000 * maker + seed))
        settings_path().write_bytes(raw)
        ran = facetrack(capfd, *NO_CAMERA)
        assert ran.code == 1, f"seed {1000 * maker + seed}: {raw[:200]!r}"
        assert max(map(len, ran.err.splitlines())) < 500, f"seed {1000 * maker + seed}: {raw[:200]!r}"
        assert "unexpected" not in ran.err, f"seed {1000 * maker + seed}: {raw[:200]!r}: {ran.err}"
        told = ran.err.splitlines()
        assert len(told) == 1 or all("settings.toml: " in line for line in told)
        refused += "settings.toml" in ran.err
        assert ("settings.toml" in ran.err) != ("Camera 63" in ran.err)
    assert refused > 0


PLACES: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a device without end": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.skipif(os.name != "posix", reason="makes pipes and links")
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_at_all(place: str, capfd: pytest.CaptureFixture[str]) -> None:
    for path in (settings_path(), settings_path().with_name(FILE_NAME)):
        path.parent.mkdir(parents=True, exist_ok=True)
        PLACES[place](path)
        ran = facetrack(capfd, *NO_CAMERA)
        assert ran.code == 1
        assert "unexpected" not in ran.said
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b"null", b"\xff\xfe", b'{"known_steps": 5}', b'{"known_steps": {"fascia": [1]}}', b"[" * 9000]
)
def test_a_damaged_memory_is_as_good_as_none(raw: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    path = settings_path().with_name(FILE_NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    assert "Camera 63" in facetrack(capfd, *NO_CAMERA).said
    ran = facetrack(capfd, "run", "fascia", "--headless", "--camera", "63")
    assert "Camera 63" in ran.err
