"""Tracking remembered: a film that was tracked once gives the same observations again, without MediaPipe.

For tests of what comes after the tracker. The observations are kept in the cache, under all that decides about them: the
frames, and the tracker's code, models and libraries.
"""

import hashlib
import pickle
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Self

import facetrack
from facetrack.app.batch.code_hash import LIBRARIES, code_hash
from facetrack.packets import Frame, Observation
from facetrack.system.paths import cache_dir
from facetrack.tracking.models import Models, ensure_models
from facetrack.tracking.tracker import Tracker

UNUSED_S: Final = 7 * 86400
"""What earlier code saw is kept for so long: other checkouts may still want it."""


class RecordedTracker:
    """A Tracker that asks the real one only for films, or beginnings of films, that it has not seen before."""

    def __init__(self, models: Models | None = None, **options: Any) -> None:
        self._models = models or ensure_models()
        self._options = options
        self._real: Tracker | None = None
        self._unshown: list[Frame] = []
        self._so_far = b""  # a hash of all frames: what the tracker sees depends on them all
        self._seen: dict[bytes, bytes] = {}
        self._kept = _kept_in(self._models)

    @property
    def model_hashes(self) -> dict[str, str]:
        return self._models.hashes

    @property
    def spare_s(self) -> float:
        return 0.0

    def update(self, frame: Frame, _following: Callable[[], Frame | None] = lambda: None) -> Observation:
        """Frames are shown to the real tracker when the first one comes that is not known, and then in their order."""
        image = frame.image_bgr
        about = f"{self._so_far!r} {frame.t_s!r} {frame.index} {image.shape}".encode()
        self._so_far = hashlib.sha256(about + image.tobytes()).digest()
        self._unshown.append(frame)
        with closing(sqlite3.connect(self._kept)) as kept:
            found = kept.execute("SELECT observation FROM seen WHERE frames = ?", [self._so_far]).fetchone()
        if found is not None:
            observation: Observation = pickle.loads(found[0])
            return observation
        self._real = self._real or Tracker(self._models, **self._options)
        for one in self._unshown:
            observation = self._real.update(one)
        self._unshown.clear()
        self._seen[self._so_far] = pickle.dumps(observation)
        return observation

    def close(self) -> None:
        if self._real is not None:
            self._real.close()
            with closing(sqlite3.connect(self._kept, timeout=60.0)) as kept, kept:
                kept.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", self._seen.items())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _kept_in(models: Models) -> Path:
    """The database of what this tracker saw. Those that nobody used for long are removed."""
    name = hashlib.sha256(repr((_code(), models.hashes)).encode()).hexdigest()[:32]
    folder = cache_dir() / "tracked"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.sqlite3").touch()
    for file in folder.glob("*.sqlite3"):
        if time.time() - file.stat().st_mtime > UNUSED_S:
            file.unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / f"{name}.sqlite3", timeout=60.0)) as kept, kept:
        kept.execute("CREATE TABLE IF NOT EXISTS seen (frames BLOB PRIMARY KEY, observation BLOB) WITHOUT ROWID")
    return folder / f"{name}.sqlite3"


@cache
def _code() -> list[str]:
    return [*map(version, LIBRARIES), code_hash(Path(facetrack.__file__).parent, ("tracking", "packets.py"))]
