"""Writes a session's files, and says in one line what the system's errors mean to a user."""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from facetrack.errors import FacetrackError
from facetrack.system.files import write_atomically

LEAST_FREE_BYTES: Final = 200_000
"""With less room than this not even the shortest session can be kept."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_GONE = {errno.ENOENT, errno.ESTALE} if hasattr(errno, "ESTALE") else {errno.ENOENT}


class SessionFileError(FacetrackError):
    """Says that a session's file could not be written or read."""


def belonging(path: Path) -> str:
    """Return ``: FOLDER belongs to NAME`` where path, or the nearest folder above it that can be looked at, is another user's;
    else nothing."""
    for place in (path, *path.parents):
        try:
            return "" if place.stat().st_uid == os.geteuid() else f": {place} belongs to {place.owner()}"
        except OSError:
            continue
        except (KeyError, NotImplementedError, AttributeError):  # that user has no name, or this system no users
            break
    return ""


def explain(error: OSError, path: Path) -> SessionFileError:
    """Return the error in one line: what happened, where, what to do."""
    if error.errno in _FULL:
        return SessionFileError(
            f"The disk is full: {path} could not be written. What was recorded so far is kept. Free some space."
        )
    if error.errno in _FORBIDDEN:
        return SessionFileError(
            f"{path} can't be written ({error.strerror}{belonging(path)}). Choose another folder with --out."
        )
    if error.errno in _GONE:
        return SessionFileError(f"{path} has disappeared. Was its disk unplugged, or the folder deleted?")
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return SessionFileError(f"{path} can't be a session's folder: there is a file of that name. Choose another with --out.")
    return SessionFileError(f"{path} could not be written: {error.strerror or error}. Choose another folder with --out.")


@contextlib.contextmanager
def session_file_errors(path: Path) -> Iterator[None]:
    """Turn an OSError of the block into a SessionFileError about path."""
    try:
        yield
    except OSError as error:
        raise explain(error, path) from error


def look_before_writing(folder: Path) -> None:
    """Raise SessionFileError if it is plain already that no folder can be made there or written into, or that its disk is full.

    Changes nothing, and so can't promise anything: for a look before long work.
    """
    place = folder.absolute()
    with session_file_errors(folder):
        while not os.path.lexists(place) and place != place.parent:
            place = place.parent
        if not place.is_dir():
            raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if not os.access(place, os.W_OK | os.X_OK):
            read_only = hasattr(os, "statvfs") and os.statvfs(place).f_flag & os.ST_RDONLY
            number = errno.EROFS if read_only else errno.EACCES
            raise OSError(number, os.strerror(number))
        disk = shutil.disk_usage(place)
        if not disk.total and not _takes_folders(place):
            raise SessionFileError(f"No folder can be made at {folder}. Choose another with --out.")
        if disk.total and disk.free < LEAST_FREE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _takes_folders(place: Path) -> bool:
    """Try whether folders can be made in a file system that is not on a disk, such as the kernel's own."""
    try:
        Path(tempfile.mkdtemp(prefix=".facetrack-", dir=place)).rmdir()
    except OSError:
        return False
    return True


def make_folder(folder: Path) -> None:
    """Make a folder and all that it lies in; it may be there already. Raises SessionFileError."""
    try:
        with session_file_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
    except SessionFileError as error:
        if isinstance(error.__cause__, FileNotFoundError):  # file systems that are no disks answer so
            raise SessionFileError(f"No folder can be made at {folder}. Choose another with --out.") from error
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write a file as ``files.write_atomically`` does. Raises SessionFileError."""
    with session_file_errors(path):
        write_atomically(path, data)
