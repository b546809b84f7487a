"""A smooth map of the plane that carries a cloud of anchors onto another: affine nearby, one similarity far away."""

from dataclasses import dataclass

import numpy as np

from facetrack.packets import Float


def similarity_between(source: Float, target: Float) -> tuple[Float, Float, Float]:
    """Fit the similarity (turn, scale, mirror if need be, shift) that carries source to target in the least-squares sense.

    source, target: (N, 2), no NaN. Returns ``linear`` (2, 2) and the centroids (2,), (2,): ``y = target_centroid + linear @ (x
        - source_centroid)``. Umeyama (1991), with reflections allowed: an image's y axis points down, that of the face map up.
    """
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    centred = source - source_mean
    left, singular, right = np.linalg.svd((target - target_mean).T @ centred)
    return left @ right * (singular.sum() / (centred**2).sum()), source_mean, target_mean


@dataclass(frozen=True, slots=True)
class MovingLeastSquaresMap:
    """Moving least squares (Schaefer et al. 2006, affine kind), regularised towards one similarity away from the anchors.

    Inside the cloud it follows the anchors within their noise (weights 1 / (d^2 + r^2)^2); beyond it the local affine map,
    which would diverge, gives way to the similarity over about ``reach``. source, target: (N, 2) without NaN. softening (r),
    reach: lengths in source units (about 6 and 40 mm on a face).
    """

    source: Float
    target: Float
    softening: float
    reach: float

    def __call__(self, points: Float) -> Float:
        """Map points (..., 2) in source units to (..., 2) in target units. NaN in, NaN out."""
        linear, centre, _ = similarity_between(self.source, self.target)
        x, anchors = points.reshape(-1, 2) - centre, self.source - centre
        one, of_each = np.ones((len(x), 1)), np.ones((len(anchors), 1))
        of_points = np.hstack([x, (x**2).sum(axis=1, keepdims=True), one])
        squared = of_points @ np.hstack([-2.0 * anchors, of_each, (anchors**2).sum(axis=1, keepdims=True)]).T
        pull = 0.01 + squared.min(axis=1) / self.reach**2
        squared += self.softening**2
        weight = np.square(squared, out=squared)
        both = np.hstack([anchors, self.target])
        products = (anchors[:, :, None] * both[:, None]).reshape(-1, 8)
        sums = np.reciprocal(weight, out=weight) @ np.hstack([of_each, both, products])
        means = sums[:, 1:] / sums[:, :1]
        mean = means[:, :4]
        spread = means[:, 4:].reshape(-1, 2, 4) - mean[:, :2, None] * mean[:, None]
        spread += (pull * np.trace(spread, axis1=1, axis2=2))[:, None, None] * np.hstack([np.eye(2), linear.T])
        slope = np.linalg.solve(spread[..., :2], spread[..., 2:])
        mapped: Float = mean[:, 2:] + np.einsum("pi,pij->pj", x - mean[:, :2], slope)
        return mapped.reshape(points.shape)
