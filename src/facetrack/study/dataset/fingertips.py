"""Works out the fingertips of a session for a dataset: journals are read as a whole, and rows stay columns."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from facetrack.geometry.face_points import POINT_NAMES, POINTS
from facetrack.packets import SIDES, Float
from facetrack.session.document import SessionDocument
from facetrack.session.export.finger_motion import FingersInStep, Recording, session_fingers
from facetrack.session.export.finger_tables import fingertip_arrays
from facetrack.session.folder import JOURNAL_NAME
from facetrack.session.journal.reader import read_frames
from facetrack.study.dataset.tables import PARTICIPANT, STUDY_FINGERTIPS, arrow_schema, participant_of
from facetrack.study.libraries import library


def fingertip_batches(folder: Path, document: SessionDocument) -> Iterator[Any]:
    """Yield the rows of STUDY_FINGERTIPS as pyarrow tables. Raises as reading a journal does."""
    for one in session_fingers(folder / JOURNAL_NAME, document, read=read_journal):
        yield _table(one, document)


def read_journal(journal: Path) -> Recording:
    """Read a journal's frames with pyarrow, all at once; one that is torn or damaged line by line."""
    pyarrow = library("pyarrow")
    numbers = pyarrow.list_(pyarrow.list_(pyarrow.float64()))
    schema = pyarrow.schema({"t": pyarrow.float64(), "p": numbers, "g": numbers})
    reader = library("pyarrow.json")
    options = reader.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    try:
        lines = reader.read_json(journal, parse_options=options, read_options=reader.ReadOptions(block_size=1 << 24))
    except pyarrow.ArrowInvalid:
        return Recording.of(read_frames(journal))
    frames = lines.filter(lines["p"].is_valid()).combine_chunks()
    points = _hands(frames["p"].combine_chunks(), 2 * POINTS).reshape(-1, len(SIDES), POINTS, 2)
    return Recording(frames["t"].to_numpy(), points, _hands(frames["g"].combine_chunks(), 3).reshape(-1, len(SIDES), 3))


def _hands(column: Any, length: int) -> Float:
    """Return (2N, length) of a column that holds a list for each hand, NaN where a hand or a number is null."""
    hands = column.flatten()
    values: Float = np.full((len(hands), length), np.nan)
    values[hands.is_valid().to_numpy(zero_copy_only=False)] = hands.flatten().to_numpy(zero_copy_only=False).reshape(-1, length)
    return values


def _table(one: FingersInStep, document: SessionDocument) -> Any:
    pyarrow = library("pyarrow")
    arrays = fingertip_arrays(one)
    shape = arrays["t_s"].shape
    size = shape[0] * shape[1]
    words = {
        "session_id": document.id,
        "step": one.plan.step.id,
        "hand": SIDES[one.hand],
        PARTICIPANT: participant_of(document),
    }
    schema = arrow_schema(STUDY_FINGERTIPS)
    columns = {name: pyarrow.repeat(pyarrow.scalar(text, pyarrow.string()), size) for name, text in words.items()}
    columns["step_place"] = pyarrow.repeat(pyarrow.scalar(one.place, pyarrow.int64()), size)
    fingers = np.repeat(np.array([POINT_NAMES[finger] for finger in one.fingers]), shape[1])
    columns["finger"] = pyarrow.array(fingers, pyarrow.string())
    for name, values in arrays.items():
        columns[name] = pyarrow.array(values.ravel(), schema.field(name).type, from_pandas=True)
    return pyarrow.Table.from_arrays([columns[field.name] for field in schema], schema=schema)
