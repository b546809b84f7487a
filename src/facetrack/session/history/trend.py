"""Follows how a routine's steps went over past sessions."""

from collections import defaultdict
from collections.abc import Mapping
from statistics import mean
from typing import Any, Final

from facetrack.session.history.database import HistoryDatabase

RECENT: Final = 5
"""What is usual is the mean of this many last sessions: enough to even out a day, few enough to follow progress."""


def step_scores(store: HistoryDatabase, session: Mapping[str, Any]) -> dict[str, list[float]]:
    """Return the scores of each step in sessions of the same routine before this one, oldest first, without unscored ones."""
    scores: dict[str, list[float]] = defaultdict(list)
    for row in store.step_history(session["routine"], session["started_at"]):
        if row["score"] is not None:
            scores[row["step"]].append(row["score"])
    return dict(scores)


def usual_scores(store: HistoryDatabase, session: Mapping[str, Any]) -> dict[str, float]:
    """Return the mean score of each step over the last RECENT sessions before this one."""
    return {step: mean(scores[-RECENT:]) for step, scores in step_scores(store, session).items()}
