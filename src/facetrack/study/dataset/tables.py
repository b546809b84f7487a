"""Defines the tables of a dataset: those of an export, with what a study needs besides."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from facetrack.session.export.finger_tables import FINGERTIPS
from facetrack.session.tables import CORRECTIONS, SESSIONS, STEPS, STROKES, WITHHELD_INTERVALS, Column, Table
from facetrack.study.libraries import library

if TYPE_CHECKING:
    from facetrack.session.document import SessionDocument

PARTICIPANT: Final = "participant"
"""The label by which the dataset is partitioned."""
_PERSON: Final = Column(PARTICIPANT, "text", "", "the label participant; without one the session's id")
_PROVENANCE: Final = (
    Column("condition", "text", "", "the label condition", "the session has none"),
    Column("labels", "text", "JSON", "all labels of the session"),
    Column("models", "text", "JSON", "SHA-256 of each model"),
    Column("settings_sha256", "text", "", "hash of the thresholds and filters that it was judged with"),
    Column("session_sha256", "text", "", "hash of its session.json"),
    Column("folder", "text", "", "name of the session's folder"),
)


def _with_person(table: Table, *more: Column) -> Table:
    return replace(table, columns=(*table.columns, *more, _PERSON))


STUDY_SESSIONS: Final = _with_person(SESSIONS, *_PROVENANCE)
STUDY_STEPS: Final = _with_person(STEPS)
STUDY_STROKES: Final = _with_person(STROKES)
STUDY_CORRECTIONS: Final = _with_person(CORRECTIONS)
STUDY_WITHHELD: Final = _with_person(WITHHELD_INTERVALS)
STUDY_FINGERTIPS: Final = _with_person(FINGERTIPS)
# Sessions come last: a session counts as taken in once its row is there.
STUDY_TABLES: Final = (STUDY_STEPS, STUDY_STROKES, STUDY_CORRECTIONS, STUDY_WITHHELD, STUDY_FINGERTIPS, STUDY_SESSIONS)
"""All tables, in the order in which they are written."""


def participant_of(document: "SessionDocument") -> str:
    """Return whose session it is. Without a label it is a participant of its own, named by its id.

    Never null: a column of a dataset that is partitioned by nothing but nulls can't be read.
    """
    return document.labels.get(PARTICIPANT) or document.id


def arrow_schema(table: Table) -> Any:
    """Return the pyarrow schema of a table; each field's metadata has its unit and meaning."""
    pyarrow = library("pyarrow")
    types = {"text": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_()}
    return pyarrow.schema(
        pyarrow.field(one.name, types[one.type], metadata={"unit": one.unit, "meaning": one.meaning, "missing": one.missing})
        for one in table.columns
    )


def file_schema(table: Table) -> Any:
    """Return the pyarrow schema of a table's files: the participant stands in their folder's name."""
    schema = arrow_schema(table)
    return schema.remove(schema.get_field_index(PARTICIPANT))
