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


Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PosePrior:
    """What the last frames tell of this one where much of the face is covered.

    A mesh drawn along by a hand looks like a turned head. But heads turn slowly, and on the neck: the joint stays where it is
    while eyes and mouth move. pivot_mm: (3,) the joint in the head; pivot_px: (2,) where it was; weight: of it, in points'
    worth. scale: a slowly followed one; stiffness: its weight against that of all points. camera: the last rotation's first
    rows times the scale; inertia: its weight, in points' worth times square millimetres.
    """

    pivot_mm: Float
    pivot_px: Float
    weight: float
    scale: float
    stiffness: float
    camera: tuple[Vector, Vector]
    inertia: float


def fit_pose(template_mm: Float, image_px: Float, weight: Float, prior: PosePrior | None = None) -> Pose | None:
    """Fit template_mm (P, 3) to image_px (P, 2; y down) under weight (P,) >= 0.

    The affine camera is solved linearly under the weights and brought to the nearest scaled rotation (as POSIT does,
    DeMenthon & Davis 1995); the weights are then cut by 1 / (1 + (residual / OUTLIER_MM)^2) (Cauchy) and it is solved
    again. None where the weights leave nothing to solve; whether enough points are left is the caller's to say.
    """
    kept = len(weight)
    rows = np.empty((6, kept + (prior is not None)))  # head x, y, z, image x, y (up), 1
    rows[:3, :kept], rows[3:5, :kept], rows[5] = template_mm.T, image_px.T, 1.0
    if prior is not None:
        rows[:3, kept], rows[3:5, kept] = prior.pivot_mm, prior.pivot_px
        weight = np.append(weight, prior.weight)
    np.negative(rows[4], out=rows[4])
    w = weight
    for _ in range(ROBUST_ROUNDS + 1):
        camera = _scaled_camera(((rows * w) @ rows.T).tolist(), prior)
        if camera is None:
            return None
        right, up, scale, shift = camera
        error = _to_outliers(right, up, scale, shift) @ rows
        error *= error
        residual = error[0] + error[1]
        w = weight / (residual + 1.0)
        w[kept:] = weight[kept:]
    (ax, ay, az), (bx, by, bz) = right, up
    forward = (ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)
    trusted, cut = weight[:kept], np.minimum(residual[:kept], _WORST_OUTLIERS**2)
    fit = float(trusted @ cut) / max(float(np.add.reduce(trusted)), 1e-9)
    return Pose(np.array([right, up, forward]), scale, np.array(shift), OUTLIER_MM * fit**0.5)


def _to_outliers(right: Vector, up: Vector, scale: float, shift: tuple[float, float]) -> Float:
    """(2, 6) what (head x, y, z, image x, y, 1) is multiplied with for how far off it is, in units of OUTLIER_MM."""
    size, k = 1.0 / OUTLIER_MM, 1.0 / (OUTLIER_MM * scale)
    (ax, ay, az), (bx, by, bz), (x, y) = right, up, shift
    return np.array(((ax * size, ay * size, az * size, -k, 0.0, x * k), (bx * size, by * size, bz * size, 0.0, -k, y * k)))


def _scaled_camera(
    moments: list[list[float]], prior: PosePrior | None
) -> tuple[Vector, Vector, float, tuple[float, float]] | None:
    """The camera's right and up in the head, its scale and shift: one linear solution, brought to the nearest scaled rotation.

    moments: (6, 6) weighted sums of products of (x, y, z, u, v, 1). None where the weights leave nothing to solve. So small a
    matrix is solved in plain numbers many times quicker than by a library's call.
    """
    total = moments[5][5]
    if not total > 0:
        return None
    mx, my, mz, mu, mv, _ = moments[5]
    mx, my, mz, mu, mv = mx / total, my / total, mz / total, mu / total, mv / total
    (xx, xy, xz, xu, xv, x), (_, yy, yz, yu, yv, y), (_, _, zz, zu, zv, z) = moments[:3]
    xx, xy, xz, yy, yz, zz = xx - x * mx, xy - x * my, xz - x * mz, yy - y * my, yz - y * mz, zz - z * mz
    xu, yu, zu, xv, yv, zv = xu - x * mu, yu - y * mu, zu - z * mu, xv - x * mv, yv - y * mv, zv - z * mv
    if prior is not None:
        k, ((xp, yp, zp), (xq, yq, zq)) = prior.inertia, prior.camera
        xx, yy, zz = xx + k, yy + k, zz + k
        xu, yu, zu, xv, yv, zv = xu + k * xp, yu + k * yp, zu + k * zp, xv + k * xq, yv + k * yq, zv + k * zq
    inverse = _inverse(xx, yy, zz, xy, xz, yz, _RIDGE * (xx + yy + zz))
    if inverse is None:
        return None
    ux, uy, uz = _times(inverse, xu, yu, zu)
    vx, vy, vz = _times(inverse, xv, yv, zv)
    # The nearest matrix with orthonormal rows: (A A^T)^(-1/2) A, the root of a 2 x 2 matrix in closed form.
    p, q, r = ux * ux + uy * uy + uz * uz, ux * vx + uy * vy + uz * vz, vx * vx + vy * vy + vz * vz
    determinant = max(p * r - q * q, 0.0) ** 0.5
    if not determinant > 0:
        return None
    k = 1.0 / (determinant * (p + r + 2.0 * determinant) ** 0.5)
    a, b, c = (r + determinant) * k, -q * k, (p + determinant) * k
    right = a * ux + b * vx, a * uy + b * vy, a * uz + b * vz
    up = b * ux + c * vx, b * uy + c * vy, b * uz + c * vz
    fits = right[0] * xu + right[1] * yu + right[2] * zu + up[0] * xv + up[1] * yv + up[2] * zv
    size = 0.0
    for x, y, z in (right, up):
        size += x * (xx * x + 2.0 * (xy * y + xz * z)) + y * (yy * y + 2.0 * yz * z) + zz * z * z
    if prior is not None:
        fits, size = fits + prior.stiffness * size * prior.scale, size * (1.0 + prior.stiffness)
    if not (size > 0 and fits > 0):
        return None
    scale = fits / size
    shift_x = mu - scale * (right[0] * mx + right[1] * my + right[2] * mz)
    shift_y = mv - scale * (up[0] * mx + up[1] * my + up[2] * mz)
    return right, up, scale, (shift_x, shift_y)


def _inverse(
    xx: float, yy: float, zz: float, xy: float, xz: float, yz: float, ridge: float
) -> tuple[float, float, float, float, float, float] | None:
    """Of a symmetric matrix with the ridge on its diagonal, in the same order; None where it has none."""
    xx, yy, zz = xx + ridge, yy + ridge, zz + ridge
    x, y, z = yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy
    determinant = xx * x + xy * y + xz * z
    if not determinant > 0:
        return None
    k = 1.0 / determinant
    return x * k, (xx * zz - xz * xz) * k, (xx * yy - xy * xy) * k, y * k, z * k, (xy * xz - xx * yz) * k


def _times(symmetric: tuple[float, float, float, float, float, float], x: float, y: float, z: float) -> Vector:
    xx, yy, zz, xy, xz, yz = symmetric
    return xx * x + xy * y + xz * z, xy * x + yy * y + yz * z, xz * x + yz * y + zz * z


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
