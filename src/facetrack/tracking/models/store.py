"""The bundles on disk: read, written so that nobody ever sees half of one, and stamped with what they are."""

import errno
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from facetrack.errors import FacetrackError, UsageError
from facetrack.system.files import HALF_WRITTEN, write_atomically
from facetrack.tracking.models.bundle import Bundle
from facetrack.tracking.models.manifest import BUNDLES, BundleName, Manifest

STAMP: Final = "stamp.json"
LOCK: Final = ".lock"
_WORK_PREFIX: Final = ".fetch-"

State = Literal["ready", "missing", "damaged", "outdated"]


@dataclass(frozen=True, slots=True)
class BundleMetadata:
    """What was kept: written after the self-check. recipe: the manifest's, or None for a bundle that someone else built."""

    sha256: str
    size: int
    origin: str
    recipe: int | None


@dataclass(frozen=True, slots=True)
class BundleStatus:
    name: BundleName
    path: Path
    state: State
    stamp: BundleMetadata | None

    @property
    def ready(self) -> bool:
        return self.state == "ready"


class ModelStore:
    """The folder of the bundles."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest

    def path(self, name: BundleName) -> Path:
        return self.folder / self.manifest.bundle(name).file

    def read(self, name: BundleName) -> tuple[BundleStatus, bytes]:
        """Read a bundle, hashed as it is read. The bytes are empty unless it is ready."""
        path, stamp = self.path(name), self.stamps().get(name)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return BundleStatus(name, path, "missing", None), b""
        except OSError as error:
            raise FacetrackError(f"{path} can't be read ({error.strerror}): check its permissions") from error
        state: State = "ready"
        if stamp is None or hashlib.sha256(data).hexdigest() != stamp.sha256:
            state = "damaged"
        elif stamp.recipe is not None and stamp.recipe != self.manifest.recipe:
            state = "outdated"
        return BundleStatus(name, path, state, stamp), data if state == "ready" else b""

    def stamps(self) -> dict[BundleName, BundleMetadata]:
        """Read what the stamp says; empty where there is none or it is damaged."""
        try:
            table = json.loads((self.folder / STAMP).read_text(encoding="utf-8-sig"))
            return {name: BundleMetadata(**table[name]) for name in ("face", "hand") if name in table}
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return {}

    def check_replaceable(self, name: BundleName, data: bytes | None) -> None:
        """Raise UsageError if a bundle is there that facetrack did not put there, unless it is just data."""
        path = self.path(name)
        if (self.folder / STAMP).exists() or not path.exists() or path.read_bytes() in (b"", data):
            return
        raise UsageError(
            f"{path} was not put there by facetrack and is not replaced: move it away, or take it over with "
            f"facetrack models fetch --from {path}"
        )

    def keep(self, name: BundleName, bundle: Bundle) -> None:
        """Put a bundle in its place and stamp it. The lock must be held."""
        stamp = BundleMetadata(hashlib.sha256(bundle.data).hexdigest(), len(bundle.data), bundle.origin, bundle.recipe)
        table = {known: asdict(old) for known, old in self.stamps().items()} | {name: asdict(stamp)}
        with disk_errors(self.folder):
            # The stamp first: a bundle without any is taken for somebody else's.
            write_atomically(self.folder / STAMP, json.dumps({"schema_version": 1, **table}, indent=2).encode())
            write_atomically(self.path(name), bundle.data)

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """Make a folder beside the bundles for downloads. What a killed process left is removed. The lock must be held."""
        with disk_errors(self.folder):
            for stale in self.folder.glob(f"{_WORK_PREFIX}*"):
                shutil.rmtree(stale, ignore_errors=True)
            for name in (STAMP, *(self.path(one).name for one in BUNDLES)):
                for half in self.folder.glob(f".{name}.*{HALF_WRITTEN}"):
                    half.unlink()
            work = Path(tempfile.mkdtemp(prefix=_WORK_PREFIX, dir=self.folder))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn OSErrors of writing into ``folder`` as one line each."""
    try:
        yield
    except OSError as error:
        elsewhere = "or set FACETRACK_MODELS_DIR to another folder"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FacetrackError(
                f"The disk is full, so the models could not be kept in {folder}: make room, {elsewhere}"
            ) from error
        raise FacetrackError(
            f"The models can't be kept in {folder} ({error.strerror}): make it writable, {elsewhere}"
        ) from error
