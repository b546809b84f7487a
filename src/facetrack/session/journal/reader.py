"""Reads a journal back: the same FacePoints that the coach was given, to the last bit."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetrack.errors import DamagedInputError, FacetrackError
from facetrack.flow.tempo import PulseRate
from facetrack.geometry.face_points import POINTS, FacePoints
from facetrack.packets import Float
from facetrack.session.files import session_file_errors
from facetrack.session.journal.header import SessionIdentity, utc_text
from facetrack.session.journal.writer import JOURNAL_VERSION
from facetrack.session.serialization import options_from_json, routine_from_json, to_json

HEADER_START: Final = b'{"facetrack_journal":'
RECORD_STARTS: Final = (b'{"t":', b'{"end":')
"""How our lines begin. Other text is foreign: what a library wrote into the wrong file, or what another program added."""
NO_TEXT: Final = bytes(code for code in range(32) if chr(code) not in "\t\n\r\x1b")
"""Bytes that no text has, but damage."""


@dataclass(frozen=True, slots=True)
class Command:
    """Holds a key of the user's that reached the coach: the name of the coach's method and when."""

    t_s: float
    name: str


@dataclass(frozen=True, slots=True)
class SourceError:
    """Says that from here on the source gives no picture of the user, in words; None: it does again."""

    t_s: float
    words: str | None


@dataclass(frozen=True, slots=True)
class End:
    """Holds the last record of a session that was finished: the arguments of ``SessionRecorder.finish``."""

    t_s: float
    complete: bool
    frames_dropped: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """Holds what was said once of the source: its id, and when."""

    t_s: float
    name: str


Record = FacePoints | Command | SourceError | Said | PulseRate | End


def header_of(identity: SessionIdentity, version: str) -> dict[str, Any]:
    """Return the journal's header of a session, recorded by that version of facetrack."""
    session = {
        "id": identity.id,
        "facetrack_version": version,
        "models": to_json(identity.models),
        "settings": to_json(identity.settings),
        "labels": to_json(identity.labels),
        "source": {"kind": identity.source_kind, "name": identity.source_name},
        "started_at": utc_text(identity.started_at),
        "options": to_json(identity.options),
    }
    return {"session": session, "routine": to_json(identity.routine)}


def read_identity(journal: Path) -> SessionIdentity:
    """Read the session's identity from its journal's header, which is the first line of ours. Raises DamagedInputError where
    there is none."""
    with session_file_errors(journal), journal.open("rb") as file:
        first = line = file.readline()
        while line.endswith(b"\n") and not line.startswith(HEADER_START):
            line = file.readline()
        line = line or first
    if not line.endswith(b"\n"):
        raise DamagedInputError(f"{journal} holds no whole header: the session ended before it began. Delete its folder.")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    return _identity(record if isinstance(record, dict) else {}, journal)


def _identity(record: dict[str, Any], journal: Path) -> SessionIdentity:
    version = record.get("facetrack_journal")
    if not isinstance(version, int):
        raise DamagedInputError(f"{journal} is not a facetrack journal, or its first line is damaged: it can't be read back.")
    if version > JOURNAL_VERSION:
        raise FacetrackError(f"{journal} was written by a newer facetrack (format {version}). Update facetrack to read it.")
    try:
        session = record["session"]
        return SessionIdentity(
            id=session["id"],
            routine=routine_from_json(record["routine"]),
            models=session["models"],
            settings=session["settings"],
            labels=session["labels"],
            source_kind=session["source"]["kind"],
            source_name=session["source"]["name"],
            started_at=datetime.fromisoformat(session["started_at"]),
            options=options_from_json(session["options"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DamagedInputError(f"The header of {journal} is damaged ({error}).") from error


def read_records(journal: Path) -> Iterator[Record]:
    """Yield all records after the header, in order. Foreign lines and a torn last one are passed over; DamagedInputError names
    any other damage, after everything before it has been given."""
    with session_file_errors(journal), journal.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            if line.startswith(HEADER_START) or _is_foreign(line):
                continue
            try:
                record = decode_record(_parsed(line, journal, number))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise DamagedInputError(f"{journal} is damaged at line {number}: what comes before it was read.") from error
            yield record


def _is_foreign(line: bytes) -> bool:
    return not line.startswith((HEADER_START, *RECORD_STARTS)) and len(line.translate(None, NO_TEXT)) == len(line)


def foreign_lines_words(journal: Path) -> str | None:
    """Say in one sentence how many foreign lines are passed over in a journal; None where there are none, or no journal."""
    try:
        with journal.open("rb") as file:
            count = sum(line.endswith(b"\n") and _is_foreign(line) for line in file)
    except OSError:
        return None
    if not count:
        return None
    return "1 line in it is foreign and was skipped." if count == 1 else f"{count} lines in it are foreign and were skipped."


def read_frames(journal: Path) -> Iterator[FacePoints]:
    """Yield every frame of the journal, as the coach was given it. Raises as ``read_records`` does."""
    return (record for record in read_records(journal) if isinstance(record, FacePoints))


def _parsed(line: bytes, journal: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DamagedInputError(f"{journal} is damaged at line {number}: what comes before it was read.") from error
    if not isinstance(record, dict):
        raise DamagedInputError(f"{journal} is damaged at line {number}: what comes before it was read.")
    return record


def decode_record(record: dict[str, Any]) -> Record:
    """Decode a line as ``encode_frame`` made it. Raises KeyError, TypeError or ValueError on anything else."""
    if "p" in record:
        calibration, share = record["cal"]
        return FacePoints(
            t_s=float(record["t"]),
            points_mm=_array(record["p"], 2 * POINTS).reshape(2, POINTS, 2),
            metric_tensor=_array(record["g"], 3),
            palm_mm=np.array(record["palm"], dtype=np.float64).reshape(2),
            near_face=np.array(record["near"], dtype=np.bool_).reshape(2),
            face_seen=bool(record["face"]),
            hand_seen=np.array(record["hand"], dtype=np.bool_).reshape(2),
            mm_per_px=_number(record["px"]),
            calibration=calibration,
            calibrated_share=_number(share),
            doubt=record.get("doubt"),
            repeated=bool(record.get("same", 0)),
            eyes_differ=float(record.get("eyes", 0.0)),
            edge_mm=_array(record["edge"], 3) if "edge" in record else None,
        )
    if "command" in record:
        return Command(float(record["t"]), str(record["command"]))
    if "fault" in record:
        return SourceError(float(record["t"]), None if record["fault"] is None else str(record["fault"]))
    if "remark" in record:
        return Said(float(record["t"]), str(record["remark"]))
    if "pulse" in record:
        found = record["pulse"]
        return PulseRate(float(found["bpm"]), found["source"], _number(found["confidence"]))
    end = record["end"]
    return End(float(end["t_s"]), bool(end["complete"]), end["frames_dropped"])


def _array(hands: list[list[float | None] | None], length: int) -> Float:
    left, right = hands
    return np.array([[None] * length if hand is None else hand for hand in (left, right)], dtype=np.float64).reshape(2, length)


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
