"""Takes sessions into the history, recovers those that were cut off, rebuilds it, deletes from it, and gives advice."""

import codecs
import contextlib
import csv
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from facetrack.errors import DamagedInputError, FacetrackError, UsageError
from facetrack.session.files import session_file_errors
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, read_document, sessions_dir, unfinished
from facetrack.session.history.database import HistoryDatabase, HistoryError, children_of, folder_from, history_path
from facetrack.session.history.folders import folders_in_data, folders_of, remove_session, session_id_in, twins_words
from facetrack.session.history.trend import PERSON
from facetrack.session.own_files import own_files
from facetrack.session.tables import STROKES, TOUCHED, Row, Table, cell_text, session_row

if TYPE_CHECKING:
    from facetrack.session.document import SessionDocument

_OLD: Final = ".old"
LONG_JOURNAL_BYTES: Final = 1 << 20
"""A journal of this size is about a minute of a session, which is judged again in a second."""
AWAITING_NAME: Final = "awaiting-history.txt"
"""This file lists folders outside facetrack's own whose sessions the history is to take in as soon as it can be written."""
EVERY_DAY: Final = 7
"""A massage on this many days in a row counts as one every day."""


def read_strokes(folder: Path) -> list[Row]:
    """Read strokes.csv with its types; no rows where the file is missing."""
    return _read_table(folder, STROKES)


def read_touched(folder: Path) -> list[Row]:
    """Read touched.csv with its types; no rows where the file is missing."""
    return _read_table(folder, TOUCHED)


def _read_table(folder: Path, table: Table) -> list[Row]:
    path = folder / f"{table.name}.csv"
    if not path.exists():
        return []
    with session_file_errors(path), path.open(newline="", encoding="utf-8-sig") as file:
        try:
            return [
                {column.name: _value(row[column.name], column.type) for column in table.columns} for row in csv.DictReader(file)
            ]
        except (KeyError, ValueError, TypeError) as error:
            raise DamagedInputError(
                f"{path} is damaged. Delete {DOCUMENT_NAME} beside it: the session is then made anew."
            ) from error


def _value(text: str, kind: str) -> Any:
    if text == "":
        return None
    if kind == "boolean":
        return text.casefold() == "true"
    if kind == "text":
        return cell_text(text)
    return int(text) if kind == "integer" else float(text)


def add_to_history(folder: Path, store: HistoryDatabase | None = None) -> "SessionDocument":
    """Take the finished session in folder into the history and return its document."""
    document = read_document(folder)
    children = children_of(document, read_strokes(folder))
    with contextlib.ExitStack() as stack:
        store = store or stack.enter_context(HistoryDatabase())
        store.add(session_row(document), document.labels, folder, children)
    return document


def recover_unfinished(notify: Callable[[str], None] = lambda _: None) -> list[str]:
    """Finish the history's sessions that were cut off, add them to it, and return their ids. Call it before a new session.

    What can't be finished is reported and left as it is; a journal that never got beyond its header's beginning is cleared
    away. Nothing is finished while the history can't be written. Finished sessions that could not be added in their time (the
    history was locked, its disk full) are added now.
    """
    folders = unfinished(sessions_dir())
    whole = {document.parent for document in sessions_dir().glob(f"*/{DOCUMENT_NAME}")} | _awaiting()
    if not folders and not whole:
        return []
    try:
        with HistoryDatabase() as store:
            if store.only_read:
                return []
            _add_missed(whole, store)
            return _finish(folders, store, notify)
    except HistoryError as error:
        notify(str(error))
        return []


def _finish(folders: list[Path], store: HistoryDatabase, notify: Callable[[str], None]) -> list[str]:
    if not folders:
        return []
    from facetrack.session.recovery import recover  # it loads the coach

    return [folder.name for folder in folders if _finished(folder, store, recover, notify)]


def queue_for_history(folder: Path) -> None:
    """Have the next ``recover_unfinished`` add this session: the history can't be written now."""
    if not _awaiting_path().exists() or _awaiting():
        with contextlib.suppress(OSError), _awaiting_path().open("ab") as file:
            file.write(os.fsencode(folder.absolute()) + b"\n")


def _awaiting_path() -> Path:
    return history_path().with_name(AWAITING_NAME)


def _awaiting() -> set[Path]:
    try:
        lines = _awaiting_path().read_bytes().removeprefix(codecs.BOM_UTF8).splitlines()
        folders = {Path(os.fsdecode(line)) for line in lines if line}
        return folders if all(folder.is_absolute() for folder in folders) else set()  # else another file of that name
    except (OSError, ValueError):
        return set()


def _add_missed(folders: set[Path], store: HistoryDatabase) -> None:
    """Add those of these folders that the history does not know. What is damaged is reported when it is asked for."""
    known = {session["folder"] for session in store.sessions()}
    for folder in sorted(folder for folder in folders if folder.absolute() not in known):
        try:
            _add_unless_twin(folder, store)
        except HistoryError:
            raise
        except FacetrackError:
            continue
    if _awaiting():
        with contextlib.suppress(OSError):
            _awaiting_path().unlink(missing_ok=True)


def _add_unless_twin(folder: Path, store: HistoryDatabase) -> None:
    """Add a session, unless the history has it from another folder, where it still is: this one is a copy."""
    session_id = read_document(folder).id
    with contextlib.suppress(KeyError):
        if session_id_in(store.session(session_id)["folder"]) == session_id:
            return
    add_to_history(folder, store)


