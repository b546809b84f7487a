"""Fits one shape of points to many sets of them: turned, enlarged and moved."""

from dataclasses import dataclass

import numpy as np

from facetrack.packets import Float


@dataclass(frozen=True, slots=True)
class Similarity:
    """Holds N fits: ``points = scale * rotation @ shape + shift``.

    scale: (N,). rotation: (N, 3, 3). shift: (N, 3). off: (N,) r.m.s. distance of what is left, in units of the shape.
    """

    scale: Float
    rotation: Float
    shift: Float
    off: Float

    def place(self, point: Float) -> Float:
        """Return where a point (3,) of the shape's frame is in each fit, (N, 3)."""
        placed: Float = self.scale[:, None] * (self.rotation @ point) + self.shift
        return placed

    def unplace(self, points: Float) -> Float:
        """Return points (N, ..., 3) in the shape's frame."""
        shift, scale = (value.reshape(len(points), *[1] * (points.ndim - 2), -1) for value in (self.shift, self.scale))
        back: Float = np.einsum("nji,n...j->n...i", self.rotation, (points - shift) / scale)
        return back


def fit_similarity(shape: Float, points: Float) -> Similarity:
    """Fit a shape (P, 3) to points (N, P, 3) by least squares (Umeyama 1991). NaN in points raises LinAlgError."""
    middle, middles = shape.mean(axis=0), points.mean(axis=1)
    centred, moved = shape - middle, points - middles[:, None]
    left, size, right = np.linalg.svd(np.einsum("npi,pj->nij", moved, centred))
    mirrored = np.linalg.det(left @ right) < 0
    left[mirrored, :, 2] *= -1.0
    size[mirrored, 2] *= -1.0
    rotation = left @ right
    scale = np.maximum(size.sum(axis=1) / (centred**2).sum(), 1e-9)
    left_over = moved / scale[:, None, None] - centred @ np.swapaxes(rotation, 1, 2)
    off = np.sqrt((left_over**2).sum(axis=-1).mean(axis=-1))
    return Similarity(scale, rotation, middles - scale[:, None] * (rotation @ middle), off)
