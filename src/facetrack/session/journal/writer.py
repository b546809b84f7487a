"""Writes the journal, from which a session is replayed: lines of JSON, each on its way to the disk when append returns.

Line 1 is the header ``{"facetrack_journal": 1, "session": {...}, "routine": {...}}``; then one line a frame:

    t      s since the source began
    p      the left and the right hand's seven points (geometry.POINT_NAMES), x and y in turn, chart mm; null: not known
    g      the local stretch (E, F, G) at each hand
    palm   each palm's image size, mm at the face's depth
    near   whether each hand is over or close to the face: 0 or 1
    face   whether the face was seen; ``hand``: whether each hand was
    px     mm per pixel at the face
    cal    how the neutral face is known, and the calibration's progress
    edge   the edge of a tool that was shown, of each hand: x, y and tolerance, chart mm; null: not known. Only then
    doubt  why nothing of it may be judged; ``same``: 1 where the picture is the one before. Only where it is so

Among them may stand ``{"t": ..., "command": "skip"}``, a wish of the user's, and ``{"t": ..., "fault": "The camera ..."}``, why
there is no picture from the next frame on (null: there is one again), and ``{"t": ..., "pulse": {"bpm": ..., "source": ...,
"confidence": ...}}``, the user's pulse once it is known, and ``{"t": ..., "remark": "mirrored"}``, what was said once of the
source; last ``{"end": {...}}`` when the session was finished.
Everything is rounded (quantisation.py); unknown is null. No pixels, no face mesh.
"""

import json
import math
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from facetrack.errors import UsageError
from facetrack.flow.tempo import PulseRate
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import Float
from facetrack.session.files import SessionFileError, explain, session_file_errors
from facetrack.session.locks import try_lock

JOURNAL_VERSION: Final = 1
SYNC_INTERVAL_S: Final = 1.0
"""A power cut may cost this much of a session. A killed process costs nothing: every record goes to the system at once."""


def encode_frame(p: FacePoints) -> bytes:
    """Return a frame as its line. p: quantised."""
    record = {
        "t": p.t_s,
        "p": [_numbers(hand.ravel()) for hand in p.points_mm],
        "g": [_numbers(hand) for hand in p.metric_tensor],
        "palm": _each(p.palm_mm.tolist()),
        "near": [int(near) for near in p.near_face],
        "face": int(p.face_seen),
        "hand": [int(seen) for seen in p.hand_seen],
        "px": None if math.isnan(p.mm_per_px) else p.mm_per_px,
        "cal": [p.calibration, None if math.isnan(p.calibrated_share) else p.calibrated_share],
    }
    if p.eyes_differ:
        record["eyes"] = p.eyes_differ
    if p.edge_mm is not None:
        record["edge"] = [_numbers(hand) for hand in p.edge_mm]
    if p.doubt is not None:
        record["doubt"] = p.doubt
    if p.repeated:
        record["same"] = 1
    return encode_record(record)


def rounded_pulse(pulse: PulseRate) -> PulseRate:
    """Round a pulse as the journal keeps it, so that a replay has the same."""
    return replace(pulse, bpm=round(pulse.bpm, 2), confidence=round(pulse.confidence, 3))


def pulse_record(pulse: PulseRate) -> dict[str, Any]:
    """Return a rounded pulse as JSON values."""
    return {"bpm": pulse.bpm, "source": pulse.source, "confidence": _each([pulse.confidence])[0]}


def encode_record(record: dict[str, Any]) -> bytes:
    """Return any record as its line."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _numbers(values: Float) -> list[float | None] | None:
    numbers = _each(values.tolist())
    return None if all(number is None for number in numbers) else numbers


def _each(values: list[float]) -> list[float | None]:
    return [None if value != value else value for value in values]


def _remove_unused(path: Path) -> None:
    """Remove an earlier journal, whose other names (hard links, as backups make them) keep its content. Raises UsageError
    where a session is being recorded into it."""
    with session_file_errors(path):
        with path.open("r+b") as file:
            if not try_lock(file):
                raise _in_use(path)
        path.unlink()


def _in_use(path: Path) -> UsageError:
    return UsageError(f"{path.parent} is in use by another session. Choose another folder with --out.")


class JournalWriter:
    """Appends records. A thread of its own calls fsync about once a second and notices when the file was deleted.

    Raises UsageError if the file is there already (unless ``replace``) or another process records into it, and
    SessionFileError when it can't be written; after such an error nothing more is written.
    """

    def __init__(self, path: Path, header: dict[str, Any], *, replace: bool = False) -> None:
        self.path = path
        self._error: SessionFileError | None = None
        self._closed = False
        if replace and path.exists():
            _remove_unused(path)
        with session_file_errors(path):
            self._file = path.open("x+b", buffering=0)
        if not try_lock(self._file):
            self._file.close()
            raise _in_use(path)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._syncer = threading.Thread(target=self._keep_synced, name="journal-fsync", daemon=True)
        self._syncer.start()
        try:
            self.append({"facetrack_journal": JOURNAL_VERSION} | header)
        except SessionFileError:
            self.close()
            raise

    def append_frame(self, points: FacePoints) -> None:
        """Append a frame, quantised. Raises SessionFileError."""
        self._write(encode_frame(points))

    def append(self, record: dict[str, Any]) -> None:
        """Append any other record. Raises SessionFileError."""
        self._write(encode_record(record))

    def _write(self, line: bytes) -> None:
        with self._lock:
            if self._error is not None:
                raise self._error
            whole_until = self._file.tell()
            rest = memoryview(line)
            try:
                while rest:
                    rest = rest[self._file.write(rest) :]
            except OSError as error:
                self._error = explain(error, self.path)
                self._cut_back(whole_until)
                raise self._error from error

    def _cut_back(self, length: int) -> None:
        """Take half a line away again; where that fails too, a reader passes over it."""
        try:
            self._file.truncate(length)
            self._file.seek(length)
        except OSError:
            return

    def _keep_synced(self) -> None:
        while not self._stop.wait(SYNC_INTERVAL_S):
            self._sync()

    def _sync(self) -> None:
        try:
            os.fsync(self._file.fileno())
            there = self.path.stat()
            mine = os.fstat(self._file.fileno())
            if (there.st_ino, there.st_dev) != (mine.st_ino, mine.st_dev):
                raise FileNotFoundError(2, "replaced by another file")
        except OSError as error:
            if error.errno != 22:  # EINVAL: not a file that can be synced, such as a pipe
                self._error = self._error or explain(error, self.path)

    def rescue(self) -> bool:
        """Write the file anew if it was deleted while it is open, and say whether it is there now."""
        if self.path.exists() or self._closed:
            return self.path.exists()
        with session_file_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file.seek(0)
            self.path.write_bytes(self._file.read())
        return True

    def close(self) -> None:
        """Sync and close. May be called more than once; never raises."""
        if self._closed:
            return
        self._stop.set()
        self._syncer.join()
        self._sync()
        self._closed = True
        try:
            self._file.close()
        except OSError as error:
            self._error = self._error or explain(error, self.path)
