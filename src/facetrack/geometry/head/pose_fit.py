"""Head pose: a robust weak-perspective fit of a 3-D template to those mesh points that no hand covers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Float

OUTLIER_MM: Final = 3.0
"""Residual at which a mesh point counts half: the mesh's own noise is about 1 mm, its jumps under hands 4 and more."""
ROBUST_ROUNDS: Final = 2
_WORST_OUTLIERS: Final = 2.0
"""Residuals count up to so many times OUTLIER_MM in the reported residual."""
_RIDGE: Final = 1e-6
"""Keeps points that lie in a plane solvable; relative to their spread."""
UP: Final = np.array([1.0, -1.0])
"""Turns the image's y upwards, and back."""

Vector = Sequence[float]
"""Three plain numbers: for a single vector they are many times quicker than an array."""


@dataclass(frozen=True, slots=True)
class Pose:
    """``image = scale * rotation[:2] @ head + shift``, in pixels with y UP (the image's y negated).

    rotation: (3, 3) head to camera. scale: pixels a millimetre. shift: two pixels. residual_mm: r.m.s.
    under the weights, outliers cut.
    """

    rotation: Float
    scale: float
    shift: tuple[float, float]
    residual_mm: float

    def project(self, head_mm: Float) -> Float:
        """(..., 3) head frame mm -> (..., 2) image pixels (y down)."""
        px: Float = (head_mm @ (self.scale * self.rotation[:2].T) + self.shift) * UP
        return px


@dataclass(frozen=True, slots=True)
class PosePrior:
    """What the last frames tell of this one where much of the face is covered.

    A mesh drawn along by a hand looks like a turned head. But heads turn slowly, and on the neck: the joint stays where it is
    while eyes and mouth move. pivot_mm: (3,) the joint in the head; pivot_px: (2,) where it was; weight: of it, in points'
    worth. scale: a slowly followed one; stiffness: its weight against that of all points. camera: (2, 3) the last
    rotation's first rows times the scale; inertia: its weight, in points' worth times square millimetres.
    """

    pivot_mm: Float
    pivot_px: Float
    weight: float
    scale: float
    stiffness: float
    camera: Float
    inertia: float

    def sums(self) -> Float:
        """Return what the prior adds to the sums (6, 6) of ``fit_pose``: the joint, and a direction for each axis of the head,
        where the last camera saw it.
        """
        (ax, ay, az), (bx, by, bz) = self.camera
        joint = [*self.pivot_mm, *(self.pivot_px * UP), 1.0]
        points = np.array([joint, [1, 0, 0, ax, bx, 0], [0, 1, 0, ay, by, 0], [0, 0, 1, az, bz, 0]])
        weighted: Float = (points.T * (self.weight, self.inertia, self.inertia, self.inertia)) @ points
        return weighted


def fit_pose(template_mm: Float, image_px: Float, weight: Float, prior: PosePrior | None = None) -> Pose | None:
    """Fit template_mm (P, 3) to image_px (P, 2; y down) under weight (P,) >= 0.

    The affine camera is solved linearly under the weights and brought to the nearest scaled rotation (as POSIT does,
    DeMenthon & Davis 1995); the weights are then cut by 1 / (1 + (residual / OUTLIER_MM)^2) (Cauchy) and it is solved
    again. None where the weights leave nothing to solve; whether enough points are left is the caller's to say.
    The plain twin is ``tests.geometry.reference.pose_fit.fit_pose``.
    """
    rows = np.vstack((template_mm.T, (image_px * UP).T, np.ones(len(weight))))
    weighted = (rows * weight).T
    known = 0.0 if prior is None else prior.sums()
    unlikely: float | Float = 1.0
    for _ in range(ROBUST_ROUNDS + 1):
        camera = _fitted_camera((rows / unlikely @ weighted + known).tolist(), prior)
        if camera is None:
            return None
        off = camera.off_by() @ rows
        unlikely = np.einsum("ip,ip->p", off, off)
    residual = float(weight @ np.minimum(unlikely, 1.0 + _WORST_OUTLIERS**2)) / float(weight.sum()) - 1.0
    assert camera is not None
    rotation = np.array([camera.right, camera.up, _cross(camera.right, camera.up)])
    return Pose(rotation, camera.scale, camera.shift, OUTLIER_MM * math.sqrt(max(residual, 0.0)))


