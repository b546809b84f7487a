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
    """Return the mean distance of the landmarks: (..., 21, 2) px -> (...)."""
    apart = one - other
    mean: Float = np.sqrt(np.einsum("...i,...i->...", apart, apart)).sum(axis=-1) / HAND_LANDMARKS
    return mean


def hand_sizes(xy: Float) -> Float:
    """Return the mean distance of the finger bases from the wrist, at least 1 px: (..., 21, 2) px -> (...)."""
    bones = xy[..., FINGER_BASES, :] - xy[..., :1, :]
    size: Float = np.sqrt(np.einsum("...ki,...ki->...k", bones, bones)).sum(axis=-1) / len(FINGER_BASES)
    return np.maximum(size, 1.0)


def palms(xy: Float) -> Float:
    """Return the palm's centre: (..., 21, 2) px -> (..., 2)."""
    centre: Float = xy[..., PALM, :].mean(axis=-2)
    return centre


def on_palm(xy: Float) -> Float:
    """Return the landmarks as seen from the palm's centre, (..., 21, 2) px."""
    relative: Float = xy - palms(xy)[..., None, :]
    return relative


def palm_distance(one: Float, other: Float) -> float:
    """Return the px between the palms of two hands (21, 2)."""
    return math.dist(palms(one), palms(other))
