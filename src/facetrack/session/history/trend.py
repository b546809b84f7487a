"""Follows how a routine's steps went over past sessions."""

from collections import defaultdict
from collections.abc import Mapping
from statistics import mean
from typing import Any, Final

from facetrack.session.history.database import HistoryDatabase
from facetrack.session.tables import Row

PERSON: Final = "participant"
"""The label that names the person."""
RECENT: Final = 5
"""What is usual is the mean of this many last sessions: enough to even out a day, few enough to follow progress."""


def sessions_of(store: HistoryDatabase, session: Mapping[str, Any]) -> list[Row]:
    """Return the sessions of a session's routine and person, newest first.

    The label ``participant`` names the person; sessions without it are the user's own.
    """
    person = session["labels"].get(PERSON)
    return [one for one in store.sessions(session["routine"]) if one["labels"].get(PERSON) == person]


def step_scores(store: HistoryDatabase, session: Mapping[str, Any]) -> dict[str, list[float]]:
    """Return the scores of each step in sessions of the same routine and person before this one, oldest first, without unscored
    ones."""
    scores: dict[str, list[float]] = defaultdict(list)
    own = {one["session_id"] for one in sessions_of(store, session)}
    for row in store.step_history(session["routine"], session["started_at"]):
        if row["score"] is not None and row["session_id"] in own:
            scores[row["step"]].append(row["score"])
    return dict(scores)


def usual_scores(store: HistoryDatabase, session: Mapping[str, Any]) -> dict[str, float]:
    """Return the mean score of each step over the last RECENT sessions before this one."""
    return {step: mean(scores[-RECENT:]) for step, scores in step_scores(store, session).items()}
