"""Measures lengths along the skin of the canonical face, which the flat face map foreshortens towards its sides."""

from typing import Final

import numpy as np

from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import Float
from facetrack.routine.map.polygons import sampled

SOFTENING_MM: Final = 5.0
"""Distance over which the weights are smoothed: about that between mesh points on the cheeks."""
REACH_MM: Final = 15.0
"""Distance beyond the mesh over which the slope of its edge gives way to flat ground."""
STEP_MM: Final = 4.0
"""Step along a path: finer than the mesh itself."""
STEEPEST: Final = 3.0
"""Slopes are limited to this value at the mesh's rim, which is seen edge-on and too foreshortened to measure."""


def slope(points: Float) -> Float:
    """Return the gradient (N, 2) of the canonical face's depth z at points (N, 2) in mm: a plane fitted to near mesh points."""
    mesh = canonical_face().points_mm
    offset = mesh[:, :2] - points[:, None]
    squared = np.einsum("nmd,nmd->nm", offset, offset)
    weights = 1.0 / (squared + SOFTENING_MM**2) ** 2
    weights /= weights.sum(axis=-1, keepdims=True)
    mean = np.einsum("nm,nmd->nd", weights, offset)
    depth = weights @ mesh[:, 2]
    centred = offset - mean[:, None]
    spread = np.einsum("nm,nmi,nmj->nij", weights, centred, centred)
    spread += np.eye(2) * (0.01 * np.trace(spread, axis1=-2, axis2=-1))[:, None, None]
    lean = np.einsum("nm,nmi,nm->ni", weights, centred, mesh[:, 2] - depth[:, None])
    gradient = np.linalg.solve(spread, lean[..., None])[..., 0]
    size = np.linalg.norm(gradient, axis=-1, keepdims=True)
    gradient *= np.minimum(1.0, STEEPEST / np.maximum(size, 1e-9))
    away = np.sqrt(squared.min(axis=-1, keepdims=True))
    return np.asarray(gradient / (1 + (away / REACH_MM) ** 4))


def canonical_skin_length_mm(path: Float) -> float:
    """Return the length of a polyline (P, 2) on the canonical face's skin; at least its length on the face map."""
    points = sampled(path, STEP_MM)
    along = np.diff(points, axis=0)
    rise = np.einsum("nd,nd->n", slope((points[:-1] + points[1:]) / 2), along)
    return float(np.sqrt(np.einsum("nd,nd->n", along, along) + rise**2).sum())
