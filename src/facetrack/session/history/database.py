"""Keeps the history: an SQLite database of figures, never pixels. Safe with several processes at once."""

import contextlib
import errno
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from facetrack.errors import FacetrackError, UsageError
from facetrack.session.files import belonging
from facetrack.session.history.migrations import MIGRATIONS
from facetrack.session.tables import SESSIONS, STROKES, TABLES, Row, Table
from facetrack.system.paths import data_dir

if TYPE_CHECKING:
    from facetrack.session.document import SessionDocument

HISTORY_NAME: Final = "history.sqlite3"
PATIENCE_S: Final = 1.0
"""The history waits this long for another process that writes: it needs milliseconds, and a session's end waits no longer."""
LEAST_FREE: Final = 1 << 16
"""With less free than this many bytes the disk counts as full: SQLite's shared memory grows by half of it."""
_NO_SHARED_MEMORY: Final = (
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMLOCK,
    sqlite3.SQLITE_IOERR_SHMMAP,
)
CHILDREN: Final = tuple(table for table in TABLES if table is not SESSIONS)
DAMAGED: Final = (
    "is damaged: it was left as it is. `facetrack sessions rebuild` makes a new one from the sessions' own folders."
)


class HistoryError(FacetrackError):
    """Says that the history can't be read or written."""


def history_path() -> Path:
    """Return where the history is kept."""
    return data_dir() / HISTORY_NAME


