"""Reads what a report is made of: a session's folder, and the sessions before it in the history."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from facetrack.errors import FacetrackError
from facetrack.report.stroke_lines import StrokeLine, stroke_lines
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session.document import SessionDocument
from facetrack.session.folder import JOURNAL_NAME, read_document
from facetrack.session.history.database import HistoryDatabase, history_path
from facetrack.session.history.history import read_strokes, read_touched, schedule_hint
from facetrack.session.history.trend import sessions_of, step_scores, usual_scores
from facetrack.session.tables import Row

Cell = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PastScore:
    """Holds the score of one session. withheld: 0..1, or None."""

    started_at: str
    score: float
    withheld: float | None


@dataclass(frozen=True, slots=True)
class Past:
    """Holds the sessions of the same routine and person before this one.

    scores: oldest first, this one last; none where this one has no score. steps: each step's scores; usual: its mean over the
    last few. hint: how often to massage, or None.
    """

    scores: tuple[PastScore, ...]
    steps: Mapping[str, list[float]]
    usual: Mapping[str, float]
    hint: str | None


NO_PAST = Past((), {}, {}, None)


@dataclass(frozen=True, slots=True)
class ReportData:
    """Holds all that a report shows.

    routine: None where the journal is gone. touched: (x mm, y mm, s) of the cells of each step, by its place. lines: by place.
    """

    document: SessionDocument
    routine: CompiledRoutine | None
    strokes: list[Row]
    touched: Mapping[int, list[Cell]]
    lines: Mapping[int, list[StrokeLine]]
    past: Past

    def title(self, step_id: str) -> str:
        """Return the step's title, or its id where the routine is not known."""
        steps = self.routine.steps if self.routine is not None else ()
        return next((step.title for step in steps if step.id == step_id), step_id)

    @property
    def routine_title(self) -> str:
        return self.routine.title if self.routine is not None else self.document.routine.id


def read_report_data(folder: Path) -> ReportData:
    """Read what a session's folder holds.

    Raises SessionFileError or DamagedInputError where session.json can't be read; the other files may be missing.
    """
    document = read_document(folder)
    routine = _routine(folder)
    strokes = read_strokes(folder)
    touched: dict[int, list[Cell]] = defaultdict(list)
    for row in read_touched(folder):
        touched[row["step_place"]].append((row["x_mm"], row["y_mm"], row["seconds"]))
    lines = stroke_lines(folder / JOURNAL_NAME, strokes, routine)
    return ReportData(document, routine, strokes, touched, lines, _past(document))


def _routine(folder: Path) -> CompiledRoutine | None:
    from facetrack.session.journal.reader import read_identity

    try:
        return read_identity(folder / JOURNAL_NAME).routine
    except FacetrackError:
        return None


def _past(document: SessionDocument) -> Past:
    """Only a session that is in the history has a past: a demonstration or a single video has none."""
    if not history_path().exists():
        return NO_PAST
    with HistoryDatabase() as store:
        try:
            this = store.session(document.id)
        except KeyError:
            return NO_PAST
        sessions = [one for one in sessions_of(store, this) if one["started_at"] <= this["started_at"]]
        newest = store.sessions(limit=1)[0]["session_id"] == this["session_id"]
        hint = schedule_hint(store) if newest else None
        scores = [
            PastScore(one["started_at"], float(one["score"]), one["withheld"])
            for one in reversed(sessions)
            if one["score"] is not None and this["score"] is not None
        ]
        return Past(tuple(scores), step_scores(store, this), usual_scores(store, this), hint)
