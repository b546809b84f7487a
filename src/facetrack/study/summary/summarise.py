"""Sums up the sessions of a dataset by participant and condition, with intervals by participant."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facetrack.study.confidence import student_reach
from facetrack.study.dataset.tables import PARTICIPANT
from facetrack.study.libraries import library
from facetrack.study.summary.measures import KEYS, MEASURES, STATUSES, session_measures
from facetrack.study.summary.reliability import intraclass_correlation


@dataclass(frozen=True, slots=True)
class StudySummary:
    """Holds the tables of a summary as pandas frames.

    sessions: a row for each session. participants: for each participant and condition the number of sessions and steps, and of
    each measure mean, standard deviation and change from session to session. conditions: for each condition and measure the
    mean over participants, with its interval. reliability: for each condition and measure the agreement between sessions.
    """

    sessions: Any
    participants: Any
    conditions: Any
    reliability: Any

    @property
    def tables(self) -> dict[str, Any]:
        """Return the tables by name."""
        return {name: getattr(self, name) for name in ("sessions", "participants", "conditions", "reliability")}


def summarise(folder: Path) -> StudySummary:
    """Sum up the dataset in folder. Raises FacetrackError where it can't be read or a library is missing."""
    sessions = session_measures(folder)
    return StudySummary(sessions, _participants(sessions), _conditions(sessions), _reliability(sessions))


def _participants(sessions: Any) -> Any:
    grouped = sessions.groupby(KEYS, sort=True)
    measures = list(MEASURES)
    made = grouped.size().rename("sessions").to_frame()
    made = made.join(grouped[[f"steps_{status}" for status in STATUSES]].sum())
    for name, frame in (("mean", grouped[measures].mean()), ("sd", grouped[measures].std()), ("change", _changes(sessions))):
        made = made.join(frame.add_suffix(f"_{name}"))
    return made.reset_index()


def _changes(sessions: Any) -> Any:
    """Return the slope of each measure over a participant's sessions in a condition: change from one session to the next."""
    slopes = {}
    for name in MEASURES:
        known = sessions[sessions[name].notna()]
        mean = known.groupby(KEYS)[["session", name]].transform("mean")
        x, y = known["session"] - mean["session"], known[name] - mean[name]
        sums = known[KEYS].assign(xy=x * y, xx=x * x).groupby(KEYS)[["xy", "xx"]].sum()
        slopes[name] = sums["xy"] / sums["xx"].where(sums["xx"] > 0)
    return library("pandas").DataFrame(slopes)


def _conditions(sessions: Any) -> Any:
    """Return means over participants, each counting once, with Student's interval."""
    means = sessions.groupby(KEYS)[list(MEASURES)].mean().reset_index(level=PARTICIPANT, drop=True)
    grouped = means.groupby(level="condition")
    stats = {"participants": grouped.count(), "mean": grouped.mean(), "sd": grouped.std()}
    made = library("pandas").concat({name: frame.stack() for name, frame in stats.items()}, axis=1)
    made.index.names = ["condition", "measure"]
    count = made["participants"].where(made["participants"] > 1)
    reach = student_reach(made["sd"] / count**0.5, count)
    return made.assign(low=made["mean"] - reach, high=made["mean"] + reach).reset_index()


def _reliability(sessions: Any) -> Any:
    rows = []
    for condition, some in sessions.groupby("condition"):
        for name in MEASURES:
            found = intraclass_correlation(some[PARTICIPANT], some[name])
            figures = {"icc": found.icc, "low": found.low, "high": found.high}
            counts = {"participants": found.participants, "sessions": found.sessions}
            rows.append({"condition": condition, "measure": name, **figures, **counts})
    return library("pandas").DataFrame(rows)
