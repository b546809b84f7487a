"""Works out a step's score: how closely the visible movements followed the routine. The formula is in docs/metrics.md."""

import math
from collections.abc import Mapping
from typing import Final

from facetrack.coach.thresholds import Thresholds

WEIGHTS: Final[Mapping[str, float]] = {"zone": 0.30, "direction": 0.25, "pace": 0.15, "balance": 0.15, "repetitions": 0.15}
"""Where and which way matter most: they are what a routine is. Our own choice, not from literature."""
FULL_BALANCE: Final = 0.8
"""Hands that travel within a fifth of each other count as even: tracking and faces differ by about as much."""
OFF_PATH_COSINE: Final = math.cos(math.radians(Thresholds().off_path_deg))
"""The cosine of the angle from which on a stroke is a wrong one."""
SHARE_COUNTED: Final = 2.0
"""A share of time that is wrong counts this many times: who is in the wrong place for half of a step has not done it."""
LEAST_PART: Final = 0.05
"""One part that failed wholly does not wipe out all the others."""
LEAST_OBSERVED_S: Final = 2.0
"""Less seen than this makes no score; it is the time over which most corrections gather their evidence."""


def score(parts: Mapping[str, float], observed_s: float) -> float:
    """Return 0..100, the weighted geometric mean of the parts (0..1; NaN, not judged or not seen, is left out with its weight).

    Geometric, because a stroke in the wrong place is not made good by its pace. NaN where less than LEAST_OBSERVED_S was
    observed or no part but the repetitions could be had.
    """
    known = {name: part for name, part in parts.items() if not math.isnan(part)}
    if observed_s < LEAST_OBSERVED_S or not known.keys() - {"repetitions"}:
        return math.nan
    weight = sum(WEIGHTS[name] for name in known)
    logs = sum(WEIGHTS[name] * math.log(max(part, LEAST_PART)) for name, part in known.items())
    return 100.0 * math.exp(logs / weight)


def direction_part(direction_score: float) -> float:
    """Return from 0 at a mean cosine of OFF_PATH_COSINE or less, in proportion, to 1. NaN stays NaN."""
    return (
        max(0.0, direction_score - OFF_PATH_COSINE) / (1.0 - OFF_PATH_COSINE)
        if direction_score == direction_score
        else math.nan
    )


def share_part(right_share: float) -> float:
    """Return 1 where all of the time was right, 0 where half of it or more was wrong. NaN stays NaN."""
    return max(0.0, 1.0 - SHARE_COUNTED * (1.0 - right_share)) if right_share == right_share else math.nan


def balance_part(balance: float) -> float:
    """Return 1 from FULL_BALANCE up, in proportion below. NaN stays NaN."""
    return min(1.0, balance / FULL_BALANCE)
