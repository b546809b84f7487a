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
_RADIUS_MM: Final = np.array(15 * [[9.0]] + 5 * [[15.0]] + [[32.0]])
"""(21, 1) half thickness of a hand's bones: of fingers, of the palm's rays, and of the forearm."""
_NOTHING_PX: Final = 1e-12
"""So much longer is every bone: one without length has a direction, too."""
_TOUCHED_MM: Final = 5.0
_UNTOUCHED_MM: Final = 45.0
"""From a hand's edge: nearer than the first, a mesh point is covered; farther than the second, the hand does not draw it along.
Measured on the mannequin: an eye beside a hand is drawn 10 mm along, the one on the other side of the face not at all."""


def clearance_mm(points_px: Float, hands_px: Float, mm_per_px: float) -> Float:
    """(P,) distance of each of points_px (P, 2) to the nearest of hands_px (2, 21, 3), negative under it; inf without hands.

    A hand is its bones with flesh on them; the forearm is one more bone that runs on from the wrist. A hand of NaN is none. The
    plain twin is ``tests.geometry.reference.hands.clearance_mm``.
    """
    bones = _BONES_OF @ hands_px[..., :2].T
    middle, half = bones[:, : len(_RADIUS_MM)], bones[:, len(_RADIUS_MM) :] + _NOTHING_PX
    # Every point as seen from each bone's middle, (2, points, bones, hands), then from the place on the bone that is nearest.
    off = points_px.T[..., None, None] - middle[:, None]
    along = np.einsum("ipbh,ibh->pbh", off, half / np.einsum("ibh,ibh->bh", half, half))
    off -= half[:, None] * along.clip(-1.0, 1.0)
    away_mm = np.sqrt(np.einsum("ipbh,ipbh->pbh", off, off)) * mm_per_px - _RADIUS_MM
    clearance: Float = np.fmin.reduce(away_mm, axis=(1, 2), initial=np.inf)
    return clearance


def _bones_of() -> Float:
    """(42, 21) what a hand's landmarks are multiplied with for the middles of its bones, and half of how they run."""
    landmark = np.eye(HAND_LANDMARKS)
    start = np.array([landmark[k] for k, _ in _BONES] + [landmark[0]])
    half = np.array([landmark[end] - landmark[k] for k, end in _BONES] + [_FOREARM * (landmark[0] - landmark[9])]) / 2.0
    return np.concatenate([start + half, half])


_BONES_OF: Final = _bones_of()


def visibility_weight(clearance: Float) -> Float:
    """(P,) clearance_mm -> (P,) how far a mesh point is to be believed: 0 under a hand, 1 well away from it."""
    share: Float = np.interp(clearance, (_TOUCHED_MM, _UNTOUCHED_MM), (0.0, 1.0))
    return share * share
