"""Builds the dataset of a study from sessions' folders, and appends to it what is new."""

import hashlib
import json
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from facetrack import __version__
from facetrack.errors import DamagedInputError, FacetrackError, UsageError
from facetrack.session.document import SCHEMA_VERSION, SessionDocument
from facetrack.session.files import make_folder, session_file_errors, write_whole
from facetrack.session.folder import DOCUMENT_NAME
from facetrack.session.history.history import read_strokes
from facetrack.session.own_files import head_mark
from facetrack.session.tables import Row, Table, correction_rows, session_row, step_rows, withheld_rows
from facetrack.study.dataset.dictionary import DICTIONARY_NAME, study_dictionary
from facetrack.study.dataset.fingertips import session_fingertips
from facetrack.study.dataset.tables import (
    PARTICIPANT,
    STUDY_CORRECTIONS,
    STUDY_FINGERTIPS,
    STUDY_SESSIONS,
    STUDY_STEPS,
    STUDY_STROKES,
    STUDY_TABLES,
    STUDY_WITHHELD,
    file_schema,
    participant_of,
)
from facetrack.study.libraries import library
from facetrack.system.own_files import check_writable

MANIFEST_NAME: Final = "dataset.json"
FORMAT_VERSION: Final = 1
SESSIONS_AT_ONCE: Final = 500
"""Sessions are written in batches of this many, so that memory does not grow with their number."""
_STAGING: Final = ".unfinished"
_BATCH_FILE: Final = re.compile(r"batch-\d+-\d+\.parquet")


@dataclass(slots=True)
class BuildResult:
    """Says what a build did. known: sessions that were in the dataset before. remarks: one line for each that was left out."""

    added: int = 0
    known: int = 0
    remarks: list[str] = field(default_factory=list)


