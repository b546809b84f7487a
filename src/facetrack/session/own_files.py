"""Knows facetrack's own files by their content, and whether a folder may become a session's."""

import contextlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from facetrack.errors import FacetrackError, UsageError
from facetrack.session.files import make_folder, write_whole
from facetrack.session.folder import (
    CACHE_KEY_NAME,
    DOCUMENT_NAME,
    JOURNAL_NAME,
    LANDMARKS_NAME,
    REPORT_NAME,
    TABLE_NAMES,
    VIDEO_NAME,
    read_document,
)
from facetrack.session.tables import CORRECTIONS, STEPS, STROKES, TOUCHED, Table
from facetrack.system.files import HALF_WRITTEN
from facetrack.system.own_files import VIDEO_MARK, FileEnds, Mark, check_folder, check_writable, is_own

REPEATABLE: Final = ("video", "mannequin")
"""Kinds of sources that can be judged once more. A session at a camera can't be had again."""
LABEL_COLUMN: Final = "label_"


def head_mark(pattern: bytes) -> Mark:
    """Return a mark that is looked for in a file's beginning. pattern: a regular expression."""
    found = re.compile(pattern, re.MULTILINE)
    return lambda ends: found.search(ends.head) is not None


def table_mark(table: Table) -> Mark:
    """Return the mark of a table: a CSV file with its columns only, or JSON objects or a Parquet file that begin with them."""
    known = set(table.names)

    def mark(ends: FileEnds) -> bool:
        if ends.head.startswith(b"PAR1"):
            return all(name.encode() in ends.tail for name in table.names[:3])
        if ends.head.startswith(b"["):
            return re.match(rb'\[\s*(\]|\{"%s": )' % table.names[0].encode(), ends.head) is not None
        header = ends.head.decode("utf-8-sig", "replace").splitlines()[0].split(",")
        own = all(name in known or name.startswith(LABEL_COLUMN) for name in header)
        return own and header[:3] == table.names[:3]

    return mark


OWN_REPORT: Final = head_mark(rb'<meta name="generator" content="facetrack')
OWN_DICTIONARY: Final = head_mark(rb"\A# Data dictionary\s+The tables of an export \(`facetrack")
MARKS: Final[dict[str, Mark]] = {
    JOURNAL_NAME: head_mark(rb'^\{"facetrack_journal":|\A\{"f[a-z_"]*\Z'),  # the latter ended in the midst
    DOCUMENT_NAME: head_mark(rb'\A\{\s*"schema_version":\s*\d+,\s*"facetrack_version":'),
    **{name: table_mark(table) for name, table in zip(TABLE_NAMES, (STEPS, STROKES, CORRECTIONS, TOUCHED), strict=True)},
    REPORT_NAME: OWN_REPORT,
    VIDEO_NAME: lambda ends: VIDEO_MARK in ends.tail,
    LANDMARKS_NAME: head_mark(rb"\Afacetrack landmarks "),
    CACHE_KEY_NAME: head_mark(rb'\A\{\s*"facetrack_version":'),
}
"""All files that facetrack writes into a session's folder. A user's folder may hold others, which are never touched."""
_HALF_WRITTEN: Final = re.compile(
    r"\.(?:%s)\.\d+%s(?:\.\w+)?" % ("|".join(map(re.escape, MARKS)), re.escape(HALF_WRITTEN))  # noqa: UP031
)


def _same_kind(path: Path, data: bytes) -> Mark:
    """Return the mark of a file that data may replace: an earlier result of the same kind, or the very same file."""
    name = path.name
    if name.endswith(".html"):
        return OWN_REPORT
    if name.endswith(".json") and b'"facetrack_version"' in data[:100]:
        return head_mark(rb'\A\{\s*"facetrack_version":')
    if name.endswith(".csv"):
        header = data.split(b"\n", 1)[0]
        return lambda ends: ends.head.split(b"\n", 1)[0] == header
    return lambda _ends: path.read_bytes() == data


def write_results(folder: Path, contents: Mapping[str, bytes], inputs: Iterable[Path] = ()) -> list[Path]:
    """Write files into folder, and return them. Raises UsageError where one would replace an input or a file of another kind,
    before any is written, and SessionFileError."""
    check_folder(folder)
    inputs = list(inputs)
    for name, data in contents.items():
        check_writable(folder / name, _same_kind(folder / name, data), inputs)
    make_folder(folder)
    for name, data in contents.items():
        write_whole(folder / name, data)
    return [folder / name for name in contents]


def check_session_folder(folder: Path, inputs: Iterable[Path] = (), *, replace: bool = False) -> None:
    """Raise UsageError where a session in folder would replace what can't be had again.

    That is: any of the inputs, a file that is not facetrack's own, a session at a camera, and unless ``replace`` any session.
    """
    check_folder(folder)
    inputs = list(inputs)
    there = [name for name in MARKS if os.path.lexists(folder / name)]
    for name in there:
        check_writable(folder / name, MARKS[name], inputs)
    sessions = [name for name in there if name in (JOURNAL_NAME, DOCUMENT_NAME, *TABLE_NAMES)]
    if sessions and not replace:
        raise UsageError(f"{folder} already holds a session ({sessions[-1]}). Choose another folder with --out.")
    kept = [name for name in there if name != CACHE_KEY_NAME and not _is_empty(folder / name)]
    kinds = _source_kinds(folder) if kept else set(REPEATABLE)
    if not kinds or not kinds <= set(REPEATABLE):
        what = "a session that was recorded at a camera" if kinds else "a session of unknown origin"
        raise UsageError(f"{folder / kept[-1]} is of {what} and is not replaced. Choose another folder with --out.")


def _is_empty(path: Path) -> bool:
    """Say whether a file holds nothing of a session: nothing at all, or a journal that ended within its header."""
    return is_own(path, lambda ends: path.name == JOURNAL_NAME and b"\n" not in ends.head)


def _source_kinds(folder: Path) -> set[str]:
    """Read from what session.json and journal of a folder were recorded; empty if that is not known."""
    from facetrack.session.journal.reader import read_identity

    kinds = set()
    with contextlib.suppress(FacetrackError):
        kinds.add(str(read_document(folder).source.kind))
    with contextlib.suppress(FacetrackError):
        kinds.add(str(read_identity(folder / JOURNAL_NAME).source_kind))
    return kinds


def own_files(folder: Path) -> list[Path]:
    """List the files in folder that facetrack made, those that it could not finish included."""
    return [
        path
        for path in sorted(folder.iterdir())
        if (path.name in MARKS and is_own(path, MARKS[path.name])) or _HALF_WRITTEN.fullmatch(path.name)
    ]
