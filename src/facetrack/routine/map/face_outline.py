"""The lines that make a drawing of a face: features of the canonical face as landmark numbers, and what lies beyond the
mesh."""

from typing import Final

import numpy as np

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import LEFT_EYE_LOWER, LEFT_EYE_UPPER, LEFT_OVAL
from facetrack.packets import Float

_LEFT_FEATURES: Final[tuple[tuple[int, ...], ...]] = (
    LEFT_OVAL,
    LEFT_EYE_UPPER + LEFT_EYE_LOWER[1:],
    # brow, lower and upper edge
    (336, 296, 334, 293, 300, 276, 283, 282, 295, 285, 336),
    # side of the nose down to its foot
    (285, 417, 465, 412, 437, 420, 279, 358, 327, 2),
    # half of the lips: outer edge, mouth line, lower edge
    (0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17),
    (13, 312, 311, 310, 415, 308),
)
_LEFT_BEYOND_MM: Final[tuple[tuple[tuple[float, float], ...], ...]] = (
    # ear
    ((72, -4), (78, 2), (84, -4), (84, -22), (80, -42), (74, -51), (69, -46)),
    # neck and shoulder, collarbone, as the face map extrapolates them
    ((60, -76), (54, -104), (53, -138), (62, -156), (90, -168), (125, -178), (145, -190)),
    ((8, -180), (30, -176), (70, -170), (110, -166)),
)
MIRROR: Final = np.array([-1.0, 1.0])
"""Factor that mirrors the user's left half of the face map to the right."""


def face_lines() -> list[Float]:
    """Return polylines (N, 2) in mm on the face map, of both sides."""
    points = canonical_face().points_mm[:, :2]
    left = [points[list(feature)] for feature in _LEFT_FEATURES]
    left += [np.array(line, dtype=np.float64) for line in _LEFT_BEYOND_MM]
    return [line * side for side in (np.ones(2), MIRROR) for line in left]
