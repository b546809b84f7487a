"""Reads what ELAN writes: its own .eaf files, and the tab-delimited text of one or many of them.

The format of .eaf is described at https://www.mpi.nl/tools/elan/EAF_Annotation_Format_3.0_and_ELAN.pdf.
"""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from facetrack.study.labels.row import LabelError, LabelRow, LabelTable

_CLOCK: Final = re.compile(r"-?\d+:\d\d:\d\d[.,]\d+")
_SECONDS: Final = re.compile(r"-?\d+[.,]\d+")
_MILLISECONDS: Final = re.compile(r"-?\d+")
_FORMATS: Final = ("hh:mm:ss.ms", "ss.msec", "msec")
"""ELAN's names of its time formats, as they stand in the columns' titles; the first that is there is read."""
_MEDIA_LINE: Final = re.compile(r"#(?P<name>.+?) -- offset: (?P<offset>-?\d+)")
"""The line above an export that names a medium, and how far its labels are shifted against it, in ms."""


def read_eaf(text: str) -> LabelTable:
    """Read an .eaf file. Annotations that refer to others take their times. Raises LabelError where it is none."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise LabelError(f"It is not an ELAN file ({error}).") from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise LabelError("It is not an ELAN file: its root is not ANNOTATION_DOCUMENT.")
    slots = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")}
    media = [one.get("MEDIA_URL") or one.get("RELATIVE_MEDIA_URL") or "" for one in root.iter("MEDIA_DESCRIPTOR")]
    recording = media[0] if media else None
    aligned = {one.get("ANNOTATION_ID"): one for one in root.iter("ALIGNABLE_ANNOTATION")}
    parents = {one.get("ANNOTATION_ID"): one.get("ANNOTATION_REF") for one in root.iter("REF_ANNOTATION")}
    rows = []
    for tier in root.iter("TIER"):
        texts = tuple(text for text in (tier.get("TIER_ID"), tier.get("PARTICIPANT")) if text)
        for annotation in tier.iterfind("ANNOTATION/*"):
            timed = aligned.get(_root_of(annotation.get("ANNOTATION_ID"), parents))
            times = [] if timed is None else [slots.get(timed.get(name)) for name in ("TIME_SLOT_REF1", "TIME_SLOT_REF2")]
            if len(times) != 2 or None in times:
                raise LabelError(f"An annotation of tier {texts[0] if texts else '?'!r} has no times of its own.")
            start_s, end_s = (float(time or 0) / 1000 for time in times)
            rows.append(LabelRow(recording, annotation.findtext("ANNOTATION_VALUE") or "", texts, start_s, end_s))
    return LabelTable(tuple(rows), (recording,) if recording else ())


def _root_of(annotation: str | None, parents: dict[str | None, str | None]) -> str | None:
    seen = set()
    while annotation in parents and annotation not in seen:
        seen.add(annotation)
        annotation = parents[annotation]
    return annotation


def read_tab_delimited(text: str) -> LabelTable:
    """Read a tab-delimited export, with its columns' titles or without. Raises LabelError."""
    lines = text.splitlines()
    noted = [match for line in lines if (match := _MEDIA_LINE.match(line))]
    recordings = tuple(match["name"].strip() for match in noted[:1])
    table = [row for row in csv.reader(io.StringIO("\n".join(lines)), delimiter="\t", quoting=csv.QUOTE_NONE) if any(row)]
    table = [row for row in table if not row[0].startswith(('"#', "#"))]
    if not table:
        return LabelTable((), recordings)
    titled = any(cell.startswith("Begin Time") for cell in table[0])
    rows = _titled(table[0], table[1:]) if titled else [_untitled(row, n) for n, row in enumerate(table, 1)]
    return LabelTable(tuple(rows), recordings)


def _titled(titles: Sequence[str], table: Sequence[Sequence[str]]) -> list[LabelRow]:
    """Read rows under titles. Without a column for the annotation there is one for each tier."""
    place = {title.strip(): n for n, title in enumerate(titles)}
    form = next((one for one in _FORMATS if f"Begin Time - {one}" in place and f"End Time - {one}" in place), None)
    if form is None:
        raise LabelError(f"It has no pair of columns like 'Begin Time - {_FORMATS[0]}' and 'End Time - {_FORMATS[0]}'.")
    start, end = place[f"Begin Time - {form}"], place[f"End Time - {form}"]
    named = [place[name] for name in ("Tier", "Participant") if name in place]
    file = next((place[name] for name in ("File Path", "File", "File Name") if name in place), None)
    other = [n for name, n in place.items() if not name.startswith(("Begin Time", "End Time", "Duration")) and n not in named]
    values = [n for n in other if n != file and titles[n].strip()]
    rows = []
    for number, row in enumerate(table, 1):
        cells = [*row, *[""] * (len(titles) - len(row))]
        times = _time_s(cells[start], number), _time_s(cells[end], number)
        recording = cells[file] if file is not None and cells[file] else None
        texts = tuple(cells[n] for n in named if cells[n])
        if "Tier" in place:
            rows.append(LabelRow(recording, next((cells[n] for n in values if cells[n]), ""), texts, *times))
        else:
            rows += [LabelRow(recording, cells[n], (titles[n].strip(), *texts), *times) for n in values if cells[n]]
    return rows


def _untitled(row: Sequence[str], number: int) -> LabelRow:
    """Read a row whose columns are tier, participant, begin, end, perhaps duration (each in one to three formats), value."""
    kinds = [next((n for n, p in enumerate((_CLOCK, _SECONDS, _MILLISECONDS)) if p.fullmatch(cell)), None) for cell in row]
    timed = [n for n, kind in enumerate(kinds[:-1]) if kind is not None and n > 0]
    first = timed[0] if timed else 0
    if not timed or timed != list(range(first, first + len(timed))):
        raise LabelError(f"Line {number} has no times. Export from ELAN with begin and end time, tabs between the columns.")
    formats = len({kinds[n] for n in timed})
    if len(timed) < 2 * formats:
        raise LabelError(f"Line {number} has a begin time and no end time. Export from ELAN with both.")
    times = _time_s(row[first], number), _time_s(row[first + formats], number)
    return LabelRow(None, row[-1] if len(row) > timed[-1] + 1 else "", tuple(text for text in row[:first] if text), *times)


def _time_s(cell: str, number: int) -> float:
    """Read a time in any of ELAN's formats: clock, seconds with a fraction, whole milliseconds."""
    text = cell.strip().replace(",", ".")
    if _CLOCK.fullmatch(text):
        hours, minutes, seconds = text.lstrip("-").split(":")
        return (-1 if text.startswith("-") else 1) * (int(hours) * 3600 + int(minutes) * 60 + float(seconds))
    if _SECONDS.fullmatch(text):
        return float(text)
    if _MILLISECONDS.fullmatch(text):
        return int(text) / 1000
    raise LabelError(f"Row {number} has {cell!r} where a time should be, such as 00:01:02.500 or 62.5.")
