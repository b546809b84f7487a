"""Gives files names that libraries written in C can open, whatever their own names are."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from facetrack.errors import FacetrackError

LONGEST: Final = 1000
"""Bytes of a path that every library takes."""


@contextlib.contextmanager
def native_path(path: Path) -> Iterator[str]:
    """Give path as text for a library, which has to open the file within the block. The file need not exist.

    A name that is no UTF-8 (or that Python can't read as such, as in the C locale) would crash OpenCV, and a very long one is
    refused; a link in a temporary folder stands for it. Raises FacetrackError where none can be made.
    """
    whole = path.absolute()
    if is_plain(str(whole)):
        yield str(whole)
        return
    with contextlib.ExitStack() as resources:
        try:
            folder = resources.enter_context(tempfile.TemporaryDirectory(prefix="facetrack-"))
            link = Path(folder) / f"link{path.suffix if is_plain(path.suffix) else ''}"
            link.symlink_to(whole)
        except OSError as error:
            raise FacetrackError(f"{path} has a name that can't be used here ({error.strerror}). Rename it.") from error
        if not is_plain(str(link)):
            raise FacetrackError(f"{path} has a name that can't be used here, nor has {folder}. Rename one of them.")
        yield str(link)


def is_plain(name: str) -> bool:
    """Say whether every library can take this name."""
    return readable(name) == name and len(name.encode()) <= LONGEST


def readable(text: str) -> str:
    """Return a name that came from the system as text that can be written as UTF-8. Bytes that are none become question marks
    in a diamond."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
