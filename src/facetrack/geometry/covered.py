"""Which points of the face lie under a hand. MediaPipe invents these, so they must not move the pose."""

from typing import Final

import numpy as np

from facetrack.packets import Bool, Float

_BONES: Final = np.array(
    [(k, k + 1) for finger in (1, 5, 9, 13, 17) for k in range(finger, finger + 3)] + [(0, k) for k in (1, 5, 9, 13, 17)]
)
_BONE_RADIUS_MM: Final = np.array([9.0] * 15 + [15.0] * 5)
"""Half thickness of fingers and of the palm's rays."""
_FOREARM_RADIUS_MM: Final = 32.0
DILATION_MM: Final = 6.0
"""Mesh points beside a hand are drawn along with the covered ones."""


def covered_by_hands(points_px: Float, hands_px: Float, mm_per_px: float) -> Bool:
    """(P,) whether each of points_px (P, 2) lies under one of hands_px (2, 21, 3); a hand of NaN covers nothing.

    A hand is the union of its dilated bones; the forearm is one more bone that runs on from the wrist.
    """
    seen = hands_px[~np.isnan(hands_px[:, 0, 0]), :, :2]
    if not len(seen):
        return np.zeros(len(points_px), dtype=np.bool_)
    start, end = seen[:, _BONES[:, 0]], seen[:, _BONES[:, 1]]
    wrist = seen[:, 0]
    forearm = wrist + 1.5 * (wrist - seen[:, 9])
    start = np.concatenate([start, wrist[:, None]], axis=1).reshape(-1, 2)
    end = np.concatenate([end, forearm[:, None]], axis=1).reshape(-1, 2)
    radius = np.append(_BONE_RADIUS_MM, _FOREARM_RADIUS_MM) + DILATION_MM
    bone = end - start
    length2 = np.einsum("bi,bi->b", bone, bone) + 1e-9
    dx = points_px[:, 0, None] - start[:, 0]
    dy = points_px[:, 1, None] - start[:, 1]
    t = np.clip((dx * bone[:, 0] + dy * bone[:, 1]) / length2, 0.0, 1.0)
    dx -= t * bone[:, 0]
    dy -= t * bone[:, 1]
    limit = np.tile((radius / mm_per_px) ** 2, len(seen))
    return np.asarray((dx * dx + dy * dy < limit).any(axis=1))