class HistoryDatabase:
    """Holds an open history. Use it as a context manager.

    Raises HistoryError, in one line, for a history that is damaged, from a newer facetrack, locked or on a full disk; it is
    never changed then.

    only_read: change nothing, not even by making one where there is none. So is a history that this user may not write; see
    the attribute of that name.
    """

    def __init__(self, path: Path | None = None, *, only_read: bool = False) -> None:
        self.path = path or history_path()
        try:
            self.only_read = only_read or (self.path.exists() and not self.writable(self.path))
            if not self.only_read:
                self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HistoryError(
                f"The history's folder {self.path.parent} can't be used ({error.strerror}{belonging(self.path.parent)})."
            ) from error
        with self._explained():
            self._db = self._connected()
        try:
            with self._explained():
                self._open_some_way()
        except BaseException:
            self._db.close()
            raise

    @staticmethod
    def writable(path: Path) -> bool:
        """Say whether a history, and what SQLite puts beside it, may be written."""
        return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)

    def _address(self) -> str:
        """Return the history's address for SQLite. If it is only read, it is taken as it lies there, unless somebody is writing
        just now."""
        address = self.path.absolute().as_uri()
        if not self.only_read:
            return address
        log = self.path.with_name(self.path.name + "-wal")
        return f"{address}?mode=ro" if log.exists() and log.stat().st_size else f"{address}?mode=ro&immutable=1"

    def _connected(self, vfs: str = "") -> sqlite3.Connection:
        address = f"{self._address()}?vfs={vfs}" if vfs else self._address()
        return sqlite3.connect(address, uri=True, timeout=PATIENCE_S, isolation_level=None)

    def _open_some_way(self) -> None:
        """Open the history with a write-ahead log, or without one where the file system can't do it, as on network drives."""
        try:
            self._open(wal=True)
        except sqlite3.OperationalError as error:
            lock_files = _is_busy(error) and _locks_are_refused(self.path.parent)
            if self.only_read or (not lock_files and (_no_space(self.path) or not _shares_no_memory(error))):
                raise
            self._db.close()
            self._db = self._connected("unix-dotfile" if lock_files else "")
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")  # reads an existing log without shared memory
            self._db.execute("PRAGMA journal_mode = DELETE")
            self._db.execute("PRAGMA locking_mode = NORMAL")
            self._open(wal=False)

    def _open(self, wal: bool) -> None:
        self._db.row_factory = sqlite3.Row
        version = self._version()
        if version > len(MIGRATIONS):
            raise HistoryError(
                f"The history {self.path} was written by a newer facetrack (format {version}, this one reads up to"
                f" {len(MIGRATIONS)}). Update facetrack."
            )
        self._check_ours(version)
        if self.only_read:
            if version < len(MIGRATIONS):
                raise HistoryError(
                    f"The history {self.path} is of an older facetrack and can't be changed{belonging(self.path)}."
                )
            return
        if wal and version == 0:
            self._ask_for_log()
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA secure_delete = ON")
        if version < len(MIGRATIONS):
            self._migrate()

    def _ask_for_log(self) -> None:
        """Ask for a write-ahead log, which the file remembers. SQLite does not wait for the lock that it takes: where another
        process has it, that one is making the history just now, and asks for the log itself."""
        try:
            self._db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or _locks_are_refused(self.path.parent):
                raise

    def _check_ours(self, version: int) -> None:
        """Raise HistoryError for another program's database, before anything in it is changed."""
        tables = {row[0] for row in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if version:
            self._db.execute("SELECT session_id FROM sessions LIMIT 0")
        elif tables and not self._version():  # another process may have made them since
            raise HistoryError(f"{self.path} is another program's database and was left as it is. Move it away.")

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _migrate(self) -> None:
        """Migrate each version in a transaction of its own; another process may have been quicker."""
        for number, script in enumerate(MIGRATIONS, start=1):
            with self._writing():
                if self._version() < number:
                    for statement in script.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {number}")

    def __enter__(self) -> "HistoryDatabase":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise self._explain(error) from error
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError) as error:
            raise HistoryError(
                f"The session does not fit into the history {self.path} ({error}): its session.json is damaged."
            ) from error
        except sqlite3.DatabaseError as error:
            raise HistoryError(f"The history {self.path} {DAMAGED}") from error

    def _explain(self, error: sqlite3.OperationalError) -> HistoryError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        # On a full disk SQLite can't even lay out what several processes share, and calls that an input or output error.
        if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _no_space(self.path)):
            return HistoryError(f"The disk is full: the history {self.path} was not changed. Free some space and try again.")
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return HistoryError(f"Another program has had the history {self.path} locked for {PATIENCE_S:.0f} s. Try again.")
        if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
            return HistoryError(f"The history {self.path} can't be written ({error}{belonging(self.path)}).")
        if code == sqlite3.SQLITE_ERROR:  # such as a table that is not there
            return HistoryError(f"The history {self.path} {DAMAGED}")
        return HistoryError(f"The history {self.path} could not be used ({error}). Check its disk.")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise

    def add(self, session: Row, labels: Mapping[str, str], folder: Path, children: Mapping[str, Sequence[Row]]) -> None:
        """Add a session with its steps, strokes and corrections (by table name), all or nothing.

        Takes the place of one with the same id, and of one whose files were in the same folder: they are there no longer.
        """
        row = session | {"labels": json.dumps(labels, ensure_ascii=False, sort_keys=True), "folder": _folder_value(folder)}
        with self._explained(), self._writing():
            self._db.execute("DELETE FROM sessions WHERE session_id = ? OR folder = ?", (row["session_id"], row["folder"]))
            self._insert("sessions", [row])
            for table in CHILDREN:
                rows = [one | {"session_id": session["session_id"]} for one in children[table.name]]
                if table is STROKES:
                    rows = [{"stroke": place, **one} for place, one in enumerate(rows)]
                self._insert(table.name, rows)

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        if not rows:
            return
        names = list(rows[0])
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        values = [[row[name] for name in names] for row in rows]
        self._db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)

    def sessions(self, routine: str | None = None, limit: int = -1) -> list[Row]:
        """Return sessions, newest first, with ``labels`` as a dict and ``folder`` as a Path; all, or a routine's; -1: all."""
        where = "WHERE routine = ?" if routine else ""
        query = f"SELECT * FROM sessions {where} ORDER BY started_at DESC, session_id DESC LIMIT ?"
        with self._explained():
            found = self._db.execute(query, (routine, limit) if routine else (limit,)).fetchall()
        return [_session(row) for row in found]

    def labelled(self, labels: Mapping[str, str], routine: str | None = None, limit: int = -1) -> list[Row]:
        """Return sessions as ``sessions`` does, only those that have all these labels."""
        found = [one for one in self.sessions(routine) if labels.items() <= one["labels"].items()]
        return found if limit < 0 else found[:limit]

    def session(self, session_id: str) -> Row:
        """Return one session by its whole id. Raises KeyError if there is none."""
        with self._explained():
            row = self._db.execute("SELECT * FROM sessions WHERE session_id = ?", (session_id,)).fetchone()
        if row is None:
            raise KeyError(session_id)
        return _session(row)

    def rows(self, table: Table, session_ids: Iterable[str]) -> list[Row]:
        """Return a child table's rows of these sessions, in the order in which they were added."""
        columns = ", ".join(f'"{name}"' for name in table.names)
        query = f"SELECT {columns} FROM {table.name} WHERE session_id = ? ORDER BY {_COUNTERS[table.name]}"
        with self._explained():
            return [_typed(table, row) for one in session_ids for row in self._db.execute(query, (one,))]

    def step_history(self, routine: str, before: str) -> list[Row]:
        """Return (session_id, started_at, step, score, withheld) of a routine's steps in sessions before then, oldest first."""
        query = (
            "SELECT s.session_id, s.started_at, t.step, t.score, t.withheld FROM sessions s JOIN steps t USING (session_id)"
            " WHERE s.routine = ? AND s.started_at < ? ORDER BY s.started_at, t.step_place"
        )
        with self._explained():
            return [dict(row) for row in self._db.execute(query, (routine, before))]

    def delete(self, session_id: str) -> None:
        """Forget a session; its bytes are overwritten, not only freed."""
        with self._explained():
            with self._writing():
                self._db.execute("DELETE FROM sessions WHERE session_id = ?", (session_id,))
            self._db.execute("VACUUM")
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def resolve(self, text: str) -> str:
        """Return the one id that text means: an id, a part of it, or ``last``. Raises UsageError if none or several."""
        with self._explained():
            ids = [
                row[0] for row in self._db.execute("SELECT session_id FROM sessions ORDER BY started_at DESC, session_id DESC")
            ]
        return best_match(text, ids)


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _shares_no_memory(error: sqlite3.OperationalError) -> bool:
    """Say whether SQLite failed at the memory that processes share for a write-ahead log."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code in _NO_SHARED_MEMORY or code & 0xFF == sqlite3.SQLITE_PROTOCOL


def _locks_are_refused(folder: Path) -> bool:
    """Say whether the file system has no locks, which SQLite can't tell from locks that others hold."""
    try:
        import fcntl

        with tempfile.TemporaryFile(dir=folder) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows
        return False
    except OSError as error:
        return error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)
    return False


