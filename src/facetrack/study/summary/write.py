"""Writes a study's summary as CSV files and a page."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from facetrack.session.own_files import write_results
from facetrack.session.tables import rows_as_csv
from facetrack.study.dataset.tables import PARTICIPANT
from facetrack.study.page import study_page
from facetrack.study.summary.measures import MEASURES, STATUSES
from facetrack.study.summary.summarise import StudySummary

PAGE_NAME: Final = "summary.html"
MOST_ROWS: Final = 500
"""The page lists at most this many sessions; the CSV files have all."""


def write_summary(out: Path, summary: StudySummary) -> list[Path]:
    """Write a CSV file for each table, and summary.html, into out, and return them. Raises as ``write_results``."""
    contents = {f"{name}.csv": _csv(frame) for name, frame in summary.tables.items()}
    contents[PAGE_NAME] = _page(summary).encode()
    return write_results(out, contents)


def _csv(frame: Any) -> bytes:
    names, rows = _table(frame)
    return rows_as_csv(names, [dict(zip(names, row, strict=True)) for row in rows])


def _page(summary: StudySummary) -> str:
    sessions = summary.sessions
    people = sessions[PARTICIPANT].nunique()
    notes = [
        f"{len(sessions)} sessions of {people} participants. Each participant counts once in the figures of a condition.",
        "Done, partial, skipped and stopped steps and those that could not be seen are counted apart; a figure that could not"
        " be had is a dash, never 0.",
        *(f"{name}: {meaning}." for name, meaning in MEASURES.items()),
    ]
    by_person = [PARTICIPANT, "condition", "sessions", *(f"steps_{one}" for one in STATUSES), "score_mean", "score_sd",
                 "score_change", "withheld_mean", "balance_mean", "corrections_min_mean"]  # fmt: skip
    by_session = [PARTICIPANT, "condition", "session", "session_id", "routine", "score", "withheld", "balance",
                  "corrections_min"]  # fmt: skip
    return study_page(
        "Study summary",
        notes,
        {
            "By condition": _table(summary.conditions),
            "Agreement between sessions of the same participant (ICC)": _table(summary.reliability),
            "By participant": _table(summary.participants, by_person),
            "Sessions": _table(sessions.head(MOST_ROWS), by_session),
        },
    )


def _table(frame: Any, columns: Sequence[str] | None = None) -> tuple[list[str], list[list[Any]]]:
    chosen = frame[list(columns)] if columns else frame
    return list(chosen.columns), chosen.astype(object).where(chosen.notna(), None).to_numpy().tolist()
