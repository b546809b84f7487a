"""Pictures of nobody: the rendered face and hand of the models' self-check, alone and put together."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.tracking.models import self_test

Image = NDArray[np.uint8]


def rendered(name: str) -> Image:
    """ "face" or "hand" (a user's left one), 256 x 256 BGR."""
    image = cv2.imread(str(Path(self_test.__file__).parent / f"self_test_{name}.png"))
    assert image is not None
    return image.astype(np.uint8)


def scene(*things: tuple[Image, int, int, int], size_wh: tuple[int, int] = (640, 480)) -> Image:
    """things: (picture, its size, x, y) on the renderer's background."""
    image = np.full((size_wh[1], size_wh[0], 3), rendered("face")[2, 2], np.uint8)
    for thing, size, x, y in things:
        image[y : y + size, x : x + size] = cv2.resize(thing, (size, size))
    return image