def report_twins(store: HistoryDatabase, notify: Callable[[str], None]) -> None:
    """Report every session of the history that is in more than one folder."""
    known = {session["folder"]: session["session_id"] for session in store.sessions()}
    places = defaultdict(list)
    for folder in sorted(folders_in_data()):
        session_id = known.get(folder.absolute()) or session_id_in(folder)
        if session_id is not None:
            places[session_id].append(folder)
    for session_id, folders in places.items():
        if len(folders) > 1:
            notify(twins_words(session_id, folders))


def _finished(folder: Path, store: HistoryDatabase, recover: Callable[[Path], object], notify: Callable[[str], None]) -> bool:
    from facetrack.session.journal.reader import foreign_lines_words

    try:
        if (folder / JOURNAL_NAME).stat().st_size > LONG_JOURNAL_BYTES:
            notify(f"Session {folder.name} was cut off. Finishing it from its journal, which takes a moment.")
        skipped = foreign_lines_words(folder / JOURNAL_NAME)
        recover(folder)
        _add_unless_twin(folder, store)
    except OSError:
        return False  # it has just gone
    except UsageError:
        return False  # another process is at it
    except FacetrackError as error:
        if not _cleared(folder):
            notify(str(error))
        return False
    notify(f"Session {folder.name} was cut off; it was finished from its journal. {skipped or ''}".strip())
    return True


def _cleared(folder: Path) -> bool:
    """Remove a session that ended before its header was whole: nothing was recorded."""
    journal = folder / JOURNAL_NAME
    if b"\n" in journal.read_bytes()[: 1 << 20] or journal not in own_files(folder):
        return False
    remove_session(folder)
    return True


def rebuild() -> tuple[int, list[str]]:
    """Make a new history from the sessions' folders; the old one is kept beside it. Return how many it holds, and problems."""
    old = history_path()
    folders = {one.parent for one in sessions_dir().glob(f"*/{DOCUMENT_NAME}")} | set(_folders_in(old))
    stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
    for suffix in ("", "-wal", "-shm"):  # they belong together by their names
        path = old.with_name(old.name + suffix)
        if path.exists():
            with session_file_errors(path):
                path.replace(old.with_name(f"{old.name}.{stamp}{_OLD}{suffix}"))
    problems = []
    with HistoryDatabase() as store:
        for folder in sorted(folders):
            try:
                add_to_history(folder, store)
            except HistoryError:
                raise
            except FacetrackError as error:
                problems.append(str(error))
        return len(store.sessions()), problems


def _folders_in(store: Path) -> list[Path]:
    """List the folders that a history names, as far as it can still be read."""
    import sqlite3

    if not store.exists():
        return []
    try:
        with contextlib.closing(sqlite3.connect(store)) as db:
            return [folder_from(row[0]) for row in db.execute("SELECT folder FROM sessions")]
    except sqlite3.Error:
        return []


def delete(session_id: str, store: HistoryDatabase) -> list[str]:
    """Delete a session: its files, then its rows, those in histories kept by ``rebuild`` too. Gives what the user should know
    of what stays."""
    remarks = [remark for folder in folders_with(session_id, store) if (remark := _delete_in(folder, session_id))]
    store.delete(session_id)
    return remarks + _forget_in_old(store.path, session_id)


def folders_with(session_id: str, store: HistoryDatabase) -> list[Path]:
    """List where a session is: the folder that the history names, then every other in the data folder."""
    return list(dict.fromkeys([store.session(session_id)["folder"], *folders_of(session_id)]))


def _delete_in(folder: Path, session_id: str) -> str | None:
    if not folder.is_dir():
        return f"Its files were not there any more: no folder {folder}."
    if session_id_in(folder) not in (None, session_id):
        return f"{folder} holds another session by now and stays."
    return remove_session(folder)


def _forget_in_old(store: Path, session_id: str) -> list[str]:
    remarks = []
    for old in sorted(store.parent.glob(f"{store.name}.*{_OLD}")):
        try:
            with HistoryDatabase(old) as kept:
                kept.delete(session_id)
        except HistoryError:
            remarks.append(f"{old} is an older, damaged history that may still tell of it. Delete that file too.")
    return remarks


def every_day(sessions: Sequence[Mapping[str, Any]], now: datetime) -> bool:
    """Say whether each of the last EVERY_DAY days had a session, today or yesterday the last.

    now: its time zone is the user's. One that only knows its present offset (as ``datetime.astimezone`` gives it) is wrong
    beyond a change to or from summer time: the system's own zone stands for it, if that has this offset now.
    """
    zone = now.tzinfo
    if isinstance(zone, timezone) and now.astimezone().utcoffset() == now.utcoffset():
        zone = None
    days = {datetime.fromisoformat(one["started_at"]).astimezone(zone).date() for one in sessions}
    last = now.date() if now.date() in days else now.date() - timedelta(days=1)
    return all(last - timedelta(days=back) in days for back in range(EVERY_DAY))


def schedule_hint(store: HistoryDatabase, now: datetime | None = None) -> str | None:
    """Return the routine's own advice on how often, when the newest session's routine asks for less and it was every day."""
    now = now or datetime.now().astimezone()
    sessions = store.sessions(limit=100)
    sessions = [one for one in sessions if one["labels"].get(PERSON) == sessions[0]["labels"].get(PERSON)]
    if not sessions or not every_day(sessions, now):
        return None
    from facetrack.session.journal.reader import read_identity

    try:
        routine = read_identity(sessions[0]["folder"] / JOURNAL_NAME).routine
    except FacetrackError:
        return None
    if routine.start_per_week is None or routine.start_per_week >= EVERY_DAY:
        return None
    return f"You massaged on each of the last {EVERY_DAY} days. {routine.title}: {routine.schedule_say}"