def _no_space(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(path.parent).free < LEAST_FREE
    return False


def best_match(text: str, ids: Sequence[str]) -> str:
    """Return the one of ids (newest first) that text means. Raises UsageError if none or several."""
    if not ids:
        raise UsageError("There are no sessions yet. `facetrack run` or `facetrack analyze --save` makes one.")
    if text == "last":
        return ids[0]
    if text in ids:
        return text
    fits = [one for one in ids if text and one.startswith(text)] or [one for one in ids if text and text in one]
    if len(fits) == 1:
        return fits[0]
    if not fits:
        raise UsageError(f"No session's id has '{text}' in it. `facetrack sessions list` shows them.")
    others = f" and {len(fits) - 3} more" if len(fits) > 3 else ""
    raise UsageError(f"'{text}' fits {len(fits)} sessions: {', '.join(fits[:3])}{others}. Give more of the id.")


_COUNTERS: Final = {
    "steps": "step_place",
    "strokes": "stroke",
    "corrections": "correction",
    "withheld_intervals": "interval",
}
"""These columns distinguish a session's rows, and order them."""
_BOOLEANS: Final = {table.name: [column.name for column in table.columns if column.type == "boolean"] for table in TABLES}


def _session(row: sqlite3.Row) -> Row:
    session = _typed(SESSIONS, row)
    return session | {"labels": json.loads(row["labels"]), "folder": folder_from(row["folder"])}


def folder_from(value: str | bytes) -> Path:
    """Return the folder that a history names."""
    return Path(os.fsdecode(value.encode() if isinstance(value, str) else value))


def _folder_value(folder: Path) -> str | bytes:
    """Return what names a folder in a history: text, whatever the locale, or bytes that are none."""
    name = os.fsencode(folder.absolute())
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name


def _typed(table: Table, row: sqlite3.Row) -> Row:
    """Return a row with its booleans, which SQLite does not have."""
    typed: Row = {name: row[name] for name in table.names}
    return typed | {name: bool(typed[name]) for name in _BOOLEANS[table.name]}


def children_of(document: "SessionDocument", strokes: Sequence[Row]) -> dict[str, Sequence[Row]]:
    """Return what ``HistoryDatabase.add`` needs beside the session's row."""
    from facetrack.session.tables import correction_rows, step_rows, withheld_rows

    return {
        "steps": step_rows(document),
        "strokes": strokes,
        "corrections": correction_rows(document),
        "withheld_intervals": withheld_rows(document),
    }
