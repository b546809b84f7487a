"""The points of a hand that can work, and the palm's size in the image."""

from typing import Final

import numpy as np

from facetrack.packets import HAND_LANDMARKS, Float

_TIPS_AND_KNUCKLE: Final = np.array([4, 8, 12, 16, 20, 10])
_PALM: Final = np.array([0, 1, 5, 9, 13, 17])
"""Wrist, thumb base and finger bases: the part of the hand that keeps its shape."""
_PALM_CENTRE: Final = np.array([0, 5, 9, 13, 17])
"""Without the thumb's base, which would draw the middle to one side."""
LAYER: Final = np.array([0, 0, 0, 0, 0, 1, 2])
"""How high each of POINT_NAMES lies above the skin that it touches: which of ``face_surface.ABOVE_MM``."""
_LANDMARK: Final = np.eye(HAND_LANDMARKS)
_TO_POINTS: Final = np.vstack([_LANDMARK[_TIPS_AND_KNUCKLE], _LANDMARK[_PALM_CENTRE].mean(axis=0)])
"""(7, 21) what the landmarks are multiplied with for POINT_NAMES."""
_FROM_MIDDLE: Final = _LANDMARK[_PALM] - _LANDMARK[_PALM].mean(axis=0)
"""(6, 21) for the palm's points as seen from their middle."""


def hand_points_px(hands_px: Float) -> Float:
    """(..., 21, 3) landmarks -> (..., 7, 2) POINT_NAMES in pixels. NaN in, NaN out."""
    points: Float = _TO_POINTS @ hands_px[..., :2]
    return points


def palm_size_px(hands_px: Float) -> Float:
    """(..., 21, 3) -> (...) mean distance of the palm's points from their centre, in pixels. NaN in, NaN out."""
    offset = _FROM_MIDDLE @ hands_px[..., :2]
    size: Float = np.hypot(offset[..., 0], offset[..., 1]).mean(axis=-1)
    return size
