"""Computes how well a figure agrees between sessions of the same participant."""

from dataclasses import dataclass
from typing import Any, Final

from facetrack.study.confidence import UPPER_TAIL
from facetrack.study.libraries import library

_NOTHING: Final = 1e-20
"""Values that vary by less than this share of their square do not vary but for rounding."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """Holds an intraclass correlation with its interval, and what it rests on."""

    icc: float | None
    low: float | None
    high: float | None
    participants: int
    sessions: int


def intraclass_correlation(groups: Any, values: Any) -> Reliability:
    """Return ICC(1): one-way random effects, single measurement, for groups of unequal size.

    groups, values: pandas series of equal index: the participant, and the figure (NaN is left out). Only participants with two
    sessions or more count. The figures are None with fewer than two such participants, or where nothing varies.

    K. O. McGraw and S. P. Wong, Forming inferences about some intraclass correlation coefficients, Psychological Methods 1
    (1996), 30-46; the size of unequal groups as in R. R. Sokal and F. J. Rohlf, Biometry, box 9.4.
    """
    known = values.notna()
    groups, values = groups[known], values[known]
    size = groups.map(groups.value_counts())
    groups, values = groups[size > 1], values[size > 1]
    counts = groups.value_counts()
    n, total = len(counts), len(values)
    if n < 2:
        return Reliability(None, None, None, n, total)
    means = values.groupby(groups).mean()
    between = float((counts * (means - values.mean()) ** 2).sum()) / (n - 1)
    within = float(((values - groups.map(means)) ** 2).sum()) / (total - n)
    typical = (total - float((counts**2).sum()) / total) / (n - 1)
    whole = between + (typical - 1) * within
    if whole <= 0 or values.var() <= _NOTHING * float((values**2).mean()):
        return Reliability(None, None, None, n, total)
    icc = (between - within) / whole
    if within <= 0:
        return Reliability(icc, icc, icc, n, total)
    f = library("scipy.stats").f
    ratio = between / within
    low, high = ratio / f.ppf(UPPER_TAIL, n - 1, total - n), ratio * f.ppf(UPPER_TAIL, total - n, n - 1)
    low, high = (float((one - 1) / (one + typical - 1)) for one in (low, high))
    return Reliability(icc, low, high, n, total)
