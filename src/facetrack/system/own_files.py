"""Decides whether a path may be written: a new file, or one that facetrack itself made. Every writer of outputs asks here."""

import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facetrack.errors import UsageError

HEAD_BYTES: Final = 1 << 16
"""Length of a file's beginning in which its mark is looked for."""
TAIL_BYTES: Final = 1 << 12
"""Length of its end."""
LEAST_BYTES: Final = 3
"""What is shorter (nothing, or the beginning of a JSON file whose writer was killed) holds nothing that could be lost."""

VIDEO_MARK: Final = b"facetrack annotated video"
"""Stands in the last box of an annotated video."""
MIRRORED_MARK: Final = VIDEO_MARK + b", mirrored"
"""Stands there if the video shows the picture as a mirror does."""


@dataclass(frozen=True, slots=True)
class FileEnds:
    """Holds the beginning and the end of a file."""

    head: bytes
    tail: bytes


Mark = Callable[[FileEnds], bool]
"""Says by its content whether a file is one of facetrack's own, of a certain kind."""


def is_own(path: Path, mark: Mark) -> bool:
    """Say whether an existing path is a file with this mark, or one that holds nothing. False where it can't be read."""
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return False
            head = file.read(HEAD_BYTES)
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            return len(head.strip()) < LEAST_BYTES or mark(FileEnds(head, file.read()))
    except OSError:
        return False


def check_folder(folder: Path) -> None:
    """Raise UsageError where a folder for outputs is named that is a file."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"{folder} is there and no folder. Choose another place for the output.")


def check_writable(path: Path, mark: Mark, inputs: Iterable[Path] = ()) -> None:
    """Raise UsageError where writing path would replace an input, or a file that is not facetrack's own of this kind.

    inputs: what the command reads. A file counts as an input under whatever name: another spelling, a link.
    Devices and pipes are written into, never replaced, and so may be written.
    """
    if not os.path.lexists(path):
        return
    if (read := _read_as(path, inputs)) is not None:
        name = "" if read == path else f" (as {read})"
        raise UsageError(f"{path} is an input{name} and can't be written too. Choose another place for the output.")
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Choose another name.")
    if path.exists() and not path.is_file():
        return
    if not is_own(path, mark):
        raise UsageError(f"{path} was not made by facetrack and is not replaced. Move it away, or choose another place.")


def _read_as(path: Path, inputs: Iterable[Path]) -> Path | None:
    """Return which of the inputs is the same file as path."""
    for one in inputs:
        try:
            if path.samefile(one):
                return one
        except (OSError, ValueError):  # one of them is not there
            continue
    return None
