"""Which points of the face lie under a hand. MediaPipe invents these, so they must not move the pose."""

from typing import Final

import numpy as np

from facetrack.packets import Float

_JOINTS: Final = 22
"""The hand's landmarks, and the far end of the forearm."""
_BONES: Final = np.array(
    [(k, k + 1) for finger in (1, 5, 9, 13, 17) for k in range(finger, finger + 3)]
    + [(0, k) for k in (1, 5, 9, 13, 17, _JOINTS - 1)]
)
_START, _END = _BONES.T.copy()
_RADIUS_MM: Final = np.array([9.0] * 15 + [15.0] * 5 + [32.0])
"""Half thickness of fingers, of the palm's rays, and of the forearm."""
_TOUCHED_MM: Final = 5.0
_UNTOUCHED_MM: Final = 45.0
"""From a hand's edge: nearer than the first, a mesh point is covered; farther than the second, the hand does not draw it along.
Measured on the mannequin: an eye beside a hand is drawn 10 mm along, the one on the other side of the face not at all."""


def clearance_mm(points_px: Float, hands_px: Float, mm_per_px: float) -> Float:
    """(P,) distance of each of points_px (P, 2) to the nearest of hands_px (2, 21, 3), negative under it; inf without hands.

    A hand is its bones with flesh on them; the forearm is one more bone that runs on from the wrist. A hand of NaN is none.
    """
    seen = hands_px[~np.isnan(hands_px[:, 0, 0])]
    if not len(seen):
        return np.full(len(points_px), np.inf)
    joints = np.empty((2, len(seen), _JOINTS))
    joints[..., :-1] = seen[..., :2].transpose(2, 0, 1)
    joints[..., -1] = 2.5 * joints[..., 0] - 1.5 * joints[..., 9]  # the forearm's far end
    start = joints.take(_START, axis=2).reshape(2, -1, 1)
    bone = joints.take(_END, axis=2).reshape(2, -1, 1) - start
    (bone_x, bone_y), (dx, dy) = bone, points_px.T[:, None] - start
    t = dx * bone_x
    t += dy * bone_y
    t /= bone_x * bone_x + bone_y * bone_y + 1e-9
    np.minimum(np.maximum(t, 0.0, out=t), 1.0, out=t)
    dx -= t * bone_x
    dy -= t * bone_y
    dx *= dx
    dy *= dy
    dx += dy
    away = np.sqrt(dx, out=dx).reshape(len(seen), len(_BONES), -1)
    away *= mm_per_px
    away -= _RADIUS_MM[:, None]
    nearest: Float = away.min(axis=(0, 1))
    return nearest


def trust(clearance: Float) -> Float:
    """(P,) clearance_mm -> (P,) how far a mesh point is to be believed: 0 under a hand, 1 well away from it."""
    share: Float = (clearance - _TOUCHED_MM) / (_UNTOUCHED_MM - _TOUCHED_MM)
    np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
    share *= share
    return share
