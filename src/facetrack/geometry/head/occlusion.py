"""Which points of the face lie under a hand. MediaPipe invents these, so they must not move the pose."""

from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, Float

_BONES: Final = (
    [(k, k + 1) for finger in (1, 5, 9, 13, 17) for k in range(finger, finger + 3)]  # of the fingers
    + [(0, k) for k in (1, 5, 9, 13, 17)]  # the palm's rays
)
_FOREARM: Final = 1.5
"""It runs on from the wrist, so many times as far as the middle finger's base is away."""
_RADIUS_MM: Final = np.array([[9.0], [15.0], [32.0]])
"""Half thickness of fingers, of the palm's rays, and of the forearm."""
_PARTS: Final = ((0, 15), (15, 20), (20, 21))
"""Which bones these are."""
_NOTHING_PX: Final = 1e-12
"""So much longer is every bone: one without length has a direction, too."""
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
    joints = seen[..., :2].transpose(1, 0, 2).reshape(HAND_LANDMARKS, -1)
    middle, bone = (_LAID_OUT @ joints).reshape(2, -1, len(seen), 2)
    bone[..., 0] += _NOTHING_PX
    half = np.hypot(bone[..., 0], bone[..., 1])
    bone /= half[..., None]
    # Each point's places along every bone, from its middle, and beside it: sums of products with (x, y, -1).
    frame = np.empty((2, *half.shape, 3))
    frame[0, ..., :2] = bone
    frame[1, ..., 0], frame[1, ..., 1] = bone[..., 1], -bone[..., 0]
    offset = frame[..., :2] * middle
    np.add(offset[..., 0], offset[..., 1], out=frame[..., 2])
    points = np.empty((3, len(points_px)))
    points[:2], points[2] = points_px.T, -1.0
    along, beside = (frame.reshape(-1, 3) @ points).reshape(2, half.size, -1)
    beyond = np.abs(along, out=along)
    beyond -= half.reshape(-1, 1)
    np.maximum(beyond, 0.0, out=beyond)
    beyond *= beyond
    beside *= beside
    beyond += beside
    away = np.empty((len(_RADIUS_MM), len(points_px)))
    for part, (first, end) in enumerate(_PARTS):
        np.minimum.reduce(beyond[first * len(seen) : end * len(seen)], axis=0, out=away[part])
    np.sqrt(away, out=away)
    away *= mm_per_px
    away -= _RADIUS_MM
    nearest: Float = np.minimum.reduce(away, axis=0)
    return nearest


def _laid_out() -> Float:
    """(42, 21) what a hand's landmarks are multiplied with for the middles of its bones, and half of how they run."""
    landmark = np.eye(HAND_LANDMARKS)
    start = np.array([landmark[k] for k, _ in _BONES] + [landmark[0]])
    half = np.array([landmark[end] - landmark[k] for k, end in _BONES] + [_FOREARM * (landmark[0] - landmark[9])]) / 2.0
    return np.concatenate([start + half, half])


_LAID_OUT: Final = _laid_out()


def trust(clearance: Float) -> Float:
    """(P,) clearance_mm -> (P,) how far a mesh point is to be believed: 0 under a hand, 1 well away from it."""
    share: Float = (clearance - _TOUCHED_MM) / (_UNTOUCHED_MM - _TOUCHED_MM)
    np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
    share *= share
    return share
