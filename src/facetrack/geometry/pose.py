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
_UNIT: Final = np.eye(3)
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
    kept = len(weight)
    rows = np.empty((kept + (prior is not None), 5))
    rows[:kept, :3] = template_mm
    rows[:kept, 3:] = image_px
    if prior is not None:
        rows[kept, :3], rows[kept, 3:] = prior.pivot_mm, prior.pivot_px
        weight = np.append(weight, prior.weight)
    rows[:, 4] *= -1.0  # y up
    w = weight
    for _ in range(ROBUST_ROUNDS + 1):
        camera = _scaled_camera(rows, w, prior)
        if camera is None:
            return None
        rotation, scale, shift = camera
        error = rows[:, :3] @ (scale * rotation.T)
        error += shift
        error -= rows[:, 3:]
        residual = (error[:, 0] ** 2 + error[:, 1] ** 2) / scale**2
        w = weight / (1.0 + residual / OUTLIER_MM**2)
        w[kept:] = weight[kept:]
    (ax, ay, az), (bx, by, bz) = rotation.tolist()
    forward = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
    cut = np.minimum(residual[:kept], (_WORST_OUTLIERS * OUTLIER_MM) ** 2)
    fit_mm = np.sqrt(np.dot(weight[:kept], cut) / max(weight[:kept].sum(), 1e-9))
    return Pose(np.vstack([rotation, forward]), scale, shift, float(fit_mm))


def _scaled_camera(rows: Float, w: Float, prior: PosePrior | None) -> tuple[Float, float, Float] | None:
    """Rotation (2, 3), scale and shift (2,) that carry rows[:, :3] to rows[:, 3:] under weights w (N,): one linear solution,
    brought to the nearest scaled rotation. None where the weights leave nothing to solve."""
    total = w.sum()
    if not total > 0:
        return None
    weighted = rows * w[:, None]
    mean = weighted.sum(axis=0) / total
    moments = weighted.T @ rows
    moments -= total * np.outer(mean, mean)
    spread, mixed = moments[:3, :3], moments[:3, 3:]
    ridge = _RIDGE * np.trace(spread)
    try:
        camera = np.linalg.solve(spread + ridge * _UNIT, mixed).T
    except np.linalg.LinAlgError:
        return None
    # The nearest matrix with orthonormal rows: (A A^T)^(-1/2) A, the root of a 2 x 2 matrix in closed form.
    (p, q), (_, r) = (camera @ camera.T).tolist()
    determinant = max(p * r - q * q, 0.0) ** 0.5
    trace = (p + r + 2.0 * determinant) ** 0.5
    if not determinant > 0:
        return None
    rotation = np.array([[r + determinant, -q], [-q, p + determinant]]) @ camera / (determinant * trace)
    fits = float(np.einsum("ij,ji->", rotation, mixed))
    size = float(np.einsum("ij,jk,ik->", rotation, spread, rotation))
    if prior is not None:
        fits, size = fits + prior.stiffness * size * prior.scale, size * (1.0 + prior.stiffness)
    if not (size > 0 and fits > 0):
        return None
    scale = fits / size
    return rotation, scale, mean[3:] - scale * (rotation @ mean[:3])


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
