"""Matches two lists of events one to one, by their onsets."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from facetrack.study.libraries import library

TOLERANCE_S: Final = 2.0
"""Two events are the same mistake only if their onsets lie within this time."""
_IMPOSSIBLE: Final = 1e6
"""A cost so high that any number of possible matches is cheaper."""


def match_onsets(first_s: Sequence[float], second_s: Sequence[float]) -> list[tuple[int, int]]:
    """Return pairs of places, as many as can be within TOLERANCE_S, and of those the pairs whose onsets are closest in sum."""
    if not first_s or not second_s:
        return []
    apart_s = np.abs(np.subtract.outer(np.asarray(first_s, dtype=np.float64), np.asarray(second_s, dtype=np.float64)))
    cost = np.where(apart_s <= TOLERANCE_S, apart_s, _IMPOSSIBLE)
    rows, columns = library("scipy.optimize").linear_sum_assignment(cost)
    return [(int(i), int(k)) for i, k in zip(rows, columns, strict=True) if cost[i, k] < _IMPOSSIBLE]
