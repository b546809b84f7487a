"""Confidence intervals without scipy. 95 % throughout."""

import math
from typing import Final

Z: Final = 1.959964
"""Two-sided 95 % quantile of the normal distribution."""
_TAIL: Final = 0.025


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Interval of a share (Wilson 1927). (NaN, NaN) without trials."""
    if trials == 0:
        return math.nan, math.nan
    share, z2 = hits / trials, Z * Z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def poisson(count: int, exposure: float) -> tuple[float, float]:
    """Exact interval of a rate, count / exposure (Garwood 1936). (NaN, NaN) without exposure."""
    if not exposure > 0:
        return math.nan, math.nan
    low = 0.0 if count == 0 else _solve(lambda mean: _at_most(count - 1, mean), 1 - _TAIL, count)
    return low / exposure, _solve(lambda mean: _at_most(count, mean), _TAIL, count) / exposure


def _at_most(count: int, mean: float) -> float:
    """P(Poisson(mean) <= count)."""
    return math.fsum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))


def _solve(falling, goal: float, count: int) -> float:  # type: ignore[no-untyped-def]
    """Where a falling function of the mean takes a value; bisection."""
    low, high = 1e-9, 4.0 * count + 20.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if falling(middle) > goal else (low, middle)
    return 0.5 * (low + high)
