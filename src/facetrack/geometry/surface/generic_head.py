"""The generic head and neck that a user's own face is completed by; ``scripts/build_generic_head.py`` makes its file."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from facetrack.packets import Float


@dataclass(frozen=True, slots=True)
class GenericHead:
    """The canonical face and the head around it, at the N nodes of ``face_surface.LATTICE``.

    points_mm: (N, 3) the skin, from the nose bridge. head_share: (N,) how much of the head's turning the skin there goes along
    with: 1 on the face, 0 low on the neck. carry: (N, 468) the weights by which what moves the landmarks moves the skin.
    relief: (cells, 3) on ``skin_relief.RELIEF_GRID``, as in ``SkinRelief``; its last row, no cell, is NaN.
    """

    points_mm: Float
    head_share: Float
    carry: Float
    relief: Float


@cache
def generic_head() -> GenericHead:
    """Read once."""
    with files("facetrack.geometry.surface").joinpath("generic_head.npz").open("rb") as file:
        return GenericHead(**{name: values.astype(np.float64) for name, values in np.load(file).items()})
