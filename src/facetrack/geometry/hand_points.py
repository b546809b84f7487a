"""The points of a hand that can work, and the palm's size in the image."""

from typing import Final

import numpy as np

from facetrack.geometry.face_points import PALM, POINTS
from facetrack.packets import Float

_TIPS_AND_KNUCKLE: Final = np.array([4, 8, 12, 16, 20, 10])
_PALM: Final = np.array([0, 1, 5, 9, 13, 17])
"""Wrist, thumb base and finger bases: the part of the hand that keeps its shape."""


def hand_points_px(hands_px: Float) -> Float:
    """(..., 21, 3) landmarks -> (..., 7, 2) POINT_NAMES in pixels. NaN in, NaN out."""
    places = hands_px[..., :2]
    out = np.empty((*hands_px.shape[:-2], POINTS, 2))
    out[..., :PALM, :] = places.take(_TIPS_AND_KNUCKLE, axis=-2)
    out[..., PALM, :] = places.take(_PALM, axis=-2).sum(axis=-2)
    out[..., PALM, :] /= len(_PALM)
    return out


def palm_size_px(hands_px: Float) -> Float:
    """(..., 21, 3) -> (...) mean distance of the palm's points from their centre, in pixels. NaN in, NaN out."""
    palm = hands_px[..., :2].take(_PALM, axis=-2)
    offset = palm - palm.sum(axis=-2, keepdims=True) / len(_PALM)
    offset *= offset
    size: Float = np.sqrt(offset[..., 0] + offset[..., 1]).sum(axis=-1) / len(_PALM)
    return size
