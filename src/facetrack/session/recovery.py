"""Finishing a session that was cut off: its journal is judged again, which gives what was judged while it ran."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from facetrack.coach.verdict import Verdict
from facetrack.errors import DamagedInputError, UsageError
from facetrack.geometry.face_points import FacePoints
from facetrack.session.document import session_document
from facetrack.session.files import explained
from facetrack.session.folder import DOCUMENT_NAME, JOURNAL_NAME
from facetrack.session.identity import SessionIdentity
from facetrack.session.journal_reader import Command, End, Record, read_identity, read_records
from facetrack.session.locks import try_lock
from facetrack.session.metrics import SessionMetrics
from facetrack.session.recorder import write_session


class CoachLike(Protocol):
    """What a replay needs of a coach."""

    def command(self, name: str, t_s: float, /) -> None: ...
    def update(self, points: FacePoints, /) -> Verdict: ...
    def finish(self, t_s: float, /) -> Verdict: ...


MakeCoach = Callable[[SessionIdentity], CoachLike]


def coach_of(identity: SessionIdentity) -> CoachLike:
    """The coach as the session had it: its routine and options from the journal's header."""
    from facetrack.coach import CoachOptions, GuideCoach, LiveCoach
    from facetrack.session.plain import from_plain, to_plain

    options = CoachOptions() if identity.options is None else from_plain(CoachOptions, to_plain(identity.options))
    coach: CoachLike = (GuideCoach if identity.settings.get("guide_only") else LiveCoach)(identity.routine, options)
    return coach


def judge_again(journal: Path, make_coach: MakeCoach = coach_of) -> Iterator[tuple[FacePoints, Verdict]]:
    """Every frame of a journal and what the coach says of it. Raises as ``replay.read_records`` does."""
    coach = make_coach(read_identity(journal))
    yield from ((points, verdict) for points, verdict in _judged(read_records(journal), coach) if verdict is not None)


def _judged(records: Iterator[Record], coach: CoachLike) -> Iterator[tuple[Any, Verdict | None]]:
    """(points, verdict) of frames, (end, None) of the end."""
    for record in records:
        if isinstance(record, Command):
            coach.command(record.name, record.t_s)
        elif isinstance(record, End):
            yield record, None
        else:
            yield record, coach.update(record)


def unfinished(root: Path) -> list[Path]:
    """Folders in root whose session was cut off: a journal, no session.json, and no process recording into it. Oldest first."""
    if not root.is_dir():
        return []
    folders = (folder for folder in sorted(root.iterdir()) if (folder / JOURNAL_NAME).is_file())
    return [folder for folder in folders if not (folder / DOCUMENT_NAME).exists() and not _recording(folder / JOURNAL_NAME)]


def _recording(journal: Path) -> bool:
    try:
        with journal.open("rb") as file:
            return not try_lock(file)
    except OSError:
        return True  # can't be read: not ours to finish


def recover(folder: Path, make_coach: MakeCoach = coach_of) -> dict[str, Any]:
    """Finish the session in folder from its journal and give session.json's content.

    It is marked ``complete: false``, unless it had ended and only its files were missing. A torn last line is passed over;
    where the journal is damaged further up, what comes before is kept. Raises UsageError while another process records into
    it, DamagedInputError where not even a header is there, SessionFileError where nothing can be read or written.
    """
    journal = folder / JOURNAL_NAME
    with explained(journal), journal.open("rb") as file:
        if not try_lock(file):
            raise UsageError(f"{folder} is still being recorded. Wait until that session has ended.")
        identity = read_identity(journal)
        metrics, end = _figures(journal, identity, make_coach)
        document = session_document(identity, metrics, **end)
        write_session(folder, document, metrics)
    return document


def _figures(journal: Path, identity: SessionIdentity, make_coach: MakeCoach) -> tuple[SessionMetrics, Mapping[str, Any]]:
    metrics = SessionMetrics(identity.routine)
    end: dict[str, Any] = {"duration_s": 0.0, "complete": False, "frames_dropped": None, "pulse": None}
    coach = make_coach(identity)
    try:
        for record, verdict in _judged(read_records(journal), coach):
            if verdict is not None:
                metrics.add(record, verdict)
                end["duration_s"] = record.t_s
            else:
                end = dict(record.arguments)
                end["duration_s"] = end.pop("t_s")
    except DamagedInputError:
        end["complete"] = False
    metrics.conclude(coach.finish(end["duration_s"]))
    return metrics, end
