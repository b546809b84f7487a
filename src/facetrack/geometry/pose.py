"""Head pose: a robust weak-perspective fit of a 3-D template to those mesh points that no hand covers."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Float

OUTLIER_MM: Final = 3.0
"""Residual at which a mesh point counts half: the mesh's own noise is about 1 mm, its jumps under hands 4 and more."""
ROBUST_ROUNDS: Final = 2
_WORST_OUTLIERS: Final = 2.0
"""Residuals count up to so many times OUTLIER_MM in what is told of the fit."""
_Y_UP: Final = np.array([1.0, -1.0])
_RIDGE: Final = 1e-6
"""Keeps points that lie in a plane solvable; relative to their spread."""


@dataclass(frozen=True, slots=True)
class Pose:
    """``image = scale * rotation[:2] @ head + shift``, in pixels with y UP (the image's y negated).

    rotation: (3, 3) head to camera. scale: pixels a millimetre. shift: (2,) pixels. residual_mm: r.m.s.
    under the weights, outliers cut.
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


@dataclass(frozen=True, slots=True)
class PosePrior:
    """What the last frames tell of this one where much of the face is covered.

    A mesh drawn along by a hand looks like a turned head. But a head turns on the neck: the joint stays where it is while
    eyes and mouth move. pivot_mm: (3,) the joint in the head; pivot_px: (2,) where it was; weight: of it, in points' worth.
    scale: the last one; stiffness: its weight against that of all points.
    """

    pivot_mm: Float
    pivot_px: Float
    weight: float
    scale: float
    stiffness: float


def fit_pose(template_mm: Float, image_px: Float, weight: Float, prior: PosePrior | None = None) -> Pose | None:
    """Fit template_mm (P, 3) to image_px (P, 2; y down) under weight (P,) >= 0.

    The affine camera is solved linearly under the weights and brought to the nearest scaled rotation (as POSIT does,
    DeMenthon & Davis 1995); the weights are then cut by 1 / (1 + (residual / OUTLIER_MM)^2) (Cauchy) and it is solved
    again. None where the weights leave nothing to solve; whether enough points are left is the caller's to say.
    """
    points, pixels, kept = template_mm, image_px, len(weight)
    if prior is not None:
        points = np.concatenate([points, prior.pivot_mm[None]])
        pixels = np.concatenate([pixels, prior.pivot_px[None]])
        weight = np.append(weight, prior.weight)
    target = pixels * _Y_UP
    w = weight
    for _ in range(ROBUST_ROUNDS + 1):
        total = w.sum()
        if not total > 0:
            return None
        mean, target_mean = w @ points / total, w @ target / total
        centred, aimed = points - mean, target - target_mean
        weighted = centred * w[:, None]
        spread = weighted.T @ centred
        spread.flat[::4] += _RIDGE * np.trace(spread)
        try:
            camera = np.linalg.solve(spread, weighted.T @ aimed).T
        except np.linalg.LinAlgError:
            return None
        u, _, vt = np.linalg.svd(camera, full_matrices=False)
        rotation = u @ vt
        turned = centred @ rotation.T
        fits, size = np.einsum("p,pi,pi->", w, turned, aimed), np.einsum("p,pi,pi->", w, turned, turned)
        if prior is not None:
            fits, size = fits + prior.stiffness * size * prior.scale, size * (1.0 + prior.stiffness)
        scale = float(fits / size) if size > 0 else 0.0
        if not scale > 0:
            return None
        error = (scale * turned - aimed) / scale
        residual = np.einsum("pi,pi->p", error, error)
        w = weight / (1.0 + residual / OUTLIER_MM**2)
        w[kept:] = weight[kept:]
    shift = target_mean - scale * (rotation @ mean)
    full = np.vstack([rotation, np.cross(rotation[0], rotation[1])])
    cut = np.minimum(residual[:kept], (_WORST_OUTLIERS * OUTLIER_MM) ** 2)
    fit_mm = np.sqrt(np.dot(weight[:kept], cut) / max(weight[:kept].sum(), 1e-9))
    return Pose(full, scale, shift, float(fit_mm))


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
