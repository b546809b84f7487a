"""Names a session's files, says where sessions are kept, and reads session.json."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from facetrack.errors import DamagedInputError, FacetrackError
from facetrack.session.files import session_file_errors
from facetrack.session.locks import try_lock

if TYPE_CHECKING:
    from facetrack.session.document import SessionDocument
from facetrack.system.paths import data_dir

JOURNAL_NAME: Final = "frames.jsonl"
DOCUMENT_NAME: Final = "session.json"
TABLE_NAMES: Final = ("steps.csv", "strokes.csv", "corrections.csv", "touched.csv")
REPORT_NAME: Final = "report.html"
VIDEO_NAME: Final = "annotated.mp4"
LANDMARKS_NAME: Final = "landmarks.bin"
CACHE_KEY_NAME: Final = "analysis.json"
"""The file that says what an analysis depends on, so that a recording need not be analysed twice."""


def sessions_dir() -> Path:
    """Return where sessions that enter the history are kept, a folder each, named by id."""
    return data_dir() / "sessions"


def unfinished(root: Path) -> list[Path]:
    """List folders in root whose session was cut off, oldest first: a journal, no session.json, nobody recording."""
    if not root.is_dir():
        return []
    return [folder for folder in sorted(root.iterdir()) if is_unfinished(folder)]


def is_unfinished(folder: Path) -> bool:
    """Say whether the session in folder ended without its session.json."""
    journal = folder / JOURNAL_NAME
    return not (folder / DOCUMENT_NAME).exists() and journal.is_file() and not _recording(journal)


def _recording(journal: Path) -> bool:
    try:
        with journal.open("rb") as file:
            return not try_lock(file)
    except OSError:
        return True  # can't be read: not ours to finish


def read_document(folder: Path) -> "SessionDocument":
    """Read a session.json. Raises SessionFileError if it is not there, DamagedInputError if it can't be understood."""
    from facetrack.session.document import SessionDocument

    path = folder / DOCUMENT_NAME
    with session_file_errors(path):
        data = path.read_bytes()
    try:
        return SessionDocument.from_json(data)
    except FacetrackError as error:
        raise FacetrackError(f"{path}: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedInputError(f"{path} is damaged. Delete it: `facetrack sessions rebuild` makes it anew.") from error


def session_document(session: Mapping[str, Any]) -> "SessionDocument":
    """Read the session.json of a session of the history. Raises as ``read_document``, and where its folder holds another
    session by now."""
    document = read_document(session["folder"])
    if document.id != session["session_id"]:
        raise FacetrackError(
            f"{session['folder']} holds another session by now ({document.id}): of {session['session_id']} only the"
            " history's figures are left. `facetrack sessions show` and `export` give them."
        )
    return document
