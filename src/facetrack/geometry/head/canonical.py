"""The canonical face: the fixed chart that zones, routine points and fingertips are written in.

Measured on 87 tracked faces (generalised Procrustes, median, made symmetric), scaled so that the median iris is 11.7 mm
across. Origin between the inner eye corners (z at the nose bridge), +x to the user's left, +y up, +z to the camera, mm.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import FACE_LANDMARKS, Float

IRIS_MM: Final = 11.7
"""Horizontal visible iris diameter of adults; spread over people about 0.5 mm."""


@dataclass(frozen=True, slots=True)
class CanonicalFace:
    """points_mm: (478, 3); mirror_index: (478,) the landmark on the other side; spread_mm: (478, 3) s.d. over people."""

    points_mm: Float
    mirror_index: NDArray[np.intp]
    spread_mm: Float


@cache
def canonical_face() -> CanonicalFace:
    """The canonical face, read once. Its arrays are read-only."""
    text = files("facetrack.geometry.head").joinpath("canonical_face.csv").read_text(encoding="utf-8")
    table = np.loadtxt(text.splitlines(), delimiter=",", skiprows=1)
    if table.shape != (FACE_LANDMARKS, 8):
        raise ValueError(f"canonical_face.csv holds {table.shape}, not (478, 8)")
    face = CanonicalFace(table[:, 1:4].copy(), table[:, 4].astype(np.intp), table[:, 5:8].copy())
    for array in (face.points_mm, face.mirror_index, face.spread_mm):
        array.setflags(write=False)
    return face
