"""Measures how well the face is lit, from a few pixels of the picture, once every few frames."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float

STRIDE: Final = 6
"""Every sixth pixel of every sixth row is measured: 3 000 pixels of a face that is 330 px wide."""
GREY: Final = np.array([0.114, 0.587, 0.299])
"""Weights of blue, green and red in Rec. 601 luma."""
GLARE: Final = 250.0
"""Luma from which on a pixel is burnt out."""
DARK: Final = 42.0
"""Luma below which a face is too dark. On the mannequin a face of the darkest of the Monk tones is brighter in a lit room (52),
and no face is in a dim one."""
DIM: Final = 70.0
"""Luma below which a face counts as badly lit if the room is dark too."""
DIM_ROOM: Final = 60.0
"""Luma of the whole picture below which the room counts as dark. A dark face alone is not enough: skin may be dark."""
BEHIND: Final = 2.4
"""The light is behind the user if the picture is brighter than the face by more than this factor."""
GLARE_SHARE: Final = 0.25
"""Share of burnt-out pixels from which on the face is too bright."""
SIDE: Final = 0.4
"""The light comes from one side if one half of the face has less than this share of the other's light."""


@dataclass(frozen=True, slots=True)
class FaceLight:
    """Brightness of a face and its surroundings: medians of the luma, 0..255."""

    face: float  # the whole face
    left: float  # the half to the user's left
    right: float  # the half to the user's right
    picture: float  # the whole picture
    glare: float  # share of the face's pixels that are burnt out


def measure_light(image_bgr: NDArray[np.uint8], box: tuple[float, float, float, float]) -> FaceLight | None:
    """Measure the light on a face. Returns None if too little of the face is in the picture.

    box: x0, y0, x1, y1 of the face in pixels of the unmirrored picture.
    """
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
    """Return the id of what should be changed about the light, or None."""
    if light.face < DARK or (light.face < DIM and light.picture < DIM_ROOM):
        return "light.dark"
    if light.face < DIM and light.picture > BEHIND * light.face:
        return "light.behind"
    if light.glare > GLARE_SHARE:
        return "light.glare"
    if min(light.left, light.right) < SIDE * max(light.left, light.right):
        return "light.side"
    return None
