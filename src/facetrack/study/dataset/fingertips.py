"""Works out the fingertips of a session for a dataset: journals are read as a whole, and rows stay columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.face_points import POINT_NAMES, POINTS
from facetrack.packets import SIDES, Float
from facetrack.session.document import SessionDocument
from facetrack.session.export.finger_motion import FingersInStep, Recording, session_fingers
from facetrack.session.export.finger_tables import fingertip_arrays
from facetrack.session.folder import JOURNAL_NAME
from facetrack.session.journal.reader import read_frames
from facetrack.study.dataset.tables import STUDY_FINGERTIPS, file_schema
from facetrack.study.libraries import library

PARSED_AT_ONCE: Final = 1 << 20
"""Bytes of a journal that one thread parses: the longest line fits in, and there are some for each core."""


def session_fingertips(folder: Path, document: SessionDocument) -> Any:
    """Return the rows of STUDY_FINGERTIPS as a pyarrow table. Raises as reading a journal does."""
    schema = file_schema(STUDY_FINGERTIPS)
    fingers = session_fingers(folder / JOURNAL_NAME, document, read=read_journal)
    return library("pyarrow").concat_tables([schema.empty_table(), *(_table(one, document.id, schema) for one in fingers)])


def read_journal(journal: Path) -> Recording:
    """Read a journal's frames with pyarrow, all at once; one that is torn or damaged line by line."""
    pyarrow = library("pyarrow")
    numbers = pyarrow.list_(pyarrow.list_(pyarrow.float64()))
    schema = pyarrow.schema({"t": pyarrow.float64(), "p": numbers, "g": numbers})
    reader = library("pyarrow.json")
    options = reader.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    try:
        lines = reader.read_json(journal, parse_options=options, read_options=reader.ReadOptions(block_size=PARSED_AT_ONCE))
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


def _table(one: FingersInStep, session_id: str, schema: Any) -> Any:
    pyarrow = library("pyarrow")
    arrays = fingertip_arrays(one)
    fingers, frames = arrays["t_s"].shape
    same = {"session_id": session_id, "step_place": one.place, "step": one.plan.step.id, "hand": SIDES[one.hand]}
    columns = {name: pyarrow.repeat(pyarrow.scalar(value), fingers * frames) for name, value in same.items()}
    columns["finger"] = _names(POINT_NAMES, np.repeat(one.fingers, frames))
    columns["side"] = _names(SIDES, one.motion.side.ravel())
    for name in arrays.keys() - columns.keys():
        columns[name] = pyarrow.array(arrays[name].ravel(), schema.field(name).type, from_pandas=True)
    return pyarrow.Table.from_arrays([columns[field.name] for field in schema], schema=schema)


def _names(names: Sequence[str], places: NDArray[Any]) -> Any:
    """Return the name at each place."""
    pyarrow = library("pyarrow")
    return pyarrow.array(names).take(pyarrow.array(places))
