"""Judges a session again from its journal, which gives the same verdicts, and so finishes one that was cut off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import Verdict
from facetrack.errors import DamagedInputError, UsageError
from facetrack.flow.tempo import PulseRate
from facetrack.geometry.face_points import FacePoints
from facetrack.pipeline.judge import CoachLike, Judge
from facetrack.session.document import SessionDocument
from facetrack.session.files import session_file_errors
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME, TABLE_NAMES
from facetrack.session.journal.header import SessionIdentity
from facetrack.session.journal.landmarks import read_landmarks
from facetrack.session.journal.reader import Command, End, Said, SourceError, read_identity, read_records
from facetrack.session.locks import try_lock
from facetrack.session.metrics.session import SessionMetrics
from facetrack.session.own_files import MARKS
from facetrack.session.recorder import write_session
from facetrack.system.own_files import check_writable

MakeCoach = Callable[[SessionIdentity], CoachLike]


def build_coach(identity: SessionIdentity) -> CoachLike:
    """Build a session's coach from what its journal's header says, while it runs and when it is replayed."""
    from facetrack.coach import GuideCoach, LiveCoach

    coach: CoachLike = (GuideCoach if identity.settings.get("guide_only") else LiveCoach)(identity.routine, identity.options)
    return coach


def replay_verdicts(
    journal: Path,
    make_coach: MakeCoach = build_coach,
    on_source_error: Callable[[float, str | None], None] = lambda _t_s, _words: None,
    on_pulse: Callable[[PulseRate], None] = lambda _pulse: None,
    on_remark: Callable[[float, str], None] = lambda _t_s, _name: None,
    located: Iterator[FacePoints] | None = None,
) -> Iterator[tuple[FacePoints | End, Verdict]]:
    """Yield every frame of a journal with its verdict; last the session's end with the coach's last verdict.

    on_source_error: called where the source's pictures ended, and why, and where they came back (None).
    on_pulse: called with the user's pulse. on_remark: called with what was said of the source. located: where the hands were in
    each frame, if not as the journal has it.

    The end comes always: of a session that was cut off it is at its last frame, and not complete; where the journal is damaged,
    there. Raises as ``journal.reader.read_identity`` does.
    """
    coach = make_coach(read_identity(journal))
    end = End(0.0, complete=False, frames_dropped=None)
    try:
        for record in read_records(journal):
            if isinstance(record, Command):
                coach.command(record.name, record.t_s)
            elif isinstance(record, SourceError):
                on_source_error(record.t_s, record.words)
            elif isinstance(record, PulseRate):
                on_pulse(record)
            elif isinstance(record, Said):
                on_remark(record.t_s, record.name)
            elif isinstance(record, End):
                end = record
            else:
                end = replace(end, t_s=record.t_s)
                points = record if located is None else replace(next(located, record), edge_mm=record.edge_mm)
                yield points, coach.update(points)
    except DamagedInputError:
        end = replace(end, complete=False)
    yield end, coach.finish(end.t_s)


def recover(folder: Path, make_coach: MakeCoach = build_coach) -> SessionDocument:
    """Finish the session in folder from its journal and return its document.

    It is marked ``complete: false``, unless it had ended and only its files were missing. A torn last line is passed over;
    where the journal is damaged further up, what comes before is kept. Raises UsageError while another process records into
    it and where files that are not facetrack's would be replaced, DamagedInputError where not even a header is there,
    SessionFileError where nothing can be read or written.
    """
    journal = folder / JOURNAL_NAME
    with session_file_errors(journal), journal.open("rb") as file:
        if not try_lock(file):
            raise UsageError(f"{folder} is still being recorded. Wait until that session has ended.")
        identity = read_identity(journal)
        for name in (DOCUMENT_NAME, *TABLE_NAMES):
            check_writable(folder / name, MARKS[name])
        document, metrics = _judged(journal, identity, make_coach)
        write_session(folder, document, metrics)
    return document


def rejudge(
    journal: Path, thresholds: Thresholds | None = None, *, from_landmarks: bool = False
) -> tuple[SessionDocument, SessionMetrics]:
    """Judge a session anew from its journal without writing anything; return its document and the figures behind it.

    thresholds: to judge by; None: those of the session. from_landmarks: place the hands on the face anew, from the landmarks
    that were kept. Raises as ``journal.reader.read_identity`` does.
    """
    identity = read_identity(journal)
    if thresholds is not None:
        options = replace(identity.options, thresholds=thresholds)
        identity = replace(identity, options=options, settings={**identity.settings, **options.as_settings()})
    located = _located(journal.parent) if from_landmarks else None
    return _judged(journal, identity, lambda _recorded: build_coach(identity), located)


def _located(folder: Path) -> Iterator[FacePoints]:
    """Yield where the hands are on the face in each frame, as a live session works it out."""
    judge = Judge(build_coach(read_identity(folder / JOURNAL_NAME)))
    return (judge.locate(observation)[0] for observation in read_landmarks(folder))


def _judged(
    journal: Path, identity: SessionIdentity, make_coach: MakeCoach, located: Iterator[FacePoints] | None = None
) -> tuple[SessionDocument, SessionMetrics]:
    metrics = SessionMetrics(identity.routine)
    end = _count(journal, metrics, make_coach, located)
    document = metrics.document(identity, duration_s=end.t_s, complete=end.complete, frames_dropped=end.frames_dropped)
    return document, metrics


def _count(journal: Path, metrics: SessionMetrics, make_coach: MakeCoach, located: Iterator[FacePoints] | None) -> End:
    """Put every frame of the journal and its verdict into the metrics."""

    def keep(pulse: PulseRate) -> None:
        metrics.pulse = pulse

    tracking = metrics.tracking
    for record, verdict in replay_verdicts(journal, make_coach, tracking.source_error, keep, tracking.remark, located):
        if isinstance(record, End):
            metrics.finish(verdict)
            return record
        metrics.add(record, verdict)
    raise AssertionError("replay_verdicts ends with an End")
