"""Head pose: a robust weak-perspective fit of a 3-D template to those mesh points that no hand covers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Float

OUTLIER_MM: Final = 3.0
"""Residual at which a mesh point counts half: the mesh's own noise is about 1 mm, its jumps under hands 4 and more."""
ROBUST_ROUNDS: Final = 2
_RIDGE: Final = 1e-6
"""Keeps points that lie in a plane solvable; relative to their spread."""


@dataclass(frozen=True, slots=True)
class Pose:
    """``image = scale * rotation[:2] @ head + shift``, in pixels with y UP (the image's y negated).

    rotation: (3, 3) head to camera. scale: pixels a millimetre. shift: (2,) pixels. residual_mm: weighted r.m.s.
    """

    rotation: Float
    scale: float
    shift: Float
    residual_mm: float

    def project(self, head_mm: Float) -> Float:
        """(..., 3) head frame mm -> (..., 2) image pixels (y down)."""
        px = head_mm @ (self.scale * self.rotation[:2].T)
        px += self.shift
        px[..., 1] *= -1.0
        return px

    @property
    def yaw_pitch_roll_rad(self) -> tuple[float, float, float]:
        """Turning to the user's left, up, and tilting towards the user's left shoulder are positive."""
        forward, up = self.rotation[:, 2], self.rotation[:, 1]
        yaw = float(np.arctan2(forward[0], forward[2]))
        pitch = float(np.arcsin(np.clip(forward[1], -1.0, 1.0)))
        return yaw, pitch, float(np.arctan2(up[0], up[1]))


def fit_pose(template_mm: Float, image_px: Float, weight: Float) -> Pose | None:
    """Fit template_mm (P, 3) to image_px (P, 2; y down) under weight (P,) >= 0.

    The affine camera is solved linearly under the weights and brought to the nearest scaled rotation (as POSIT does,
    DeMenthon & Davis 1995); the weights are then cut by w / (1 + (residual / OUTLIER_MM)^2) (Cauchy) and it is solved
    again. None where the weights leave too little to solve (fewer than four points' worth, or all on a line).
    """
    target = image_px * (1.0, -1.0)
    enough = 4.0 * weight.max(initial=0.0)
    w = weight
    for _ in range(ROBUST_ROUNDS + 1):
        total = w.sum()
        if not total > 0 or weight.sum() < enough:
            return None
        mean, target_mean = w @ template_mm / total, w @ target / total
        centred, aimed = template_mm - mean, target - target_mean
        weighted = centred * w[:, None]
        spread = weighted.T @ centred
        spread.flat[::4] += _RIDGE * np.trace(spread)
        camera = np.linalg.solve(spread, weighted.T @ aimed).T
        u, stretch, vt = np.linalg.svd(camera, full_matrices=False)
        scale = float(stretch.mean())
        if not scale > 0:
            return None
        rotation = u @ vt
        error = (centred @ (scale * rotation.T) - aimed) / scale
        residual = np.einsum("pi,pi->p", error, error)
        w = weight / (1.0 + residual / OUTLIER_MM**2)
    shift = target_mean - scale * (rotation @ mean)
    full = np.vstack([rotation, np.cross(rotation[0], rotation[1])])
    return Pose(full, scale, shift, float(np.sqrt(np.dot(weight, residual) / weight.sum())))


def align_shape(points: Float, target: Float, weight: Float) -> tuple[Float, Float]:
    """Rotation (3, 3) and centroid (3,) that turn points (N, 3) onto target (N, 3), weights (N,): Kabsch (1976).

    ``target ~ k * (points - centroid) @ rotation.T`` up to scale k and shift.
    """
    w = weight / weight.sum()
    centroid = w @ points
    u, _, vt = np.linalg.svd((target - w @ target).T @ ((points - centroid) * w[:, None]))
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation: Float = u @ flip @ vt
    return rotation, centroid
