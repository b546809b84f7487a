"""How well the points lie on the face, frame by frame: fingertips, and zones with a hand over the jaw."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.accuracy.projection import Projected
from facetrack.geometry import FaceFit
from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import Float, Observation
from facetrack.routine.compiled import CompiledStep

_EVERY: Final = 5
"""Zones' places are looked at in every so-many-th frame."""
JAW: Final = (172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 205, 425, 50, 280)
"""Mesh landmarks along the jawline and on the cheeks: places that zones there consist of."""
_NEAR_MM: Final = 22.0


@dataclass(frozen=True, slots=True)
class MapErrors:
    """tip_mm: errors of the working point in contact, in steps done with the fingertips; tracker and geometry together, in
    chart mm. yaw_deg: the head's then. zone_mm, raw_mm: movement of places on jaw and cheeks (as the geometry has them, as
    the raw mesh has them) while a hand is over them."""

    tip_mm: Float
    yaw_deg: Float
    zone_mm: Float
    raw_mm: Float


def map_errors(
    step: CompiledStep, observations: list[Observation], exact: Projected, points_mm: Float, fits: list[FaceFit | None]
) -> MapErrors:
    """points_mm: (N, 2, 7, 2) as mapped."""
    truth = exact.hands
    error = np.linalg.norm(points_mm[:, :, step.working].mean(axis=2) - truth.working_mm, axis=-1)
    yaw = np.broadcast_to(np.rad2deg(exact.poses.angles_rad[:, :1]), error.shape)
    known = truth.contact & ~np.isnan(error) & (step.contact == "fingertips")
    return MapErrors(error[known], yaw[known], *_zone_movement(observations, exact, fits))


def _zone_movement(observations: list[Observation], exact: Projected, fits: list[FaceFit | None]) -> tuple[Float, Float]:
    """Movement against the truth, since the mean of the frames with no hand near; of places with a hand near, mm."""
    chart = canonical_face().points_mm[list(JAW), :2]
    seen, drawn, raw, scale = [], [], [], []
    for k in range(0, len(observations), _EVERY):
        fit = fits[k]
        if fit is None or not observations[k].face_seen:
            continue
        where = exact.face_px[k, list(JAW), :2]
        seen.append(_near(exact, k, where))
        drawn.append(fit.image_from_chart(chart) - where)
        raw.append(observations[k].face_px[list(JAW), :2] - where)
        scale.append(exact.mm_per_px[k])
    covered = np.array(seen)
    free = ~covered.any(axis=1) if len(covered) else np.zeros(0, dtype=np.bool_)
    if free.sum() < 3:
        return np.zeros(0), np.zeros(0)
    moved = []
    for places in (np.array(drawn), np.array(raw)):
        away = np.linalg.norm(places - places[free].mean(axis=0), axis=-1) * np.array(scale)[:, None]
        moved.append(away[covered])
    return moved[0], moved[1]


def _near(exact: Projected, k: int, where: Float) -> Float:
    """(P,) whether a joint of a hand lies over each place."""
    joints = exact.hands_px[k, :, :, :2].reshape(-1, 2)
    joints = joints[~np.isnan(joints[:, 0])]
    if not len(joints):
        return np.zeros(len(where), dtype=np.bool_)
    away = np.linalg.norm(where[:, None] - joints, axis=-1).min(axis=1)
    near: Float = away * exact.mm_per_px[k] < _NEAR_MM
    return near
