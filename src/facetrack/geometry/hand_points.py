"""The points of a hand that can work, and the palm's size in the image."""

from typing import Final

import numpy as np

from facetrack.geometry.face_points import POINTS
from facetrack.packets import Float

_TIPS: Final = [4, 8, 12, 16, 20]
_MIDDLE_PIP: Final = 10
_PALM: Final = [0, 1, 5, 9, 13, 17]
"""Wrist, thumb base and finger bases: the part of the hand that keeps its shape."""


def hand_points_px(hands_px: Float) -> Float:
    """(..., 21, 3) landmarks -> (..., 7, 2) POINT_NAMES in pixels. NaN in, NaN out."""
    out = np.empty((*hands_px.shape[:-2], POINTS, 2))
    out[..., :5, :] = hands_px[..., _TIPS, :2]
    out[..., 5, :] = hands_px[..., _MIDDLE_PIP, :2]
    out[..., 6, :] = hands_px[..., _PALM, :2].mean(axis=-2)
    return out


def palm_size_px(hands_px: Float) -> Float:
    """(..., 21, 3) -> (...) mean distance of the palm's points from their centre, in pixels. NaN in, NaN out."""
    palm = hands_px[..., _PALM, :2]
    offset = palm - palm.mean(axis=-2, keepdims=True)
    size: Float = np.sqrt((offset * offset).sum(axis=-1)).mean(axis=-1)
    return size
