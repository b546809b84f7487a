"""A step's score: how closely the visible movements followed the routine. docs/metrics.md has the formula in words."""

import math
from collections.abc import Mapping
from typing import Final

WEIGHTS: Final[Mapping[str, float]] = {"zone": 0.30, "direction": 0.25, "pace": 0.15, "balance": 0.15, "repetitions": 0.15}
"""Where and which way matter most: they are what a routine is. Our own choice, not from literature."""
FULL_BALANCE: Final = 0.8
"""Hands that travel within a fifth of each other count as even: tracking and faces differ by about as much."""
LEAST_OBSERVED_S: Final = 2.0
"""Less seen than this makes no score; it is the time over which most corrections gather their evidence."""


def score(parts: Mapping[str, float], observed_s: float) -> float:
    """0..100, the weighted mean of the parts (each 0..1; NaN: not judged or not seen, left out with its weight).

    NaN where less than LEAST_OBSERVED_S was observed or no part but the repetitions could be had.
    """
    known = {name: part for name, part in parts.items() if not math.isnan(part)}
    if observed_s < LEAST_OBSERVED_S or not known.keys() - {"repetitions"}:
        return math.nan
    weight = sum(WEIGHTS[name] for name in known)
    return 100.0 * sum(WEIGHTS[name] * part for name, part in known.items()) / weight


def balance_part(balance: float) -> float:
    """Full from FULL_BALANCE up, in proportion below. NaN stays NaN."""
    return min(1.0, balance / FULL_BALANCE)
