"""Which points of the face lie under a hand. MediaPipe invents these, so they must not move the pose."""

from typing import Final

import numpy as np

from facetrack.packets import Float

_BONES: Final = np.array(
    [(k, k + 1) for finger in (1, 5, 9, 13, 17) for k in range(finger, finger + 3)] + [(0, k) for k in (1, 5, 9, 13, 17)]
)
_BONE_RADIUS_MM: Final = np.array([9.0] * 15 + [15.0] * 5)
"""Half thickness of fingers and of the palm's rays."""
_FOREARM_RADIUS_MM: Final = 32.0
_TOUCHED_MM: Final = 5.0
_UNTOUCHED_MM: Final = 45.0
"""From a hand's edge: nearer than the first, a mesh point is covered; farther than the second, the hand does not draw it along.
Measured on the mannequin: an eye beside a hand is drawn 10 mm along, the one on the other side of the face not at all."""


def clearance_mm(points_px: Float, hands_px: Float, mm_per_px: float) -> Float:
    """(P,) distance of each of points_px (P, 2) to the nearest of hands_px (2, 21, 3), negative under it; inf without hands.

    A hand is its bones with flesh on them; the forearm is one more bone that runs on from the wrist. A hand of NaN is none.
    """
    seen = hands_px[~np.isnan(hands_px[:, 0, 0]), :, :2]
    if not len(seen):
        return np.full(len(points_px), np.inf)
    start, end = seen[:, _BONES[:, 0]], seen[:, _BONES[:, 1]]
    wrist = seen[:, 0]
    forearm = wrist + 1.5 * (wrist - seen[:, 9])
    start = np.concatenate([start, wrist[:, None]], axis=1).reshape(-1, 2)
    end = np.concatenate([end, forearm[:, None]], axis=1).reshape(-1, 2)
    radius = np.append(_BONE_RADIUS_MM, _FOREARM_RADIUS_MM)
    bone = end - start
    length2 = np.einsum("bi,bi->b", bone, bone) + 1e-9
    dx = points_px[:, 0, None] - start[:, 0]
    dy = points_px[:, 1, None] - start[:, 1]
    t = np.clip((dx * bone[:, 0] + dy * bone[:, 1]) / length2, 0.0, 1.0)
    dx -= t * bone[:, 0]
    dy -= t * bone[:, 1]
    away = np.sqrt(dx * dx + dy * dy) * mm_per_px - np.tile(radius, len(seen))
    nearest: Float = away.min(axis=1)
    return nearest


def trust(clearance: Float) -> Float:
    """(P,) clearance_mm -> (P,) how far a mesh point is to be believed: 0 under a hand, 1 well away from it."""
    share: Float = np.clip((clearance - _TOUCHED_MM) / (_UNTOUCHED_MM - _TOUCHED_MM), 0.0, 1.0) ** 2
    return share
