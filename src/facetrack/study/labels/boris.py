"""Reads what BORIS exports: aggregated events (a row for each interval) and tabular events (a row for each start and stop).

The columns are described at https://www.boris.unito.it/user_guide/export_events/.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from facetrack.study.labels.row import LabelError, LabelRow, LabelTable

_MEDIA: Final = ("Media file name", "Media file path", "Media file")
_STATES: Final = ("Behavior type", "Status", "Type")
_DELIMITERS: Final = ",\t;"
_POINT: Final = "POINT"


def is_boris(text: str) -> bool:
    """Say whether a table has the column titles of BORIS."""
    return _header(text) is not None


def read_boris(text: str) -> LabelTable:
    """Read an export of events. A point event has no length. Raises LabelError."""
    found = _header(text)
    if found is None:
        raise LabelError(
            "It is not an export of BORIS: there is no line of titles with Behavior and Time, or Start (s), Stop (s)."
        )
    skipped, delimiter = found
    lines = text.splitlines()[skipped:]
    # Older versions write the observation's id above the table: a line "Observation id,my-observation".
    above = [line.split(delimiter) for line in text.splitlines()[:skipped]]
    observation = next((line[1] for line in above if len(line) > 1 and line[0].strip('" ') == "Observation id"), None)
    table = list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    rows = _aggregated(table, observation) if "Start (s)" in (table[0] if table else {}) else _tabular(table, observation)
    return LabelTable(tuple(rows), (observation,) if observation else ())


def _header(text: str) -> tuple[int, str] | None:
    """Find the line of titles: how many lines stand above it, and what parts its columns."""
    for number, line in enumerate(text.splitlines()[:100]):
        for delimiter in _DELIMITERS:
            titles = {cell.strip('" ') for cell in line.split(delimiter)}
            if "Behavior" in titles and ("Time" in titles or {"Start (s)", "Stop (s)"} <= titles):
                return number, delimiter
    return None


def _aggregated(table: Sequence[Mapping[str, str]], observation: str | None) -> list[LabelRow]:
    return [
        _row(row, observation, _number(row, "Start (s)", number), _number(row, "Stop (s)", number))
        for number, row in enumerate(table, 1)
    ]


def _tabular(table: Sequence[Mapping[str, str]], observation: str | None) -> list[LabelRow]:
    """Pair starts with stops of the same recording, subject, behaviour and modifiers."""
    rows: list[LabelRow] = []
    open_since: dict[tuple[str | None, ...], LabelRow] = {}
    for number, row in enumerate(table, 1):
        time_s = _number(row, "Time", number)
        one = _row(row, observation, time_s, time_s)
        key = (one.recording, one.value, *one.texts)
        state = next((row[name].strip().upper() for name in _STATES if row.get(name)), _POINT)
        if state == "START":
            if key in open_since:
                raise LabelError(f"Row {number} starts {one.value!r} a second time before its stop.")
            open_since[key] = one
        elif state == "STOP":
            if key not in open_since:
                raise LabelError(f"Row {number} stops {one.value!r}, which has no start.")
            begun = open_since.pop(key)
            rows.append(LabelRow(begun.recording, begun.value, begun.texts, begun.t_start_s, time_s))
        else:
            rows.append(one)
    for unended in open_since.values():
        raise LabelError(f"{unended.value!r}, started at {unended.t_start_s:.1f} s, has no stop. Add it in BORIS.")
    return rows


def _row(row: Mapping[str, str], observation: str | None, t_start_s: float, t_end_s: float) -> LabelRow:
    media = next((row[name] for name in _MEDIA if row.get(name)), None)
    texts = [row.get("Subject"), *(text for name, text in row.items() if name and name.startswith("Modifier"))]
    named = tuple(text for text in texts if text and text != "No focal subject")
    return LabelRow(media or row.get("Observation id") or observation, row.get("Behavior") or "", named, t_start_s, t_end_s)


def _number(row: Mapping[str, str], title: str, number: int) -> float:
    try:
        return float((row.get(title) or "").replace(",", "."))
    except ValueError:
        raise LabelError(f"Row {number} has {row.get(title)!r} under {title}, where seconds should be.") from None
