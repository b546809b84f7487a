"""Writes a file either completely or not at all."""

import contextlib
import os
from pathlib import Path
from typing import Final

HALF_WRITTEN: Final = ".tmp"
"""Ending of a file's name while the file is being written. Such a file of a process that was killed may be removed."""


def write_atomically(path: Path, data: bytes) -> None:
    """Write data as the file's whole content. A reader sees the old file or the new one, never a part. Raises OSError.

    A device or a pipe is written into instead of being replaced.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}{HALF_WRITTEN}")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
