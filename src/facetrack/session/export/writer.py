"""Writes the history as tables for other programs: CSV, JSON or Parquet, a file for each, with a data dictionary."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

from facetrack.errors import FacetrackError, UsageError
from facetrack.session.export.data_dictionary import dictionary_text
from facetrack.session.files import look_before_writing, make_folder, write_whole
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, session_document
from facetrack.session.history.database import HistoryDatabase, best_match
from facetrack.session.own_files import OWN_DICTIONARY, table_mark
from facetrack.session.tables import SESSIONS, TABLES, TOUCHED, Column, Row, Table, csv_bytes
from facetrack.system.own_files import check_folder, check_writable

Format = Literal["csv", "json", "parquet"]
DICTIONARY_NAME: Final = "data-dictionary.md"


def export(
    store: HistoryDatabase, session_ids: Sequence[str], folder: Path, form: Format, *, fingers: bool = False
) -> tuple[list[Path], list[FacetrackError]]:
    """Write the history's tables of these sessions into folder. Return the files, and of each session whose own files are lost
    or damaged what is wrong: its fingers are left out, from there on.

    fingers: also every fingertip in every frame and every movement of each, worked out anew from the journals.

    Raises SessionFileError, UsageError where there is no session or other files would be replaced, and FacetrackError where
    Parquet is asked for and pyarrow is not installed.
    """
    check_export_folder(folder, form, fingers)
    if not session_ids:
        best_match("last", session_ids)  # raises what there is to say
    look_before_writing(folder)
    lost: dict[str, FacetrackError] = {}
    writer = {"csv": csv_bytes, "json": _json_bytes, "parquet": _parquet_bytes}[form]
    tables: list[tuple[Table, Iterable[Row]]] = [
        (_with_labels(SESSIONS, sessions := _sessions(store, session_ids)), _flat(sessions))
    ]
    tables += [(table, store.rows(table, session_ids)) for table in TABLES if table is not SESSIONS]
    if fingers:
        tables += _fingers(store, session_ids, lost)
    contents = {f"{table.name}.{form}": writer(table, rows) for table, rows in tables}
    contents[DICTIONARY_NAME] = dictionary_text().encode()
    make_folder(folder)
    for name, data in contents.items():
        write_whole(folder / name, data)
    return [folder / name for name in contents], [*lost.values()]


def check_export_folder(folder: Path, form: Format, fingers: bool) -> None:
    """Raise UsageError where the export would replace a session's tables, or files that are not facetrack's."""
    from facetrack.session.export.finger_tables import FINGERTIPS, MOVEMENTS

    check_folder(folder)
    for name in (DOCUMENT_NAME, JOURNAL_NAME, f"{TOUCHED.name}.csv"):
        if (folder / name).exists():
            raise UsageError(f"{folder} holds a session ({name}), whose tables stay. Choose another folder with --out.")
    for table in (*TABLES, *((FINGERTIPS, MOVEMENTS) if fingers else ())):
        check_writable(folder / f"{table.name}.{form}", table_mark(table))
    check_writable(folder / DICTIONARY_NAME, OWN_DICTIONARY)


def _fingers(
    store: HistoryDatabase, session_ids: Sequence[str], lost: dict[str, FacetrackError]
) -> list[tuple[Table, Iterable[Row]]]:
    """Return tables whose rows come as they are asked for: an hour has a million fingertips.

    lost: receives what is wrong with a session's files, by its id, while the rows are read.
    """
    from facetrack.session.export.finger_motion import FingersInStep, session_fingers
    from facetrack.session.export.finger_tables import FINGERTIPS, MOVEMENTS, fingertip_rows, movement_rows

    def hands(session_id: str) -> Iterator[FingersInStep]:
        session = store.session(session_id)
        return session_fingers(session["folder"] / JOURNAL_NAME, session_document(session))

    def readable(rows: Callable[[str, Iterator[FingersInStep]], Iterable[Row]]) -> Iterator[Row]:
        for one in session_ids:
            try:
                yield from rows(one, hands(one))
            except FacetrackError as error:
                lost[one] = error

    return [(FINGERTIPS, readable(fingertip_rows)), (MOVEMENTS, readable(movement_rows))]


def _sessions(store: HistoryDatabase, session_ids: Sequence[str]) -> list[Row]:
    return [store.session(one) for one in session_ids]


def _flat(sessions: list[Row]) -> list[Row]:
    """Return rows with labels as columns and without the folder."""
    keys = sorted({key for one in sessions for key in one["labels"]})
    own = [{name: one[name] for name in SESSIONS.names} for one in sessions]
    return [row | {f"label_{key}": one["labels"].get(key) for key in keys} for row, one in zip(own, sessions, strict=True)]


def _with_labels(table: Table, sessions: list[Row]) -> Table:
    keys = sorted({key for one in sessions for key in one["labels"]})
    labels = tuple(Column(f"label_{key}", "text", "", f"the label {key}", "the session has none") for key in keys)
    return Table(table.name, table.one_row, table.columns + labels)


def _json_bytes(table: Table, rows: Iterable[Row]) -> bytes:
    """Return an array of objects, one on each line."""
    lines = ",\n".join(json.dumps({name: row[name] for name in table.names}, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()


def _parquet_bytes(table: Table, rows: Iterable[Row]) -> bytes:
    """Return typed columns whose metadata hold unit and meaning."""
    try:
        pyarrow: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError as error:
        raise FacetrackError("Parquet needs pyarrow: pip install 'facetrack[parquet]', or take --format csv.") from error
    types: dict[str, Any] = {
        "text": pyarrow.string(),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
    }
    fields = [
        pyarrow.field(column.name, types[column.type], metadata={"unit": column.unit, "meaning": column.meaning})
        for column in table.columns
    ]
    made = pyarrow.Table.from_pylist([{name: row[name] for name in table.names} for row in rows], schema=pyarrow.schema(fields))
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(made, sink)
    return bytes(sink.getvalue().to_pybytes())
