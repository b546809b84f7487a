"""Measures the mean colours of forehead and cheeks in a picture, located by the face mesh."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.head.landmarks import OUTER_EYE_CORNERS
from facetrack.geometry.head.occlusion import clearance_mm
from facetrack.packets import Float, Observation

REGIONS: Final[dict[str, tuple[int, ...]]] = {
    "forehead": (103, 67, 109, 10, 338, 297, 332, 298, 334, 296, 336, 9, 107, 66, 105, 68),
    "left cheek": (345, 346, 347, 348, 329, 371, 423, 426, 436, 416, 376, 352),
    "right cheek": (116, 117, 118, 119, 100, 142, 203, 206, 216, 192, 147, 123),
}
"""Landmarks around each region, of the user's left and right: skin without brows, hair, nose wings and mouth."""
SHRINK: Final = 0.9
"""Regions are shrunk by this factor, because the mesh is a little off and a fringe hangs over the forehead's rim."""
FEWEST_PIXELS: Final = 60
"""A region with fewer pixels has no reliable mean; a face 60 px wide has just enough."""
EYE_CORNERS_MM: Final = 89.0
"""Distance between them on the canonical face: accurate enough to see whether the head moves."""
STEADY: Final = (6, 168, 197, 9, 151, *OUTER_EYE_CORNERS)
"""Landmarks of nose bridge, forehead and outer eye corners, which move with the head and not with the face's expression."""
CLEAR_MM: Final = 12.0
"""A hand nearer than this to a region may cover it or cast its shadow on it."""
SURROUND_STRIDE: Final = 4
"""Every fourth pixel and row beside the face is measured."""
_SURROUND_GAP: Final = 0.35
"""Share of the face's width that is left out on either side: hair and a hand beside the face are no background."""


@dataclass(frozen=True, slots=True)
class SkinColours:
    """Colours in one frame."""

    t_s: float
    regions: Float  # (3, 3) mean red, green, blue of forehead, left and right cheek, 0..255; NaN if not measured
    surround: Float  # (3,) mean colour of the picture beside the face
    head_mm: Float  # (2,) position of the head, on a scale of mm
    face: bool  # whether a face was seen
    hands: bool  # whether hands were at the face


def skin_colours(image_bgr: NDArray[np.uint8], observation: Observation) -> SkinColours:
    """Measure the colours of one picture, given what was seen in it."""
    nothing = np.full((len(REGIONS), 3), np.nan)
    if not observation.face_seen:
        return SkinColours(observation.t_s, nothing, np.full(3, np.nan), np.full(2, np.nan), False, False)
    mesh = observation.face_px[:, :2]
    eyes_px = float(np.hypot(*(np.subtract(*mesh[list(OUTER_EYE_CORNERS)]))))
    mm_per_px = EYE_CORNERS_MM / max(eyes_px, 1.0)
    outlines = [_outline(mesh, names) for names in REGIONS.values()]
    clear = clearance_mm(np.concatenate(outlines), observation.hands_px, mm_per_px) > CLEAR_MM
    hands = not bool(clear.all())
    regions = nothing if hands else np.stack([_mean_rgb(image_bgr, outline) for outline in outlines])
    head: Float = mesh[list(STEADY)].mean(axis=0) * mm_per_px
    return SkinColours(observation.t_s, regions, _surround(image_bgr, mesh), head, True, hands)


def _outline(mesh_px: Float, names: tuple[int, ...]) -> Float:
    corners = mesh_px[list(names)]
    middle = corners.mean(axis=0)
    outline: Float = middle + SHRINK * (corners - middle)
    return outline


def _mean_rgb(image_bgr: NDArray[np.uint8], outline_px: Float) -> Float:
    """Return the mean (3,) of the pixels inside an outline (N, 2); NaN if too few of them are in the picture."""
    height, width = image_bgr.shape[:2]
    low = np.maximum(np.floor(outline_px.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(outline_px.max(axis=0)).astype(int) + 1, (width, height))
    if (high - low < 4).any():
        return np.full(3, np.nan)
    part = image_bgr[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(outline_px - low).astype(np.int32)], 1)
    if cv2.countNonZero(mask) < FEWEST_PIXELS:
        return np.full(3, np.nan)
    return np.array(cv2.mean(part, mask)[2::-1])


def _surround(image_bgr: NDArray[np.uint8], mesh_px: Float) -> Float:
    """Return the mean colour (3,) of the picture to the left and right of the face; NaN if the face fills it."""
    left, right = float(mesh_px[:, 0].min()), float(mesh_px[:, 0].max())
    gap = _SURROUND_GAP * (right - left)
    columns = np.arange(0, image_bgr.shape[1], SURROUND_STRIDE)
    beside = columns[(columns < left - gap) | (columns > right + gap)]
    if not len(beside):
        return np.full(3, np.nan)
    mean: Float = image_bgr[::SURROUND_STRIDE, beside].reshape(-1, 3).mean(axis=0)[::-1]
    return mean
