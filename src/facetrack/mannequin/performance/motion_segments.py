"""Single movements of one hand, sampled at RATE_HZ on the left side of the face map: strokes, returns, spirals, holds."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from facetrack.mannequin.body.skin_path import SkinPath
from facetrack.packets import Float

RATE_HZ: Final = 240
"""Samples a second."""
SegmentKind = Literal["along", "against", "across", "return", "hold", "rest"]
"""Kinds of movements. along, against and across: strokes; return: lifted; rest: waiting."""
_RAMP: Final = 0.36  # share of a stroke's time that it speeds up, and slows down
_LIFT_OFF: Final = 0.22  # share of a return before the hand has cleared the skin, and after it comes down
_WOBBLE_S: Final = 0.7  # slowest wavering of a hand
_SPIRAL_RAMP_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class MotionSegment:
    """One movement."""

    kind: SegmentKind
    chart_mm: Float  # (N, 2) working point on the left side of the face map
    lift_mm: Float  # (N,) distance from the skin
    length_mm: float  # length along the skin
    turns: float = 0.0  # number of turns of a spiral

    @property
    def samples(self) -> int:
        return len(self.lift_mm)

    @property
    def seconds(self) -> float:
        return self.samples / RATE_HZ


def _times(seconds: float) -> Float:
    """Return the shares (0, 1] of a movement's time; the previous movement ended at 0."""
    count = max(2, round(seconds * RATE_HZ))
    return np.arange(1, count + 1) / count


def _bell(share: Float, ramp: float = _RAMP) -> Float:
    """Return the distance covered at a share of the time: speed rises and falls as a raised cosine over ``ramp`` of the time
    each."""
    t = np.minimum(share, 1 - share)
    peak = 1 / (1 - ramp)
    rising = peak / 2 * (t - ramp / np.pi * np.sin(np.pi * t / ramp))
    half = np.where(t < ramp, rising, peak * (t - ramp / 2))
    way: Float = np.where(share <= 0.5, half, 1 - half)
    return way


def peak_over_mean() -> float:
    """Return the peak of a stroke's speed over its mean."""
    return 1 / (1 - _RAMP)


def wobble(rng: np.random.Generator, samples: int, size_mm: float) -> Float:
    """Make (samples,) smooth wavering of about ``size_mm`` s.d., zero at both ends."""
    knots = max(3, round(samples / RATE_HZ / _WOBBLE_S) + 2)
    values = np.concatenate([[0.0], rng.normal(0.0, size_mm, knots - 2), [0.0]])
    place = np.linspace(0, knots - 1, samples)
    low = np.minimum(place.astype(int), knots - 2)
    f = place - low
    f = f * f * (3 - 2 * f)
    waver: Float = values[low] * (1 - f) + values[low + 1] * f
    return waver


def stroke(
    path: SkinPath, start_mm: float, end_mm: float, speed_mm_s: float, waver: Float | None = None, kind: SegmentKind = "along"
) -> MotionSegment:
    """Stroke from start to end (either way) in contact, at a mean speed along the skin. waver: sideways mm, resampled to
    fit."""
    length = abs(end_mm - start_mm)
    share = _times(length / speed_mm_s)
    along = start_mm + (end_mm - start_mm) * _bell(share)
    chart = path.at(along)
    if waver is not None:
        sideways = np.interp(share, np.linspace(0, 1, len(waver)), waver)
        chart = chart + path.across(along) * sideways[:, None]
    return MotionSegment(kind, chart, np.zeros(len(share)), length)


def lifted(
    path: SkinPath, start_mm: float, end_mm: float, seconds: float, lift_mm: float, aside_mm: float = 0.0
) -> MotionSegment:
    """Move back (or on) along a path, or ``aside_mm`` to the left of it, with the hand off the skin."""
    share = _times(seconds)
    moving = np.clip((share - 0.6 * _LIFT_OFF) / (1 - 1.2 * _LIFT_OFF), 0, 1)
    along = start_mm + (end_mm - start_mm) * _bell(moving, 0.5)
    chart = path.at(along)
    if aside_mm:
        chart = chart + path.across(along) * (aside_mm * _plateau(share))[:, None]
    return MotionSegment("return", chart, lift_mm * _plateau(share), abs(end_mm - start_mm))


def transfer(start: Float, end: Float, seconds: float, lift_mm: float) -> MotionSegment:
    """Move lifted and straight across the face map."""
    share = _times(seconds)
    moving = np.clip((share - 0.6 * _LIFT_OFF) / (1 - 1.2 * _LIFT_OFF), 0, 1)
    chart = start + (end - start) * _bell(moving, 0.5)[:, None]
    return MotionSegment("return", chart, lift_mm * _plateau(share), float(np.linalg.norm(end - start)))


def _plateau(share: Float) -> Float:
    t = np.clip(np.minimum(share, 1 - share) / _LIFT_OFF, 0, 1)
    return t * t * (3 - 2 * t)


def stay(
    place: Float, seconds: float, waver: Float | None = None, kind: SegmentKind = "rest", lift_mm: float = 0.0
) -> MotionSegment:
    """Stay still on the skin (or, with ``lift_mm``, hover over it). waver: (M, 2) mm of trembling."""
    share = _times(seconds)
    chart = np.repeat(place[None], len(share), axis=0)
    if waver is not None:
        old = np.linspace(0, 1, len(waver))
        chart = chart + np.stack([np.interp(share, old, waver[:, k]) for k in (0, 1)], axis=-1)
    return MotionSegment(kind, chart, lift_mm * _plateau(share), 0.0)


def spiral(
    path: SkinPath, start_mm: float, end_mm: float, radius_mm: float, turns_s: float, turns: int, kind: SegmentKind = "along"
) -> MotionSegment:
    """Make loops that drift along the path, in contact; they begin and end on the path and turn counter-clockwise on the left
    side."""
    seconds = turns / turns_s + _SPIRAL_RAMP_S
    share = _times(seconds)
    ramp = min(0.3, _SPIRAL_RAMP_S / seconds)
    angle = 2 * np.pi * turns * _bell(share, ramp)
    along = start_mm + (end_mm - start_mm) * _bell(share, ramp)
    grow = np.clip(np.minimum(share, 1 - share) * turns * 2, 0, 1)
    size = radius_mm * grow * grow * (3 - 2 * grow)
    loop = np.stack([np.sin(angle), -np.cos(angle)], axis=-1) * size[:, None]
    return MotionSegment(kind, path.at(along) + loop, np.zeros(len(share)), abs(end_mm - start_mm), float(turns))
