"""Hostile files: 200 of them, each refused in words or taken, never a crash."""

import random
import time
from collections.abc import Callable

import pytest

from facetrack.routine import RoutineFileError
from facetrack.routine.file.load import LARGEST_FILE_BYTES, parse_routine
from facetrack.system.paths import shipped

LIMIT_S = 10.0
"""Far above the second that a file may take: a machine may be busy, but nothing may hang."""
VALUES = [
    "nan", "inf", "-inf", "1e308", "-0.0", "1" + "0" * 400, "9" * 5000, "true", '""', '"\\u0000"', '"' + "x" * 5000 + '"',
    "[]", "[[]]", "[[[[]]]]", "{}", '{ a = { b = "c" } }', "1979-05-27", "07:32:00", '"temple"', '["temple", "temple"]',
    "[[0, 0], [0, 0]]", "[[0, 0], [1e9, 1e9]]", '"../../etc/passwd"', '"{told}"', '"%s%n"', "0x7fffffffffffffff",
    '"𝕏\\U0001F600"', "[nan, nan]", "[1, [2, [3]]]", '["step", "step[1]"]', "'''\n\n'''",
]  # fmt: skip
KEYS = [
    "schema_version",
    "id",
    "title",
    "version",
    "language",
    "author",
    "prepare",
    "schedule",
    "caution",
    "step",
    "zone",
    "path",
    "motion",
    "pace_mm_s",
    "turns_s",
    "radius_mm",
    "hold_s",
    "hands",
    "contact",
    "fingers",
    "pressure",
    "repetitions",
    "seconds",
    "tolerance_mm",
    "judge",
    "optional",
    "tempo",
    "phase",
    "group",
    "say",
    "point",
    "width_mm",
    "nonsense",
    "__class__",
    "model_config",
]


def _swapped_values(rng: random.Random) -> bytes:
    lines = (shipped("routines") / rng.choice(["japanese.toml", "fascia.toml"])).read_text(encoding="utf-8").splitlines()
    for _ in range(rng.randint(1, 25)):
        at = rng.randrange(len(lines))
        if "=" in lines[at] and not lines[at].startswith("#"):
            lines[at] = f"{lines[at].split('=')[0]}= {rng.choice(VALUES)}"
    return "\n".join(lines).encode()


def _random_tables(rng: random.Random) -> bytes:
    lines = ["schema_version = 1", 'id = "a"']
    for _ in range(rng.randint(1, 40)):
        lines.append(rng.choice(["[[step]]", "[[step.phase]]", "[[caution]]", "[schedule]", ""]))
        names = rng.sample(KEYS, rng.randint(0, 6))
        lines += [f"{name} = {rng.choice(VALUES)}" for name in names]
    return "\n".join(lines).encode()


def _flipped_bytes(rng: random.Random) -> bytes:
    raw = bytearray((shipped("routines") / "fascia.toml").read_bytes())
    for _ in range(rng.randint(1, 40)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    return bytes(raw)


def _cut(rng: random.Random) -> bytes:
    raw = (shipped("routines") / "japanese.toml").read_bytes()
    return raw[: rng.randrange(len(raw))]


def _deep(rng: random.Random) -> bytes:
    depth = rng.choice([50, 500, 5000, 60_000])
    shape = rng.choice(["[", "{a=", "a."])
    body = {"[": "x = " + "[" * depth, "{a=": "x = " + "{a=" * depth, "a.": "a." * depth + "a = 1"}[shape]
    lists = "\n".join(f"{'[' * 3}{'],' * 3}" for _ in range(50)) if rng.random() < 0.2 else ""
    return f"{body}\n{lists}".encode()


def _large(rng: random.Random) -> bytes:
    kind = rng.randrange(4)
    if kind == 0:
        return b'id = "' + b"x" * 10_000_000 + b'"'
    if kind == 1:
        return b'schema_version = 1\nid = "' + b"-a" * 100_000 + b'"'
    if kind == 2:
        return b'schema_version = 1\nid = "a"\n' + b'[[step]]\nid = "a"\n' * 8_000
    path = b",".join(b"[%d, %d]" % (k % 100, k // 100) for k in range(9_000))
    return b'schema_version = 1\nid = "a"\n[[step]]\nid = "a"\nzone = [[' + path + b"]]\npath = [" + path + b"]"


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.randint(0, 4000))


MAKERS: list[Callable[[random.Random], bytes]] = [
    *[_swapped_values] * 2, *[_random_tables] * 3, _flipped_bytes, _cut, _deep, _large, _noise,
]  # fmt: skip


def _problems(raw: bytes) -> tuple[str, ...]:
    try:
        parse_routine(raw, "f.toml")
    except RoutineFileError as error:
        return error.lines
    return ()


@pytest.mark.parametrize("maker", range(len(MAKERS)))
def test_hostile_files_are_refused_in_words(maker: int) -> None:
    refused = 0
    for seed in range(20):
        raw = MAKERS[maker](random.Random(1000 * maker + seed))
        began = time.perf_counter()
        try:
            lines = _problems(raw)
        except Exception as error:
            raise AssertionError(f"maker {MAKERS[maker].__name__}, seed {1000 * maker + seed}: {raw[:200]!r}") from error
        assert time.perf_counter() - began < LIMIT_S, f"seed {1000 * maker + seed}"
        assert all(line.startswith("f.toml: ") and "\n" not in line and len(line) < 4000 for line in lines), lines
        refused += bool(lines)
    assert refused > 0


def test_too_large_a_file_is_not_read_to_its_end() -> None:
    with pytest.raises(RoutineFileError, match="larger than"):
        parse_routine(b"#" * (LARGEST_FILE_BYTES + 1), "f.toml")