def build_dataset(
    folders: Sequence[Path],
    out: Path,
    *,
    fingertips: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> BuildResult:
    """Take all sessions under folders into the dataset at out; those that it has already are not read again.

    Nothing that stands in the dataset is written anew: each build adds files. fingertips: with the place of every fingertip in
    every frame, worked out from the journals.

    Raises UsageError where a folder is not there or holds no session, or out holds something else, FacetrackError where a
    library is missing, SessionFileError where out can't be written.
    """
    library("pyarrow.dataset")
    found = _session_folders(folders)
    if not found:
        raise UsageError(f"No sessions were found in {', '.join(map(str, folders))}: there is no {DOCUMENT_NAME} in them.")
    dictionary = study_dictionary().encode()
    check_writable(out / DICTIONARY_NAME, head_mark(rb"\A# Data dictionary of this dataset\s"))
    manifest = _open(out, fingertips)
    _clear_unfinished(out, manifest)
    result = BuildResult()
    new = _new_sessions(found, out, result, progress)
    while batch := list(islice(new, SESSIONS_AT_ONCE)):
        _append(out, manifest, batch, fingertips, result.remarks)
    write_whole(out / DICTIONARY_NAME, dictionary)
    return result


@dataclass(frozen=True, slots=True)
class _StudySession:
    folder: Path
    document: SessionDocument
    sha256: str

    @property
    def participant(self) -> str:
        return participant_of(self.document)


_participant: Final = attrgetter("participant")


def _session_folders(folders: Sequence[Path]) -> list[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"There is no folder {folder}.")
    found = {path.parent.resolve() for folder in folders for path in folder.rglob(DOCUMENT_NAME)}
    return sorted(found)


def _new_sessions(
    folders: Sequence[Path], out: Path, result: BuildResult, progress: Callable[[int, int], None]
) -> Iterator[_StudySession]:
    """Yield the sessions that can be read and are not there yet; count the others, and remark upon the unreadable ones.

    A session's files are told from others by their folder's name and their hash, so that each file is read once.
    """
    there = _columns(out, "folder", "session_sha256", "session_id")
    known, ids = set(zip(*there[:2], strict=True)), set(there[2])
    for number, folder in enumerate(folders, start=1):
        session = _read(folder, known, result)
        if session is not None and session.document.id in ids:
            result.remarks.append(f"{folder} was left out: the dataset has another session with the id {session.document.id}.")
        elif session is not None:
            ids.add(session.document.id)
            result.added += 1
            yield session
        progress(number, len(folders))


def _read(folder: Path, known: set[tuple[str, str]], result: BuildResult) -> _StudySession | None:
    path = folder / DOCUMENT_NAME
    try:
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        if (folder.name, sha256) in known:
            result.known += 1
            return None
        return _StudySession(folder, SessionDocument.from_json(data), sha256)
    except FacetrackError as error:
        result.remarks.append(f"{path}: {error}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        result.remarks.append(f"{path} is damaged and was left out. `facetrack sessions rebuild` makes it anew.")
    return None


def _open(out: Path, fingertips: bool) -> dict[str, Any]:
    """Read the dataset's manifest, or begin one in an empty folder."""
    path = out / MANIFEST_NAME
    if path.exists():
        manifest = read_manifest(out)
        if manifest["fingertips"] != fingertips:
            have = "with" if manifest["fingertips"] else "without"
            raise UsageError(f"{out} was built {have} fingertips: build it so again, or choose another folder with --out.")
        return manifest
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there already and is not a dataset: choose another folder with --out.")
    make_folder(out)
    manifest = {"format": FORMAT_VERSION, "fingertips": fingertips, "batches": []}
    _write_manifest(out, manifest)
    return manifest


def _write_manifest(out: Path, manifest: dict[str, Any]) -> None:
    write_whole(out / MANIFEST_NAME, json.dumps(manifest, indent=1).encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read dataset.json. Raises UsageError where there is none, DamagedInputError where it can't be understood."""
    path = folder / MANIFEST_NAME
    if not path.is_file():
        raise UsageError(f"{folder} is not a dataset: there is no {MANIFEST_NAME} in it. `facetrack study build` makes one.")
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        if manifest["format"] > FORMAT_VERSION:
            raise FacetrackError(f"{folder} was built by a newer facetrack. Update facetrack to read it.")
        return manifest
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedInputError(f"{path} is damaged. Build the dataset anew into another folder.") from error


def _clear_unfinished(out: Path, manifest: dict[str, Any]) -> None:
    """Remove what a build that was interrupted left: files of batches that the manifest does not name."""
    with session_file_errors(out):
        shutil.rmtree(out / _STAGING, ignore_errors=True)
        names = {batch["name"] for batch in manifest["batches"]}
        for table in STUDY_TABLES:
            for path in (out / table.name).rglob("*.parquet"):
                if _BATCH_FILE.fullmatch(path.name) and path.name.rsplit("-", 1)[0] not in names:
                    path.unlink()


def _columns(out: Path, *names: str) -> list[list[str]]:
    """Read columns of the sessions that the dataset has."""
    folder = out / STUDY_SESSIONS.name
    if not any(folder.rglob("*.parquet")):
        return [[] for _ in names]
    table = library("pyarrow.dataset").dataset(folder, format="parquet").to_table(columns=list(names))
    return [table[name].to_pylist() for name in names]


def _append(
    out: Path, manifest: dict[str, Any], sessions: Sequence[_StudySession], fingertips: bool, remarks: list[str]
) -> None:
    """Write a batch beside the dataset, move it in, and name it in the manifest."""
    number = len(manifest["batches"])
    name = f"batch-{number:05d}"
    staging = out / _STAGING
    with session_file_errors(out):
        for table in STUDY_TABLES:
            if table is STUDY_FINGERTIPS and not fingertips:
                continue
            ordered = sorted(sessions, key=_participant)
            parts = _fingertip_parts(ordered, remarks) if table is STUDY_FINGERTIPS else _parts(table, ordered)
            _write(staging, table, parts, name)
            if not (staging / table.name).exists() and not (out / table.name).exists():
                # So that programs that open it find its columns.
                _open_file(staging, table, sessions[0].participant, name).close()
        for path in sorted(staging.rglob("*.parquet"), key=lambda one: one.parts[-3] == STUDY_SESSIONS.name):
            target = out / path.relative_to(staging)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        shutil.rmtree(staging)
    manifest["batches"].append(
        {
            "name": name,
            "sessions": len(sessions),
            "built_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "facetrack_version": __version__,
            "session_schema_version": SCHEMA_VERSION,
        }
    )
    _write_manifest(out, manifest)


def _write(staging: Path, table: Table, parts: Iterable[tuple[str, Any]], name: str) -> None:
    """Write rows, a file for each participant who has any. parts: each participant's together."""
    for participant, theirs in groupby(parts, itemgetter(0)):
        with ExitStack() as opened:
            file = None
            for _, rows in theirs:
                if rows.num_rows:
                    file = file or opened.enter_context(_open_file(staging, table, participant, name))
                    file.write_table(rows)


def _open_file(staging: Path, table: Table, participant: str, name: str) -> Any:
    """Open a participant's file of a table. Only text repeats, so that numbers need no dictionary."""
    place = staging / table.name / f"{PARTICIPANT}={quote(participant, safe='')}"
    place.mkdir(parents=True, exist_ok=True)
    texts = [one.name for one in table.columns if one.type == "text" and one.name != PARTICIPANT]
    path = place / f"{name}-0.parquet"
    return library("pyarrow.parquet").ParquetWriter(path, file_schema(table), use_dictionary=texts or False)


def _parts(table: Table, sessions: Sequence[_StudySession]) -> Iterator[tuple[str, Any]]:
    """Yield each participant and the rows of all its sessions."""
    for participant, theirs in groupby(sessions, _participant):
        yield participant, _arrow(table, list(theirs))


def _fingertip_parts(sessions: Sequence[_StudySession], remarks: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the fingertips a session at a time, because they are many; remark upon journals that can't be read."""
    for one, made in _one_ahead(sessions):
        try:
            rows = made.result()
        except FacetrackError as error:
            remarks.append(f"{error} Its fingertips were left out.")
        else:
            yield one.participant, rows


def _one_ahead(sessions: Sequence[_StudySession]) -> Iterator[tuple[_StudySession, Future[Any]]]:
    """Yield each session with its fingertips; the next one's are made while one's are written."""
    with ThreadPoolExecutor(1) as ahead:
        coming: deque[tuple[_StudySession, Future[Any]]] = deque()
        for one in sessions:
            coming.append((one, ahead.submit(session_fingertips, one.folder, one.document)))
            if len(coming) > 1:
                yield coming.popleft()
        yield from coming


def _arrow(table: Table, sessions: Sequence[_StudySession]) -> Any:
    pyarrow = library("pyarrow")
    rows = [row for one in sessions for row in _ROWS[table.name](one)]
    schema = file_schema(table)
    columns = [pyarrow.array([row[field.name] for row in rows], type=field.type) for field in schema]
    return pyarrow.Table.from_arrays(columns, schema=schema)


def _session_rows(session: _StudySession) -> list[Row]:
    document = session.document
    settings = json.dumps(document.settings, sort_keys=True).encode()
    return [
        session_row(document)
        | {
            "condition": document.labels.get("condition"),
            "labels": json.dumps(document.labels, sort_keys=True, ensure_ascii=False),
            "models": json.dumps(document.models, sort_keys=True),
            "settings_sha256": hashlib.sha256(settings).hexdigest(),
            "session_sha256": session.sha256,
            "folder": session.folder.name,
        }
    ]


_ROWS: Final[dict[str, Callable[[_StudySession], Iterable[Row]]]] = {
    STUDY_SESSIONS.name: _session_rows,
    STUDY_STEPS.name: lambda one: step_rows(one.document),
    STUDY_STROKES.name: lambda one: [row | {"session_id": one.document.id} for row in read_strokes(one.folder)],
    STUDY_CORRECTIONS.name: lambda one: correction_rows(one.document),
    STUDY_WITHHELD.name: lambda one: withheld_rows(one.document),
}
