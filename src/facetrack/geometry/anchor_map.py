"""A smooth map of the plane that carries a cloud of anchors onto another: affine nearby, one similarity far away."""

from dataclasses import dataclass

import numpy as np

from facetrack.packets import Float


def similarity_between(source: Float, target: Float) -> tuple[Float, Float, Float]:
    """The similarity (turn, scale, mirror if need be, shift) that carries source to target in the least squares sense.

    source, target: (N, 2), no NaN. Returns ``linear`` (2, 2) and the centroids (2,), (2,):
    ``y = target_centroid + linear @ (x - source_centroid)``. Umeyama (1991), with reflections allowed: an image's y axis
    points down, the chart's up.
    """
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    centred = source - source_mean
    u, strength, vt = np.linalg.svd((target - target_mean).T @ centred)
    linear: Float = (u @ vt) * (strength.sum() / np.einsum("ni,ni->", centred, centred))
    return linear, source_mean, target_mean


@dataclass(frozen=True, slots=True)
class AnchorMap:
    """Moving least squares (Schaefer et al. 2006, affine kind), regularised towards one similarity off the anchors.

    Inside the cloud it follows the anchors within their noise (weights 1 / (d^2 + r^2)^2); beyond it the local affine
    map, which would run away, gives way to the similarity over about ``reach``.
    """

    centre: Float  # (2,) subtracted from points first, for numerical conditioning
    source: Float  # (N, 2), centred
    moments: Float  # (N, 12) products of source and target, to be summed under the weights
    linear: Float  # (2, 2) the far similarity
    softening: float  # r^2, squared source units
    reach: float  # source units

    @staticmethod
    def between(source: Float, target: Float, softening: float, reach: float, weight: Float | None = None) -> "AnchorMap":
        """source, target: (N, 2) without NaN. softening and reach: lengths in source units (about 6 and 40 mm on a face).

        weight: (N,) how far each anchor counts; None: all the same.
        """
        linear, centre, _ = similarity_between(source, target)
        xy = source - centre
        x, y = xy[:, 0], xy[:, 1]
        u, v = target[:, 0], target[:, 1]
        moments = np.stack([np.ones_like(x), x, y, u, v, x * x, x * y, y * y, x * u, y * u, x * v, y * v], axis=-1)
        if weight is not None:
            moments *= weight[:, None]
        return AnchorMap(centre, xy, moments, linear, softening**2, reach)

    def __call__(self, points: Float) -> Float:
        """points: (..., 2) in source units -> (..., 2) in target units. NaN in, NaN out."""
        p = points - self.centre
        dx = p[..., 0, None] - self.source[:, 0]
        dy = p[..., 1, None] - self.source[:, 1]
        squared = dx * dx
        squared += dy * dy
        near = squared.min(axis=-1)
        squared += self.softening
        weights = 1.0 / (squared * squared)
        m = weights @ self.moments
        total = m[..., 0]
        x, y, u, v = (m[..., k] / total for k in range(1, 5))
        xx, xy, yy, xu, yu, xv, yv = (m[..., k] / total for k in range(5, 12))
        xx, xy, yy = xx - x * x, xy - x * y, yy - y * y
        xu, yu, xv, yv = xu - x * u, yu - y * u, xv - x * v, yv - y * v
        pull = (xx + yy) * (0.01 + near / self.reach**2)
        (a, b), (c, d) = self.linear
        xx, yy = xx + pull, yy + pull
        xu, yu, xv, yv = xu + pull * a, yu + pull * b, xv + pull * c, yv + pull * d
        determinant = xx * yy - xy * xy
        px, py = p[..., 0] - x, p[..., 1] - y
        out = np.empty(p.shape)
        out[..., 0] = u + ((yy * xu - xy * yu) * px + (xx * yu - xy * xu) * py) / determinant
        out[..., 1] = v + ((yy * xv - xy * yv) * px + (xx * yv - xy * xv) * py) / determinant
        return out
