"""Applies the filters of this package to whole tracks at once, with the same results as step by step.

A track is what K points of a hand did: times t_s (N,), strictly rising, and points (2, K, N), x and y first and time last,
because that is fastest. All points are known (no NaN: leave out missing samples). fresh: (N,) bool, where the track begins
again (True at 0).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Bool, Float
from facetrack.signal.one_euro import DERIVATIVE_HZ

_BLOCK: Final = 8
"""Samples in a block."""
_CHUNK: Final = 32_768
"""Samples that are processed at a time, so that what they need stays in the processor's cache."""


def linear_recurrence(keep: Float, add: Float, before: Float) -> Float:
    """Solve y[i] = keep[i] * y[i - 1] + add[i] for a track of blocks: y[i, ..., b] is sample b * L + i, and y[-1, ..., 0] =
    before.

    keep: (L, ..., B) that broadcasts to add (L, 2, K, B), before: (2, K). Both arrays are overwritten. The blocks are stepped
        through side by side; what they pass on to each other is the same recurrence over their ends (Blelloch 1990).
    """
    passed = np.empty_like(add[0])
    for i in range(1, len(add)):
        np.multiply(keep[i], add[i - 1], out=passed)
        add[i] += passed
        keep[i] *= keep[i - 1]
    carried = np.empty_like(passed)
    carried[..., 0] = before
    if carried.shape[-1] > 1:
        ends = in_blocks(keep[-1, ..., :-1]), in_blocks(add[-1, ..., :-1])
        carried[..., 1:] = from_blocks(linear_recurrence(*ends, before), carried.shape[-1] - 1)
    for i in range(len(add)):
        np.multiply(keep[i], carried, out=passed)
        add[i] += passed
    return add


def in_blocks(values: Float) -> Float:
    """Copy (..., N) into blocks (L, ..., B), with zeros after the end."""
    n = values.shape[-1]
    length = min(n, _BLOCK)
    blocks = -(-n // length)
    padded = values
    if n < blocks * length:
        padded = np.zeros((*values.shape[:-1], blocks * length))
        padded[..., :n] = values
    return np.moveaxis(padded.reshape(*values.shape[:-1], blocks, length), -1, 0).copy()


def from_blocks(values: Float, n: int) -> Float:
    """Join blocks (L, ..., B) to (..., n)."""
    length, *middle, blocks = values.shape
    whole: Float = np.moveaxis(values, 0, -1).reshape(*middle, blocks * length)[..., :n]
    return whole


def one_euro_track(t_s: Float, points: Float, fresh: Bool, rest_hz: float, per_mm_s: float) -> Float:
    """Filter each point as ``OneEuro`` does; returns (2, K, N). rest_hz, per_mm_s: as there."""
    out = np.zeros_like(points)  # what is before the first sample has weight 0, which only a finite number survives
    dt = np.diff(t_s, prepend=t_s[:1] - 1.0)
    r = 2.0 * np.pi * DERIVATIVE_HZ * dt
    keep = np.where(fresh, 0.0, 1.0 / (1.0 + r))
    gain = np.where(fresh, 0.0, r / (1.0 + r) / dt)
    turn = np.where(fresh, np.inf, 2.0 * np.pi * dt)  # the first sample is taken as it is
    last_velocity = np.zeros(points.shape[:2])
    for start in range(0, len(t_s), _CHUNK):
        now = slice(start, start + _CHUNK)
        size, before = len(t_s[now]), max(start - 1, 0)
        step = np.diff(points[..., now], prepend=points[..., before, None])
        step *= gain[now]
        velocity = linear_recurrence(in_blocks(keep[now])[:, None, None], in_blocks(step), last_velocity)
        last_velocity = velocity[(size - 1) % len(velocity), ..., (size - 1) // len(velocity)].copy()
        velocity *= velocity
        old = np.sqrt(velocity[:, 0] + velocity[:, 1])
        old *= per_mm_s
        old += rest_hz
        old *= in_blocks(turn[now])[:, None]
        old += 1.0
        np.divide(1.0, old, out=old)  # weight of the old: 1 / (1 + r)
        new = in_blocks(points[..., now])
        new *= (1.0 - old)[:, None]
        out[..., now] = from_blocks(linear_recurrence(old[:, None], new, out[..., before]), size)
    return out


def slope_track(t_s: Float, points: Float, fresh: Bool, window_s: float) -> Float:
    """Return velocities (2, K, N) as ``VelocityEstimator`` gives them, units a second; 0 where a track begins."""
    n = len(t_s)
    own = np.arange(n)
    begun = np.maximum.accumulate(np.where(fresh, own, 0))
    first = np.minimum(np.searchsorted(t_s, t_s - window_s - 1e-9), own - 1)  # two samples at least
    count = own - np.maximum(first, begun) + 1
    velocity = np.empty_like(points)
    for start in range(0, n, _CHUNK):
        end = min(start + _CHUNK, n)
        weight = _slope_weights(t_s, count, start, end)
        np.multiply(weight[0], points[..., start:end], out=velocity[..., start:end])
        for lag in range(1, len(weight)):
            begin = max(start, lag)
            velocity[..., begin:end] += weight[lag, begin - start :] * points[..., begin - lag : end - lag]
    return velocity


def _slope_weights(t_s: Float, count: NDArray[np.intp], start: int, end: int) -> Float:
    """Return (lags, end - start) factors of the samples that precede each sample by a lag: their time from the window's mean,
    over the sum of its squares. count: (N,) samples in each window."""
    own = count[start:end]
    lags = int(own.max())
    since = np.zeros((lags, end - start))
    for lag in range(1, lags):
        begin = max(start, lag)
        np.subtract(t_s[begin - lag : end - lag], t_s[begin:end], out=since[lag, begin - start :])
    within = np.arange(lags)[:, None] < own
    since *= within
    since -= within * (since.sum(axis=0) / own)
    spread = np.einsum("ln,ln->n", since, since)
    since /= np.where(spread > 0.0, spread, 1.0)
    return since
