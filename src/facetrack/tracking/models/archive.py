"""Reading zip files that nobody vouches for: by exact member name, into memory, within limits; nothing is ever unpacked."""

import zipfile
import zlib
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from facetrack.errors import FacetrackError

MAX_ENTRIES: Final = 20_000
"""Entries of a zip; the mediapipe wheel has about a thousand."""

_READ_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)


class Archive:
    """An open zip. Member names are compared and never used as paths, so tricks with ``..`` reach nothing."""

    def __init__(self, path: Path) -> None:
        """Raise FacetrackError where path is no regular file, is no zip, is cut off or holds too much."""
        self.path = path
        if not path.exists():
            raise FacetrackError(f"There is no {path}: give a mediapipe wheel, a model bundle, or a folder with both bundles")
        if not path.is_file():
            raise FacetrackError(f"{path} is not a file: give a mediapipe wheel, a model bundle, or a folder with both bundles")
        try:
            self._zip = zipfile.ZipFile(path)
        except _READ_ERRORS as error:
            raise FacetrackError(f"{path} is not a complete zip file ({error}): download it again") from error
        counts = Counter(self._zip.namelist())
        self._repeated = frozenset(name for name, count in counts.items() if count > 1)
        self.names = frozenset(counts)
        if len(self.names) > MAX_ENTRIES:
            self._zip.close()
            raise FacetrackError(
                f"{path} holds more than {MAX_ENTRIES} files: it is neither a mediapipe wheel nor a model bundle"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._zip.close()

    def stored(self, name: str) -> bool:
        """Say whether a member lies in the file uncompressed."""
        return self._zip.getinfo(name).compress_type == zipfile.ZIP_STORED

    def read(self, name: str, limit: int) -> bytes:
        """Return the bytes of one member, its checksum verified. Raises FacetrackError for one that is missing, occurs twice,
        is
        larger than ``limit`` bytes (whatever its header says) or damaged."""
        if name not in self.names or name in self._repeated:
            raise FacetrackError(
                f"{self.path} {'has no' if name not in self.names else 'has more than one'} {name}: it can't be used"
            )
        try:
            with self._zip.open(name) as member:
                data = member.read(limit + 1)
        except _READ_ERRORS as error:
            raise FacetrackError(f"{name} in {self.path} is damaged ({error}): download the file again") from error
        if len(data) > limit:
            raise FacetrackError(f"{name} in {self.path} is larger than {limit} bytes: it is not the model that it says it is")
        return data
