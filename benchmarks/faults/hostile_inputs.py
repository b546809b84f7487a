"""Defines the hostile files of the sweep: videos, routines, settings, histories, sessions and bundles."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from tests.faults import damaged_videos, hostile_bundles, test_hostile_settings
from tests.routine import test_hostile

SEEDS: Final = 3
"""How many files each random maker makes."""


@dataclass
class Place:
    """Folders of one input: only ``writable`` ones may be written into, and what lies in them stays as it is."""

    root: Path

    def __post_init__(self) -> None:
        for folder in (self.home, self.work, self.temporary, self.given):
            folder.mkdir()

    def __getattr__(self, name: str) -> Path:
        if name in ("home", "work", "temporary", "given", "data", "cache", "out"):
            return self.root / name
        raise AttributeError(name)

    @cached_property
    def writable(self) -> tuple[Path, ...]:
        """Folders that facetrack may write into."""
        return (self.data, self.cache, self.out, self.temporary)


def nothing(_place: Place) -> None:
    pass


@dataclass(frozen=True)
class Input:
    """One hostile input. command: ROOT stands for the folder of the place. words: a pattern that what is said must fit."""

    group: str
    name: str
    command: tuple[str, ...]
    words: str
    codes: tuple[int, ...] = (1, 2)
    prepare: Callable[[Place], object] = nothing
    env: dict[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    camera: str = "-"
    as_user: int | None = None
    wrapper: list[str] = field(default_factory=list)
    clean: Callable[[Place], object] = nothing

    @property
    def command_line(self) -> str:
        """Return the command as it is typed, without the place's folder."""
        return " ".join(self.command).replace("ROOT/", "")[:120]


ONE: Final = ("--routine", "fascia", "--step", "forehead")
CLIP: Final = "ROOT/given/clip"
READERS: Final = {
    "analyze": ("analyze", CLIP, *ONE, "--out", "ROOT/out"),
    "run": ("run", "fascia", "--video", CLIP, "--headless", "--yes", "--no-voice"),
    "pulse": ("pulse", "--video", CLIP),
}


def videos() -> Iterator[Input]:
    for way, (_, codes) in damaged_videos.WAYS.items():
        if codes == (damaged_videos.NONE,):
            for name, command in READERS.items():
                make = partial(_damaged, way)
                yield Input("videos", f"{way}, {name}", command, r"clip", prepare=make)
    odd = {
        "an address": "https://example.invalid/a.mp4",
        "a stream": "rtsp://127.0.0.1:9/a",
        "a pattern of numbers": "ROOT/given/%03d.png",
        "a pattern": "ROOT/given/*.mp4",
        "a name that is too long": "ROOT/given/" + "x" * 300,
        "a path that is too long": "ROOT/given/" + "/".join(["x" * 200] * 25),
        "a file in a file": "ROOT/given/plain/clip.mp4",
        "a line break in the name": "ROOT/given/a\nb.mp4",
        "a name like an option": "./--out",
        "an empty name": "",
        "FFmpeg's own words": "concat:ROOT/given/plain|/etc/passwd",
        "a text of the machine": "/etc/passwd",
        "standard input": "/dev/stdin",
        "nothing for ever": "/dev/null",
        "its own memory": "/proc/self/mem",
    }
    for what, path in odd.items():
        for name in ("analyze", "run"):
            command = tuple(path if part == CLIP else part for part in READERS[name])
            yield Input(
                "videos", f"{what}, {name}", command, r"facetrack: |file|video", prepare=lambda p: (p.given / "plain").touch()
            )


def _damaged(way: str, place: Place) -> None:
    damaged_videos.make(way, place.given).rename(place.given / "clip")


