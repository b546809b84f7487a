"""What is known of every head: which landmarks tell the pose, which anchor the chart, and the skin's normals."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import FACE_LANDMARKS, Float

IRIS: Final = slice(468, 478)
IRIS_DIAMETERS: Final = ((469, 471), (470, 472), (474, 476), (475, 477))
"""Pairs of landmarks on opposite sides of an iris: across and upright, the user's right eye, then the left."""
OUTER_EYE_CORNERS: Final = (33, 263)
"""Of the user's right eye, then the left."""
NOSE_TIP: Final = 4
LEFT_OVAL: Final = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152)
"""The edge of the mesh on the user's left, from the middle of the forehead to the chin."""
LEFT_EYE_UPPER: Final = (263, 466, 388, 387, 386, 385, 384, 398, 362)
"""The edge of the left eye's upper lid, from the outer corner to the inner one."""
LEFT_EYE_LOWER: Final = (362, 382, 381, 380, 374, 373, 390, 249, 263)
"""The edge of its lower lid, from the inner corner to the outer one."""

PIVOT_MM: Final = np.array([0.0, -90.0, -92.0])
"""Where the head turns on the neck, chart frame. Turning aside happens at the first vertebra, nodding and tilting all along the
neck: the middle of the neck's spine stands for both."""

_FINGER_WIDTH_MM: Final = 8.0
"""Standard deviation of the surroundings that a fingertip lies on: it bridges what is narrower."""
_ANCHORS: Final = 150
_POSE_POINTS: Final = 120
_EDGE_MM: Final = 55.0
"""Half width beyond which landmarks lie on the outline of the face: they slide along it and are drawn by hands first."""
_EDGE_WEIGHT, _JAW_WEIGHT, _MOUTH_WEIGHT = 0.1, 0.4, 0.4
_MOUTH_MM: Final = (36.0, -35.0, -95.0)
"""Half width, top and bottom of the part that moves with the lips."""


@dataclass(frozen=True, slots=True)
class HeadModel:
    """Indices into the 478 landmarks and per-landmark constants.

    anchors: (A,) landmarks that carry the chart, spread evenly over the mesh. pose: (P,) landmarks that tell the pose,
    pose_weight: (P,) how far each is trusted (brow, nose bridge, eye corners and cheekbones over jaw and lips), all_weight:
    together. normals: (478, 3) unit normals of the canonical skin, pointing out of the head.
    """

    anchors: NDArray[np.intp]
    pose: NDArray[np.intp]
    pose_weight: Float
    normals: Float
    all_weight: float


def _spread_evenly(points: Float, count: int, first: int) -> NDArray[np.intp]:
    """Farthest point sampling: (count,) indices into points (N, D). Runs once at start."""
    chosen = [first]
    distance = np.linalg.norm(points - points[first], axis=-1)
    while len(chosen) < count:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(points - points[chosen[-1]], axis=-1))
    return np.sort(np.array(chosen))


def _normals(points: Float) -> Float:
    """(N, 3) normals of the plane through each point's surroundings, turned away from the head's middle."""
    offset = points[:, None] - points[None]
    weight = np.exp(-np.einsum("nmi,nmi->nm", offset, offset) / (2.0 * _FINGER_WIDTH_MM**2))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = weight @ points
    spread = np.einsum("nm,mi,mj->nij", weight, points, points) - mean[:, :, None] * mean[:, None, :]
    normal = np.linalg.eigh(spread)[1][..., 0]
    outward = points - np.array([0.0, -30.0, -90.0])
    turned: Float = normal * np.sign(np.einsum("ni,ni->n", normal, outward))[:, None]
    return turned


@cache
def head_model() -> HeadModel:
    """The model, made once from the canonical face."""
    face = canonical_face().points_mm
    skin = np.arange(FACE_LANDMARKS) < IRIS.start
    anchors = _spread_evenly(face[skin], _ANCHORS, first=10)
    pose = _spread_evenly(face[skin], _POSE_POINTS, first=10)
    x, y = face[pose, 0], face[pose, 1]
    half_width, top, bottom = _MOUTH_MM
    weight = np.ones(pose.size)
    weight[y < -60] = _JAW_WEIGHT  # moves with the mouth
    weight[(np.abs(x) < half_width) & (y < top) & (y > bottom)] = _MOUTH_WEIGHT
    weight[np.abs(x) > _EDGE_MM] *= _EDGE_WEIGHT
    return HeadModel(anchors, pose, weight, _normals(face), float(weight.sum()))
