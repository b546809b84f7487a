"""A smooth map of the plane that carries a cloud of anchors onto another: affine nearby, one similarity far away."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Float


def similarity_between(source: Float, target: Float) -> tuple[Float, Float, Float]:
    """The similarity (turn, scale, mirror if need be, shift) that carries source to target in the least squares sense.

    source, target: (N, 2), no NaN. Returns ``linear`` (2, 2) and the centroids (2,), (2,):
    ``y = target_centroid + linear @ (x - source_centroid)``. Umeyama (1991), with reflections allowed: an image's y axis
    points down, the chart's up. In the plane the best turn is the greater of the cross-covariance's turning and mirroring
    part.
    """
    n = len(source)
    table = np.ones((5, n))
    table[:2], table[2:4] = source.T, target.T
    sums = (table @ table.T).tolist()  # of all products of x, y, u, v, 1
    x, y, u, v, _ = (moment / n for moment in sums[4])
    (xx, _, xu, xv, _), (_, yy, yu, yv, _) = sums[:2]
    spread = xx + yy - n * (x * x + y * y)
    a, b, c, d = xu - n * x * u, yu - n * y * u, xv - n * x * v, yv - n * y * v
    turn, mirror = (a + d, c - b), (a - d, b + c)
    if math.hypot(*turn) >= math.hypot(*mirror):
        p, q = turn[0] / spread, turn[1] / spread
        linear = [[p, -q], [q, p]]
    else:
        p, q = mirror[0] / spread, mirror[1] / spread
        linear = [[p, q], [q, -p]]
    return np.array(linear), np.array([x, y]), np.array([u, v])


_FIRST: Final = np.array([1, 1, 2, 1, 2, 1, 2])
_SECOND: Final = np.array([1, 2, 2, 3, 3, 4, 4])
"""Places in (1, x, y, u, v) of the factors of xx, xy, yy, xu, yu, xv, yv."""
_OF_PRODUCTS: Final = 5 * _FIRST + _SECOND
"""And of these products among all of (1, x, y) with (1, x, y, u, v)."""


@dataclass(frozen=True, slots=True)
class AnchorMap:
    """Moving least squares (Schaefer et al. 2006, affine kind), regularised towards one similarity off the anchors.

    Inside the cloud it follows the anchors within their noise (weights 1 / (d^2 + r^2)^2); beyond it the local affine
    map, which would run away, gives way to the similarity over about ``reach``.
    """

    centre: Float  # (2,) subtracted from points first, for numerical conditioning
    distance: Float  # (4, N) what (1, x, y, x^2 + y^2) of a centred point is multiplied with for d^2 + r^2
    moments: Float  # (15, N) products of (1, x, y) with (1, x, y, u, v), to be summed under the weights
    pull: Float  # (7,) how the far similarity adds to xx, xy, yy, xu, yu, xv, yv
    softening: float  # r^2, squared source units
    reach: float  # source units

    @property
    def linear(self) -> Float:
        """(2, 2) of the far similarity."""
        return self.pull[3:].reshape(2, 2)

    @staticmethod
    def between(source: Float, target: Float, softening: float, reach: float, weight: Float | None = None) -> "AnchorMap":
        """source, target: (N, 2) without NaN. softening and reach: lengths in source units (about 6 and 40 mm on a face).

        weight: (N,) how far each anchor counts; None: all the same.
        """
        linear, centre, _ = similarity_between(source, target)
        factors = np.empty((5, len(source)))
        factors[0] = 1.0
        np.subtract(source.T, centre[:, None], out=factors[1:3])
        factors[3:] = target.T
        left = factors[:3] if weight is None else factors[:3] * weight
        moments = (left[:, None] * factors).reshape(15, -1)
        distance = np.ones((4, len(source)))
        np.multiply(factors[1:3], -2.0, out=distance[1:3])
        np.einsum("in,in->n", factors[1:3], factors[1:3], out=distance[0])
        distance[0] += softening**2
        (a, b), (c, d) = linear.tolist()
        return AnchorMap(centre, distance, moments, np.array([1.0, 0.0, 1.0, a, b, c, d]), softening**2, reach)

    def __call__(self, points: Float) -> Float:
        """points: (..., 2) in source units -> (..., 2) in target units. NaN in, NaN out."""
        p = points.reshape(-1, 2).T - self.centre[:, None]
        of_points = np.ones((4, p.shape[1]))
        of_points[1:3] = p
        np.multiply(p[0], p[0], out=of_points[3])
        of_points[3] += p[1] * p[1]
        squared = of_points.T @ self.distance
        near = squared.min(axis=-1)
        near -= self.softening
        squared *= squared
        sums = self.moments @ np.divide(1.0, squared, out=squared).T
        sums /= sums[0].copy()
        means = sums[:5]  # 1, x, y, u, v
        spread = sums.take(_OF_PRODUCTS, axis=0)
        spread -= means.take(_FIRST, axis=0) * means.take(_SECOND, axis=0)
        near *= 1.0 / self.reach**2
        near += 0.01
        spread += self.pull[:, None] * ((spread[0] + spread[2]) * near)
        xx, xy, yy = spread[:3]
        p -= means[1:3]
        determinant = xx * yy
        determinant -= xy * xy
        # The affine map's two columns times the offset: the inverse of the spread, written out.
        east, north = (yy * p[0] - xy * p[1]) / determinant, (xx * p[1] - xy * p[0]) / determinant
        out = means[3:].copy()
        out += spread[3::2] * east
        out += spread[4::2] * north
        return np.ascontiguousarray(out.T).reshape(points.shape)
