"""Measures of hands in the picture, from MediaPipe's 21 landmarks. Pure numpy."""

import math
from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, Float

WRIST: Final = 0
FINGER_BASES: Final = [5, 9, 13, 17]
PALM: Final = [WRIST, *FINGER_BASES]
TIPS: Final = [4, 8, 12, 16, 20]


def mean_distance(one: Float, other: Float) -> Float:
    """(..., 21, 2) px -> (...) mean distance of the landmarks."""
    apart = one - other
    mean: Float = np.sqrt(np.einsum("...i,...i->...", apart, apart)).sum(axis=-1) / HAND_LANDMARKS
    return mean


def hand_sizes(xy: Float) -> Float:
    """(..., 21, 2) px -> (...) mean distance of the finger bases from the wrist; at least 1 px."""
    bones = xy[..., FINGER_BASES, :] - xy[..., :1, :]
    size: Float = np.sqrt(np.einsum("...ki,...ki->...k", bones, bones)).sum(axis=-1) / len(FINGER_BASES)
    return np.maximum(size, 1.0)


def palms(xy: Float) -> Float:
    """(..., 21, 2) px -> (..., 2) the palm's centre."""
    centre: Float = xy[..., PALM, :].mean(axis=-2)
    return centre


def on_palm(xy: Float) -> Float:
    """(..., 21, 2) px -> the same, from the palm's centre."""
    relative: Float = xy - palms(xy)[..., None, :]
    return relative


def palm_distance(one: Float, other: Float) -> float:
    """px between the palms of two hands (21, 2)."""
    return math.dist(palms(one), palms(other))