@dataclass(frozen=True, slots=True)
class _Camera:
    """right, up: the image's axes in the head. scale: pixels a millimetre. shift: pixels, y up."""

    right: Vector
    up: Vector
    scale: float
    shift: tuple[float, float]

    def off_by(self) -> Float:
        """(3, 6) what (head x, y, z, image x, y, 1) is multiplied with for how far off it is, in units of OUTLIER_MM, and for
        another 1: so the square of the whole is what the point's weight is divided by."""
        k, of_px = 1.0 / OUTLIER_MM, 1.0 / (OUTLIER_MM * self.scale)
        to_right = (*(k * part for part in self.right), -of_px, 0.0, of_px * self.shift[0])
        to_up = (*(k * part for part in self.up), 0.0, -of_px, of_px * self.shift[1])
        return np.array((to_right, to_up, (0.0, 0.0, 0.0, 0.0, 0.0, 1.0)))


def _fitted_camera(sums: Sequence[Vector], prior: PosePrior | None) -> _Camera | None:
    """The best camera for points of which sums (6, 6) holds the weighted products of (head x, y, z, image x, y, 1)."""
    total = sums[5][5]
    if not total > 0:
        return None
    mean = [one / total for one in sums[5]]
    *spread, image_x, image_y = ([one - row[5] * m for one, m in zip(row, mean[:3], strict=False)] for row in sums[:5])
    axes = _nearest_rotation(_solved(spread, image_x), _solved(spread, image_y))
    if axes is None:
        return None
    fits = _dot(axes[0], image_x) + _dot(axes[1], image_y)
    size = sum(_dot(axis, [_dot(row, axis) for row in spread]) for axis in axes)
    if prior is not None:
        fits, size = fits + prior.stiffness * size * prior.scale, size * (1.0 + prior.stiffness)
    if not (size > 0 and fits > 0):
        return None
    scale = fits / size
    return _Camera(*axes, scale, (mean[3] - scale * _dot(axes[0], mean), mean[4] - scale * _dot(axes[1], mean)))


def _nearest_rotation(u: Vector | None, v: Vector | None) -> tuple[Vector, Vector] | None:
    """The orthonormal pair nearest to u and v: their matrix A times (A A^T)^(-1/2), a 2 x 2 root in closed form."""
    if u is None or v is None:
        return None
    uu, uv, vv = _dot(u, u), _dot(u, v), _dot(v, v)
    area = math.sqrt(max(uu * vv - uv * uv, 0.0))
    if not area > 0:
        return None
    k = 1.0 / (area * math.sqrt(uu + vv + 2.0 * area))
    right = [k * ((vv + area) * a - uv * b) for a, b in zip(u, v, strict=True)]
    up = [k * ((uu + area) * b - uv * a) for a, b in zip(u, v, strict=True)]
    return right, up


def _solved(symmetric: Sequence[Vector], wanted: Vector) -> Vector | None:
    """x of ``symmetric @ x = wanted``, 3 x 3, by Cramer's rule; None where there is none."""
    (xx, xy, xz), (_, yy, yz), (_, _, zz) = symmetric
    ridge = _RIDGE * (xx + yy + zz)
    a, b, c = (xx + ridge, xy, xz), (xy, yy + ridge, yz), (xz, yz, zz + ridge)
    bc, ca, ab = _cross(b, c), _cross(c, a), _cross(a, b)
    volume = _dot(a, bc)
    return [_dot(cofactors, wanted) / volume for cofactors in (bc, ca, ab)] if volume > 0 else None


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


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