def routines() -> Iterator[Input]:
    for number, maker in enumerate(dict.fromkeys(test_hostile.MAKERS)):
        for seed in range(SEEDS):
            raw = maker(random.Random(100 * number + seed))
            write = partial(_write_given, "mine.toml", raw)
            name = f"{maker.__name__.strip('_').replace('_', ' ')} {seed}"
            yield Input("routines", name, ("routines", "validate", "ROOT/given/mine.toml"), "mine.toml", (0, 1), write)
            live = ("run", "ROOT/given/mine.toml", "--headless", "--yes", "--camera", "63", "--no-save")
            yield Input("routines", f"{name}, run", live, r"mine.toml|Camera 63", (1, 2), write)
    for name in ("fascia ", "../fascia", "nothing", "", "\u202efascia", "fas\ncia", "a" * 5000):
        yield Input("routines", f"no routine {name[:20]!r}", ("routines", "show", name), r"routine|file|toml", (1, 2))


def _write_given(name: str, raw: bytes, place: Place) -> None:
    (place.given / name).write_bytes(raw)


NO_CAMERA: Final = ("run", "fascia", "--yes", "--headless", "--no-voice", "--no-save", "--camera", "63")


def settings() -> Iterator[Input]:
    for number, maker in enumerate(dict.fromkeys(test_hostile_settings.MAKERS)):
        for seed in range(SEEDS):
            raw = maker(random.Random(1000 * number + seed))
            name = f"{maker.__name__.strip('_')} {seed}"
            yield Input(
                "settings", name, NO_CAMERA, r"settings.toml|Camera 63", (1,), partial(_write_data, "settings.toml", raw)
            )
    bom = b"\xef\xbb\xbfvoice = false\n"
    yield Input("settings", "saved by Notepad", NO_CAMERA, "Camera 63", (1,), partial(_write_data, "settings.toml", bom))
    wide = "voice = false\n".encode("utf-16")
    yield Input(
        "settings", "of another encoding", NO_CAMERA, "settings.toml.*UTF-8", (1,), partial(_write_data, "settings.toml", wide)
    )
    for what, make in test_hostile_settings.PLACES.items():
        for name in ("settings.toml", "remembered.json"):
            yield Input(
                "settings", f"{what} as {name}", NO_CAMERA, r"settings.toml|Camera 63", (1,), partial(_make_data, name, make)
            )
    for raw in (b"", b"[]", b"{", b"null", b"\xff\xfe", b'{"known_steps": 5}', b"[" * 9000, b'{"safety_read": {"fascia": 7}}'):
        yield Input(
            "settings", f"remembered {raw[:20]!r}", NO_CAMERA, "Camera 63", (1,), partial(_write_data, "remembered.json", raw)
        )


def _write_data(name: str, raw: bytes, place: Place) -> None:
    place.data.mkdir(exist_ok=True)
    (place.data / name).write_bytes(raw)


def _make_data(name: str, make: Callable[[Path], object], place: Place) -> None:
    place.data.mkdir(exist_ok=True)
    make(place.data / name)


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE sessions (a)")
        db.execute("PRAGMA user_version = 1")
    db.close()


HISTORIES: Final[dict[str, Callable[[Path], object]]] = {
    "text": lambda path: path.write_bytes(b"no database\n" * 200),
    "noise": lambda path: path.write_bytes(random.Random(5).randbytes(9000)),
    "a head and nothing else": lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(84)),
    "of a newer facetrack": _newer,
    "of another program": _foreign,
    "a folder": Path.mkdir,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("/nonexistent/history"),
    "a link to a device": lambda path: path.symlink_to("/dev/full"),
}
ASKING: Final = {
    "list": ("sessions", "list"),
    "show": ("sessions", "show"),
    "export": ("sessions", "export", "--out", "ROOT/out"),
    "delete": ("sessions", "delete", "last", "--yes"),
    "report": ("report",),
}


def histories() -> Iterator[Input]:
    for what, make in HISTORIES.items():
        for name, command in ASKING.items():
            yield Input(
                "history",
                f"{what}, {name}",
                command,
                r"history|no sessions",
                (1, 2),
                partial(_make_data, "history.sqlite3", make),
            )
    for text in ("", "zzz", "2026", "../..", "'; DROP TABLE sessions; --", "%", "last " * 500):
        yield Input("history", f"no session {text[:20]!r}", ("sessions", "show", text), r"no session|sessions yet", (1, 2))


