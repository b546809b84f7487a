"""Builds the dataset of a study from sessions' folders, and appends to it what is new."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
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
from facetrack.session.tables import Row, correction_rows, session_row, step_rows, withheld_rows
from facetrack.study.dataset.dictionary import DICTIONARY_NAME, study_dictionary
from facetrack.study.dataset.fingertips import fingertip_batches
from facetrack.study.dataset.tables import (
    PARTICIPANT,
    STUDY_CORRECTIONS,
    STUDY_FINGERTIPS,
    STUDY_SESSIONS,
    STUDY_STEPS,
    STUDY_STROKES,
    STUDY_TABLES,
    STUDY_WITHHELD,
    arrow_schema,
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
_MOST_PARTITIONS: Final = 100_000


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
        _append(out, manifest, batch, fingertips)
    write_whole(out / DICTIONARY_NAME, dictionary)
    return result


@dataclass(frozen=True, slots=True)
class _StudySession:
    folder: Path
    document: SessionDocument
    sha256: str


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


def _append(out: Path, manifest: dict[str, Any], sessions: Sequence[_StudySession], fingertips: bool) -> None:
    """Write a batch beside the dataset, move it in, and name it in the manifest."""
    number = len(manifest["batches"])
    name = f"batch-{number:05d}"
    staging = out / _STAGING
    with session_file_errors(out):
        for table in STUDY_TABLES:
            if table is STUDY_FINGERTIPS and not fingertips:
                continue
            _write(staging / table.name, _parts(table, sessions), arrow_schema(table), name)
            if not (staging / table.name).exists() and not (out / table.name).exists():
                _write_empty(staging / table.name, participant_of(sessions[0].document), arrow_schema(table), name)
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


def _parts(table: Any, sessions: Sequence[_StudySession]) -> Iterator[Any]:
    """Give a table's rows; fingertips a session at a time, because they are many."""
    if table is not STUDY_FINGERTIPS:
        yield _arrow(table, sessions)
        return
    for one in sessions:
        yield from fingertip_batches(one.folder, one.document)


def _arrow(table: Any, sessions: Sequence[_StudySession]) -> Any:
    pyarrow = library("pyarrow")
    rows = [row | {PARTICIPANT: participant_of(one.document)} for one in sessions for row in _ROWS[table.name](one)]
    schema = arrow_schema(table)
    columns = [pyarrow.array([row[name] for row in rows], type=schema.field(name).type) for name in table.names]
    return pyarrow.Table.from_arrays(columns, schema=schema)


def _write(folder: Path, parts: Iterable[Any], schema: Any, name: str) -> None:
    """Write a table that comes in parts, partitioned by participant."""
    datasets = library("pyarrow.dataset")
    datasets.write_dataset(
        (batch for part in parts for batch in part.to_batches()),
        folder,
        schema=schema,
        format="parquet",
        partitioning=datasets.partitioning(library("pyarrow").schema([schema.field(PARTICIPANT)]), flavor="hive"),
        basename_template=f"{name}-{{i}}.parquet",
        max_partitions=_MOST_PARTITIONS,
        max_open_files=256,
    )


def _write_empty(folder: Path, participant: str, schema: Any, name: str) -> None:
    """Write a table that nothing has come into yet, so that programs that open it find its columns."""
    place = folder / f"{PARTICIPANT}={quote(participant, safe='')}"
    place.mkdir(parents=True)
    without = schema.remove(schema.get_field_index(PARTICIPANT))
    library("pyarrow.parquet").write_table(without.empty_table(), place / f"{name}-0.parquet")


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
