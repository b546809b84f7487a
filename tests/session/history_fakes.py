"""Sessions in a history of the test's own."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from facetrack.session import SessionRecorder, add_to_history, sessions_dir
from facetrack.session.history.database import HistoryDatabase
from facetrack.session.journal.header import SessionIdentity
from tests.session.session_fakes import FPS, FakeCoach, identity, moving_hands, routine


def session_identity(started: datetime, tail: str = "7f3a", per_week: int | None = 2, **labels: str) -> SessionIdentity:
    made = replace(routine(), start_per_week=per_week, schedule_say="Begin with twice a week.")
    return identity(id=f"{started:%Y%m%d-%H%M%S}-{tail}", started_at=started, labels=labels, routine=made)


def record(made: SessionIdentity, folder: Path | None = None, seconds: float = 6.0, seed: int = 0) -> Path:
    """Record a session to its end; its folder, by default among those of the history."""
    folder = folder or sessions_dir() / made.id
    recorder = SessionRecorder(made, folder)
    coach = FakeCoach(made.routine)
    for seen in moving_hands(seconds, seed):
        recorder.take(seen, coach.update(seen))
    recorder.finish(seconds - 1 / FPS, complete=True, last=coach.finish(seconds))
    return folder


def fill(first: datetime, count: int, store: HistoryDatabase | None = None, **labels: str) -> list[str]:
    """That many sessions in the history, a day apart; their ids, oldest first."""
    ids = []
    for n in range(count):
        made = session_identity(first + timedelta(days=n), tail=f"{0xA000 + n:x}", **labels)
        add_to_history(record(made, seconds=3.5, seed=n), store)
        ids.append(made.id)
    return ids
