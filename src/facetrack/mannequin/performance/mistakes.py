"""Mistakes that the mannequin can make on demand, each of one kind only: everything else stays right while it lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from facetrack.coach.verdict import Side
from facetrack.packets import Bool, Float
from facetrack.routine.compiled import CompiledStep, Kind

Variant = Literal["against", "slide-back", "across", "beside", "rushed", "idle", "short"]
"""Ways of making a mistake."""
VARIANTS: Final[dict[Kind, tuple[Variant, ...]]] = {
    "direction": ("against", "slide-back", "across"),
    "zone": ("beside",),
    "pace": ("rushed",),
    "symmetry": ("idle", "short"),
}
"""The variants of each kind that the mannequin can do wrongly."""
BESIDE_MARGIN_MM: Final = 10.0
"""How much farther than the tolerance a misplaced working point lies outside the zone."""
RUSH: Final = 2.4
"""Speed of a rushed movement, as a multiple of the step's limit."""
SHORT_SHARE: Final = 0.38
"""Length of a short stroke, as a share of the path."""
MIN_ACROSS_MM: Final = 14.0
"""Length of the shortest stroke across, because strokes are judged from 10 mm on."""
_MAX_ACROSS_MM: Final = 28.0
_BODY_BOX: Final = (3.0, -215.0, 72.0, 74.0)  # chart mm of skin in front, left side: left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Mistake:
    """An order to make a mistake. It begins with the first repetition that starts after ``t_start_s`` and lasts until one
    starts after ``t_end_s``; ``Performance.mistakes`` says when it really was."""

    kind: Kind
    side: Side
    t_start_s: float
    t_end_s: float
    variant: Variant | None = None  # None: the first of the kind's variants that the step permits

    def concerns(self, side: str) -> bool:
        return self.side in ("both", side)


@dataclass(frozen=True, slots=True)
class MistakeWindow:
    """A mistake as it was made: from the first wrong movement to the end of the last."""

    kind: Kind
    side: Side
    variant: Variant
    step: int
    t_start_s: float
    t_end_s: float


def possible_variants(step: CompiledStep, kind: Kind) -> tuple[Variant, ...]:
    """List the variants of a kind in which a step can be done wrongly; empty if there is none."""
    motions = {phase.motion for phase in step.asked}
    if kind == "zone":
        return VARIANTS[kind] if step.zone and displaced_path(step, step.asked[0].path_mm) is not None else ()
    if kind == "pace":
        return VARIANTS[kind] if motions - {"hold"} else ()
    if kind == "direction":
        if "stroke" in motions:
            return tuple(v for v in VARIANTS[kind] if v != "across" or _room_across(step) >= MIN_ACROSS_MM)
        return ("against",) if "spiral" in motions else ()
    if kind not in VARIANTS or not motions - {"hold"} or step.hands in ("left", "right", "any"):
        return ()
    return VARIANTS[kind] if step.hands == "both" else ("short",)  # compared on totals: order it for a side's whole time


def _room_across(step: CompiledStep) -> float:
    strokes = [phase for phase in step.asked if phase.motion == "stroke"]
    return min(across_length(step, phase.path_mm) for phase in strokes)


def across_length(step: CompiledStep, path_mm: Float) -> float:
    """Return the length of the longest stroke across the middle of a path that stays within the zone's tolerance."""
    middle, normal = middle_and_normal(path_mm)
    if not step.zone:
        return _MAX_ACROSS_MM
    half = np.arange(5.0, _MAX_ACROSS_MM / 2 + 0.1)
    ends = middle + np.stack([half[:, None] * normal, -half[:, None] * normal])
    fits = (outside_mm(ends, step.zone) < step.tolerance_mm - 3.0).all(axis=0)
    return float(2 * half[fits].max()) if fits.any() else 0.0


def middle_and_normal(path_mm: Float) -> tuple[Float, Float]:
    """Return the middle of a polyline, and the unit vector across it there."""
    steps = np.diff(path_mm, axis=0)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(steps, axis=1))])
    k = int(np.clip(np.searchsorted(along, along[-1] / 2) - 1, 0, len(steps) - 1))
    f = (along[-1] / 2 - along[k]) / max(along[k + 1] - along[k], 1e-9)
    ahead = steps[k] / max(float(np.linalg.norm(steps[k])), 1e-9)
    return path_mm[k] + f * steps[k], np.array([-ahead[1], ahead[0]])


def outside_mm(points: Float, polygons: Iterable[Float]) -> Float:
    """Return the distance (...) of points (..., 2) to the nearest of the polygons or their mirror images; 0 inside."""
    best = np.full(points.shape[:-1], np.inf)
    for polygon in polygons:
        for mirror in (np.array([1.0, 1.0]), np.array([-1.0, 1.0])):
            best = np.minimum(best, _outside_one(points, polygon * mirror))
    return best


def _outside_one(points: Float, polygon: Float) -> Float:
    a, b = polygon, np.roll(polygon, -1, axis=0)
    edge = b - a
    rel = points[..., None, :] - a
    t = np.clip((rel * edge).sum(-1) / np.maximum((edge**2).sum(-1), 1e-12), 0, 1)
    distance = np.linalg.norm(rel - t[..., None] * edge, axis=-1).min(axis=-1)
    y = points[..., 1, None]
    crossing = (a[:, 1] > y) != (b[:, 1] > y)
    rise = np.where(edge[:, 1] == 0, 1.0, edge[:, 1])
    inside: Bool = ((points[..., 0, None] < a[:, 0] + (y - a[:, 1]) * edge[:, 0] / rise) & crossing).sum(axis=-1) % 2 == 1
    return np.where(inside, 0.0, distance)


def displaced_path(step: CompiledStep, path_mm: Float) -> Float | None:
    """Move the path (and, if room is short, shrink it) so that all of it lies outside the zone by more than its tolerance and
    BESIDE_MARGIN_MM, on skin that a camera sees. Returns None if there is no such place."""
    wanted = step.tolerance_mm + BESIDE_MARGIN_MM + 2.0
    angles = np.deg2rad(np.arange(0, 360, 15))
    reach = np.arange(10.0, 200.0, 4.0)
    shifts = (reach[:, None, None] * np.stack([np.cos(angles), np.sin(angles)], axis=-1)).reshape(-1, 2)
    dense = _dense(path_mm)
    left, bottom, right, top = _BODY_BOX
    for size in (1.0, 0.7, 0.5, 0.35, 0.2):
        centre = dense.mean(axis=0)
        moved = centre + size * (dense - centre) + shifts[:, None]
        seen = (moved[..., 0] >= left) & (moved[..., 0] <= right) & (moved[..., 1] >= bottom) & (moved[..., 1] <= top)
        possible = np.flatnonzero(seen.all(axis=1))
        outside = possible[(outside_mm(moved[possible], step.zone) >= wanted).all(axis=1)]
        if len(outside):  # shifts are in order of their lengths
            corners: Float = centre + size * (path_mm - centre) + shifts[outside[0]]
            return corners
    return None


def _dense(path_mm: Float) -> Float:
    if len(path_mm) == 1:
        return path_mm
    t = np.linspace(0, len(path_mm) - 1, 8 * (len(path_mm) - 1) + 1)
    k = np.minimum(t.astype(int), len(path_mm) - 2)
    dense: Float = path_mm[k] + (t - k)[:, None] * (path_mm[k + 1] - path_mm[k])
    return dense
