"""How well the face is lit: from a few pixels of the picture, once every few frames."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float

STRIDE: Final = 6
"""Every sixth pixel and row: 3 000 pixels of a face that is 330 px wide."""
GREY: Final = np.array([0.114, 0.587, 0.299])
"""Rec. 601 luma of BGR."""
GLARE: Final = 250.0
DARK: Final = 42.0
"""A face of the darkest of the Monk tones in a lit room is brighter than this on the mannequin (52); in a dim one none is."""
DIM: Final = 70.0
DIM_ROOM: Final = 60.0
"""A dark face counts as badly lit only where the whole picture is dark too: skin may be dark."""
BEHIND: Final = 2.4
GLARE_SHARE: Final = 0.25
SIDE: Final = 0.4
"""One half of the face has less than this share of the other's light."""


@dataclass(frozen=True, slots=True)
class FaceLight:
    """Luma 0..255: medians of the face, of its half to the user's left and right, and of the whole picture. glare: share of
    the face's pixels that are burnt out."""

    face: float
    left: float
    right: float
    picture: float
    glare: float


def measure_light(image_bgr: NDArray[np.uint8], box: tuple[float, float, float, float]) -> FaceLight | None:
    """box: x0, y0, x1, y1 of the face in pixels of the unmirrored picture. None where too little of it is in the picture."""
    height, width = image_bgr.shape[:2]
    x0, x1 = (int(min(max(x, 0.0), width)) for x in (box[0], box[2]))
    y0, y1 = (int(min(max(y, 0.0), height)) for y in (box[1], box[3]))
    face: Float = image_bgr[y0:y1:STRIDE, x0:x1:STRIDE] @ GREY
    if face.shape[0] < 3 or face.shape[1] < 4:
        return None
    middle = face.shape[1] // 2
    whole: Float = image_bgr[:: 4 * STRIDE, :: 4 * STRIDE] @ GREY
    # The user's left is at the right of an unmirrored picture.
    return FaceLight(
        float(np.median(face)),
        float(np.median(face[:, middle:])),
        float(np.median(face[:, :middle])),
        float(np.median(whole)),
        float((face >= GLARE).mean()),
    )


def light_fault(light: FaceLight) -> str | None:
    """The id of what should be changed, or None."""
    if light.face < DARK or (light.face < DIM and light.picture < DIM_ROOM):
        return "light.dark"
    if light.face < DIM and light.picture > BEHIND * light.face:
        return "light.behind"
    if light.glare > GLARE_SHARE:
        return "light.glare"
    if min(light.left, light.right) < SIDE * max(light.left, light.right):
        return "light.side"
    return None
