"""Measures how irregular a movement is: approximate entropy, used in research on the care of the face (docs/metrics.md)."""

import math
from typing import Final

import numpy as np

from facetrack.packets import Float

TEMPLATE: Final = 2
"""Pieces of this length m are compared (Pincus 1991)."""
TOLERANCE: Final = 0.2
"""Pieces are alike within r, this share of the series' standard deviation (Pincus 1991)."""
BIN_S: Final = 0.1
"""Means over this long make the figure independent of the camera's frame rate."""
LEAST_BINS: Final = 100
"""The figure needs ten seconds: with m = 2 the estimate needs 100 to 900 values (Pincus 1991)."""
MOST_BINS: Final = 900
"""Longer series are cut into equal parts, whose entropies are averaged: the work grows with the square of the length."""


def approximate_entropy(series: Float) -> float:
    """Return ApEn(2, 0.2 SD) of a series (N,) without NaN, in nats; NaN if it is shorter than LEAST_BINS or does not vary.

    S. M. Pincus, Approximate entropy as a measure of system complexity, PNAS 88 (1991); self-matches count, as there.
    """
    parts = max(1, math.ceil(len(series) / MOST_BINS))
    if len(series) < LEAST_BINS:
        return math.nan
    return float(np.mean([_of_part(part) for part in np.array_split(series, parts)]))


def _of_part(series: Float) -> float:
    spread = float(series.std())
    if not spread > 0:
        return math.nan
    near = np.abs(series[:, None] - series[None, :]) <= TOLERANCE * spread
    return _mean_log_matches(near, TEMPLATE) - _mean_log_matches(near, TEMPLATE + 1)


def _mean_log_matches(near: np.ndarray[tuple[int, int], np.dtype[np.bool_]], length: int) -> float:
    """Return the mean over pieces of the log of the share of pieces of that length that lie within the tolerance all along."""
    count = len(near) - length + 1
    match = near[:count, :count].copy()
    for k in range(1, length):
        match &= near[k : k + count, k : k + count]
    return float(np.log(match.mean(axis=1)).mean())


def binned(values: Float, ends_s: Float) -> Float:
    """Return means of values over bins of BIN_S. ends_s (N,) rising: until when each value holds, in the time that counts."""
    if not len(values):
        return values
    places = np.floor(ends_s / BIN_S).astype(np.intp)
    counts = np.bincount(places)
    sums = np.bincount(places, weights=values)
    kept = counts > 0
    means: Float = sums[kept] / counts[kept]
    return means
