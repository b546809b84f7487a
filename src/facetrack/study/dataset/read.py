"""Reads a dataset, or a folder of sessions, as recordings to compare with labels."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from facetrack.errors import UsageError
from facetrack.session.document import SessionDocument
from facetrack.session.folder import DOCUMENT_NAME, read_document
from facetrack.session.tables import Row, Table, correction_rows, withheld_rows
from facetrack.study.dataset.build import MANIFEST_NAME, read_manifest
from facetrack.study.dataset.tables import (
    PARTICIPANT,
    STUDY_CORRECTIONS,
    STUDY_SESSIONS,
    STUDY_WITHHELD,
    arrow_schema,
    participant_of,
)
from facetrack.study.event import Interval, Recording, events_of, recording_key
from facetrack.study.libraries import library


def read_table(folder: Path, table: Table) -> Any:
    """Read a table of the dataset in folder as a pyarrow table. Raises UsageError where it is not a dataset."""
    read_manifest(folder)
    place = folder / table.name
    schema = arrow_schema(table)
    if not place.is_dir():
        return schema.empty_table()
    return library("pyarrow.dataset").dataset(place, format="parquet", partitioning="hive", schema=schema).to_table()


def read_recordings(folder: Path) -> list[Recording]:
    """Read a dataset or a folder of sessions. Raises UsageError for what is neither, or has a recording twice."""
    recordings = list(_of_dataset(folder) if (folder / MANIFEST_NAME).exists() else _of_sessions(folder))
    if not recordings:
        raise UsageError(f"{folder} is not a dataset and holds no sessions. `facetrack study build` makes a dataset.")
    seen: set[str] = set()
    for one in recordings:
        key = recording_key(one.name)
        if key in seen:
            raise UsageError(f"{folder} holds two sessions of the recording {one.name}: keep one of them.")
        seen.add(key)
    return recordings


def _of_dataset(folder: Path) -> Iterator[Recording]:
    corrections, withheld = (_by_session(read_table(folder, table)) for table in (STUDY_CORRECTIONS, STUDY_WITHHELD))
    for row in read_table(folder, STUDY_SESSIONS).to_pylist():
        one = row["session_id"]
        yield _recording(row["source_name"], row[PARTICIPANT], row["duration_s"], corrections[one], withheld[one])


def _by_session(table: Any) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["session_id"]].append(row)
    return found


def _of_sessions(folder: Path) -> Iterator[Recording]:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.")
    for path in sorted(folder.rglob(DOCUMENT_NAME)):
        document = read_document(path.parent)
        yield _of_document(document)


def _of_document(document: SessionDocument) -> Recording:
    rows = correction_rows(document), withheld_rows(document)
    return _recording(document.source.name, participant_of(document), document.duration_s, *rows)


def _recording(name: str, participant: str, duration_s: float, corrections: list[Row], withheld: list[Row]) -> Recording:
    gaps: dict[str, tuple[Interval, ...]] = {}
    for row in withheld:
        gaps[row["side"]] = (*gaps.get(row["side"], ()), (row["t_start_s"], row["t_end_s"]))
    events = tuple(
        event
        for row in corrections
        for event in events_of(
            row["kind"], row["side"], row["t_start_s"], duration_s if row["t_end_s"] is None else row["t_end_s"]
        )
    )
    return Recording(name, participant, duration_s, events, gaps)
