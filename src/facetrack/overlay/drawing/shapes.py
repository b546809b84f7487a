"""Draws the small shapes that everything on the picture is made of. Coordinates are (..., 2) pixels of the displayed
picture."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.capture.opencv import Image
from facetrack.overlay.drawing.layout import Rect
from facetrack.overlay.drawing.theme import Colour
from facetrack.packets import Float

_SHIFT: Final = 3
"""Bits of sub-pixel precision in the coordinates that OpenCV's drawing takes."""
_FARTHEST: Final = 20_000.0
"""Coordinates are clipped to this many pixels, beyond which OpenCV's 16-bit clipping would wrap around."""


def fixed(points: Float) -> NDArray[np.int32]:
    """Convert points to the fixed-point numbers of OpenCV with ``shift=_SHIFT``."""
    near = np.minimum(np.maximum(points, -_FARTHEST), _FARTHEST)  # np.clip costs three times as much on a few points
    near *= 1 << _SHIFT
    return np.rint(near).astype(np.int32)


def lines(
    image: Image, curves: list[Float], colour: Colour, thickness: int, outline: Colour | None = None, closed: bool = False
) -> None:
    """Draw polylines. An outline gives them a darker rim, which is visible on any skin."""
    pieces = [fixed(curve) for curve in curves]
    if outline is not None:
        cv2.polylines(image, pieces, closed, outline, thickness + 2, cv2.LINE_AA, _SHIFT)
    cv2.polylines(image, pieces, closed, colour, thickness, cv2.LINE_AA, _SHIFT)


def fill(image: Image, polygons: list[Float], colour: Colour) -> None:
    """Fill convex polygons with a plain colour."""
    for polygon in polygons:
        cv2.fillConvexPoly(image, fixed(polygon), colour, cv2.LINE_AA, _SHIFT)


def ring(image: Image, centre: Float, radius: float, colour: Colour, thickness: int) -> None:
    """Draw a circle; thickness -1 fills it."""
    x, y = fixed(centre).tolist()
    cv2.circle(image, (x, y), round(radius * (1 << _SHIFT)), colour, thickness, cv2.LINE_AA, _SHIFT)


def tint(image: Image, polygons: list[Float], colour: Colour, share: float) -> None:
    """Mix a share of a colour into polygons, touching only the rectangle around them."""
    corners = np.concatenate(polygons)
    height, width = image.shape[:2]
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width, height))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, 0, (width, height))
    if right <= left or bottom <= top:
        return
    region = image[top:bottom, left:right]
    plain = region.copy()
    for polygon in polygons:
        cv2.fillPoly(region, [fixed(polygon - (left, top))], colour, cv2.LINE_8, _SHIFT)
    cv2.addWeighted(region, share, plain, 1.0 - share, 0.0, dst=region)


def darken(image: Image, rect: Rect, share: float) -> None:
    """Darken a rectangle to a share of its light, so that text on it is readable."""
    x, y, width, height = rect
    region = image[max(y, 0) : y + height, max(x, 0) : x + width]
    if region.size:
        cv2.convertScaleAbs(region, dst=region, alpha=share)


def chevrons(centres: Float, directions: Float, size: float) -> list[Float]:
    """Make open curves of 3 points that point along directions. Those with a NaN are left out.

    centres, directions: (N, 2), the directions of unit length.
    """
    known = np.isfinite(centres).all(axis=-1) & np.isfinite(directions).all(axis=-1)
    centres, directions = centres[known], directions[known]
    across = np.stack([-directions[:, 1], directions[:, 0]], axis=-1)
    back = centres - size * directions
    return list(np.stack([back + size * across, centres, back - size * across], axis=1))


def arrow(image: Image, tail: Float, tip: Float, colour: Colour, thickness: int, outline: Colour) -> None:
    """Draw a thick arrow with an open head."""
    along = tip - tail
    length = float(np.hypot(*along))
    if not np.isfinite(length) or length < 1.0:
        return
    head = chevrons(tip[None], along[None] / length, min(0.4 * length, 3.4 * thickness))
    lines(image, [np.stack([tail, tip]), *head], colour, thickness, outline)
