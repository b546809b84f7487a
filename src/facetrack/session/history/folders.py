"""Finds the folders of a session (there may be copies), and removes facetrack's files from them."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from facetrack.errors import FacetrackError
from facetrack.session.files import session_file_errors
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, read_document, sessions_dir
from facetrack.session.own_files import own_files
from facetrack.system.own_files import HEAD_BYTES
from facetrack.system.paths import data_dir


def session_id_in(folder: Path) -> str | None:
    """Read which session a folder holds; None if that is not known."""
    from facetrack.session.journal.reader import read_identity

    with contextlib.suppress(FacetrackError):
        return read_document(folder).id
    with contextlib.suppress(FacetrackError):
        return read_identity(folder / JOURNAL_NAME).id
    return None


def folders_in_data() -> set[Path]:
    """List all folders below the data folder that hold a session, finished or not."""
    names = (DOCUMENT_NAME, JOURNAL_NAME)
    deep = {path.parent for name in names for path in data_dir().rglob(name)}
    return deep | {path.parent for name in names for path in sessions_dir().glob(f"*/{name}")}  # links to folders, too


def folders_of(session_id: str) -> list[Path]:
    """List the folders below the data folder that hold this session."""
    mentioning = (folder for folder in folders_in_data() if _mentions(folder, session_id.encode()))
    return sorted(folder.absolute() for folder in mentioning if session_id_in(folder) == session_id)


def _mentions(folder: Path, session_id: bytes) -> bool:
    """Say whether a session's files begin with this id: of many folders only few need to be read whole."""
    for name in (DOCUMENT_NAME, JOURNAL_NAME):
        with contextlib.suppress(OSError), (folder / name).open("rb") as file:
            if session_id in file.read(HEAD_BYTES):
                return True
    return False


def twins_words(session_id: str, folders: Iterable[Path]) -> str:
    """Say in one line that several folders hold one session."""
    places = " and ".join(map(str, folders))
    return f"More than one folder holds session {session_id}: {places}. Move one out of the data folder, or delete the session."


def remove_session(folder: Path) -> str | None:
    """Delete facetrack's files in folder, and the folder if nothing else is in it; say so if something is. Raises
    SessionFileError."""
    with session_file_errors(folder):
        for path in own_files(folder):
            path.unlink()
        left = sorted(path.name for path in folder.iterdir())
        if left:
            return f"{folder} holds other files too ({', '.join(left[:3])}{', …' if len(left) > 3 else ''}) and stays."
        folder.resolve().rmdir()
        if folder.is_symlink():
            folder.unlink()
    return None