UNBEGUN: Final = (b"", b'{"facetrack_jour')
"""Journals of sessions that ended before they began: the next command clears them away, which is right."""
SESSIONS: Final[dict[str, dict[str, bytes]]] = {
    "an empty folder": {},
    "an empty session.json": {"session.json": b""},
    "text as session.json": {"session.json": b"hello"},
    "a list as session.json": {"session.json": b"[]"},
    "nested too deep": {"session.json": b"[" * 90_000},
    "a number too long": {"session.json": b'{"schema_version": ' + b"9" * 9000 + b"}"},
    "of a newer facetrack": {"session.json": b'{"schema_version": 99}'},
    "half a document": {"session.json": b'{"schema_version": 2, "id": "x"}'},
    "not UTF-8": {"session.json": b'{"schema_version": 2, "id": "\xff"}'},
    "an empty journal": {"frames.jsonl": b""},
    "half a header": {"frames.jsonl": b'{"facetrack_jour'},
    "text as journal": {"frames.jsonl": b"hello\n" * 9},
    "a journal of a newer facetrack": {"frames.jsonl": b'{"facetrack_journal": 99}\n'},
    "a header without anything": {"frames.jsonl": b'{"facetrack_journal": 1, "session": {}, "routine": {}}\n'},
    "a journal of one long line": {"frames.jsonl": b"[" * 3_000_000},
}


def sessions() -> Iterator[Input]:
    for what, files in SESSIONS.items():
        make = partial(_session, files)
        yield Input(
            "sessions", what, ("report", "ROOT/given/session", "--out", "ROOT/out/r.html"), r"session|journal", (1, 2, 3), make
        )
        if files.get("frames.jsonl") in UNBEGUN:
            continue
        rebuilt = partial(_session, files, in_history=True)
        yield Input("sessions", f"{what}, list", ("sessions", "list"), r"No sessions yet", (0,), rebuilt)


def _session(files: dict[str, bytes], place: Place, in_history: bool = False) -> None:
    folder = place.data / "sessions" / "20260101-080000-abcd" if in_history else place.given / "session"
    folder.mkdir(parents=True)
    for name, raw in files.items():
        (folder / name).write_bytes(raw)


def bundles() -> Iterator[Input]:
    fetch = ("models", "fetch", "--from", "ROOT/given/given.task")
    for way, make in hostile_bundles.WAYS.items():
        if way not in (*hostile_bundles.NATIVE, "compressed"):
            own = {"FACETRACK_MODELS_DIR": "ROOT/out/models"}
            yield Input("bundles", way, fetch, r"given.task|bundle|model", (1, 2), partial(_bundle, make), own)
    for raw in (b"", b"{", b"[]", b'{"face": 1}', b'{"face": {"sha256": 5}}', b"\xff" * 50):
        own = {"FACETRACK_MODELS_DIR": "ROOT/data/models"}
        yield Input(
            "bundles", f"stamp {raw[:20]!r}", ("models", "status"), r"damaged|missing|models", (0, 1), partial(_stamp, raw), own
        )


def _bundle(make: Callable[..., object], place: Place) -> None:
    from facetrack.system.paths import models_dir

    real = hostile_bundles.Real(
        (models_dir() / "face_landmarker.task").read_bytes(), (models_dir() / "hand_landmarker.task").read_bytes()
    )
    place.out.mkdir()
    make(real, place.given / "given.task")


def _stamp(raw: bytes, place: Place) -> None:
    folder = place.data / "models"
    folder.mkdir(parents=True)
    for name in ("face_landmarker.task", "hand_landmarker.task"):
        (folder / name).write_bytes(b"no model")
    (folder / "stamp.json").write_bytes(raw)
