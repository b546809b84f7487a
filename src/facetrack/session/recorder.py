"""Records a session: the journal as it goes, session.json and the tables at the end."""

import contextlib
from pathlib import Path
from typing import Any

from facetrack import __version__
from facetrack.coach.verdict import Verdict
from facetrack.flow.tempo import PulseRate
from facetrack.geometry.face_points import FacePoints
from facetrack.session.document import SessionDocument
from facetrack.session.files import SessionFileError, make_folder, session_file_errors, write_whole
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, TABLE_NAMES
from facetrack.session.journal.header import SessionIdentity
from facetrack.session.journal.reader import header_of
from facetrack.session.journal.writer import JournalWriter, pulse_record, rounded_pulse
from facetrack.session.metrics.session import SessionMetrics
from facetrack.session.own_files import check_session_folder, own_files
from facetrack.session.tables import (
    CORRECTIONS,
    STEPS,
    STROKES,
    TOUCHED,
    correction_rows,
    csv_bytes,
    step_rows,
    stroke_rows,
    touched_rows,
)


class SessionRecorder:
    """Records a session: ``take`` every frame, then ``finish`` once; ``close`` leaves a session to be recovered.

    folder: the session's own folder, made if need be; None keeps nothing on the disk and still gives the figures.
    replace: take the place of a session of a recording that the folder holds already; else that is a UsageError, as
        is anything there that can't be had again (``own_files.check_session_folder``).

    When the disk fails in the middle, ``take`` raises SessionFileError once, what was flushed stays, and further frames
    count for the figures only: a caller may continue coaching. Not safe to use from two threads at once.
    """

    def __init__(self, identity: SessionIdentity, folder: Path | None, *, replace: bool = False) -> None:
        self.identity = identity
        self.folder = folder
        self.metrics = SessionMetrics(identity.routine)
        self._journal: JournalWriter | None = None
        self._whole = True
        self._finished = False
        if folder is not None:
            self._journal = _open_journal(identity, folder, replace)

    def take(self, points: FacePoints, verdict: Verdict) -> None:
        """Record a frame. points: quantised, as the coach was given them. Raises SessionFileError, once."""
        self.metrics.add(points, verdict)
        if self._journal is not None and self._whole:
            with self._giving_up_on_error():
                self._journal.append_frame(points)

    def command(self, t_s: float, name: str) -> None:
        """Record a key of the user's that reaches the coach as its method ``name``: a replay needs it. Raises as ``take``."""
        if self._journal is not None and self._whole:
            with self._giving_up_on_error():
                self._journal.append({"t": t_s, "command": name})

    def source_error(self, t_s: float, words: str | None) -> None:
        """Record that from the next frame on, at t_s, the source gives no picture, in words; None: it does again. Raises as
        ``take``."""
        self.metrics.tracking.source_error(t_s, words)
        if self._journal is not None and self._whole:
            with self._giving_up_on_error():
                self._journal.append({"t": t_s, "fault": words})

    def remark(self, t_s: float, name: str) -> None:
        """Record what is said once of the source, by its id. Raises as ``take``."""
        self.metrics.tracking.remark(t_s, name)
        if self._journal is not None and self._whole:
            with self._giving_up_on_error():
                self._journal.append({"t": t_s, "remark": name})

    def pulse(self, t_s: float, found: PulseRate) -> None:
        """Record the user's pulse, known from t_s on. Raises as ``take``."""
        self.metrics.pulse = rounded_pulse(found)
        if self._journal is not None and self._whole:
            with self._giving_up_on_error():
                self._journal.append({"t": t_s, "pulse": pulse_record(self.metrics.pulse)})

    @contextlib.contextmanager
    def _giving_up_on_error(self) -> Any:
        try:
            yield
        except SessionFileError:
            self._whole = False
            raise

    def finish(
        self,
        t_s: float,
        *,
        complete: bool,
        last: Verdict | None = None,
        frames_dropped: int | None = 0,
    ) -> SessionDocument:
        """End the session at t_s, write its files and return its document. Raises SessionFileError.

        last: the verdict of ``Coach.finish``.
        complete: False where the source was cut off, the user broke off, or the journal could not be kept to the end.
        frames_dropped: by a live source; None: not known.
        """
        if last is not None:
            self.metrics.finish(last)
        arguments = {"t_s": t_s, "complete": complete, "frames_dropped": frames_dropped}
        if self._journal is not None:
            self._end_journal(self._journal, arguments)
        document = self.document(t_s, complete=complete and self._whole, frames_dropped=frames_dropped)
        if self.folder is not None and not self._finished:
            write_session(self.folder, document, self.metrics)
        self._finished = True
        return document

    def document(self, t_s: float, *, complete: bool, frames_dropped: int | None = 0) -> SessionDocument:
        """Return session.json's content as it stands, without writing anything."""
        return self.metrics.document(self.identity, duration_s=t_s, complete=complete, frames_dropped=frames_dropped)

    def _end_journal(self, journal: JournalWriter, arguments: dict[str, Any]) -> None:
        if self._whole:
            try:
                journal.append({"end": arguments})
            except SessionFileError:
                self._whole = False
        journal.rescue()
        journal.close()

    def close(self) -> None:
        """Let go of the files without finishing: the journal stays and can be recovered. May be called more than once."""
        if self._journal is not None:
            self._journal.close()


def _open_journal(identity: SessionIdentity, folder: Path, replace: bool) -> JournalWriter:
    check_session_folder(folder, replace=replace)
    make_folder(folder)
    earlier = [path for path in own_files(folder) if path.name != JOURNAL_NAME]
    journal = JournalWriter(folder / JOURNAL_NAME, header_of(identity, __version__), replace=replace)
    try:
        for path in earlier:  # its report and video would be of another session
            with session_file_errors(path):
                path.unlink(missing_ok=True)
    except SessionFileError:
        journal.close()
        raise
    return journal


def write_session(folder: Path, document: SessionDocument, metrics: SessionMetrics) -> None:
    """Write the tables, then session.json: where that is there, the session's folder is whole. Raises SessionFileError."""
    rows = (
        csv_bytes(STEPS, step_rows(document)),
        csv_bytes(STROKES, stroke_rows(document.id, metrics.strokes)),
        csv_bytes(CORRECTIONS, correction_rows(document)),
        csv_bytes(TOUCHED, touched_rows(document.id, metrics)),
    )
    for name, data in zip(TABLE_NAMES, rows, strict=True):
        write_whole(folder / name, data)
    write_whole(folder / DOCUMENT_NAME, (document.to_json(indent=2) + "\n").encode())
