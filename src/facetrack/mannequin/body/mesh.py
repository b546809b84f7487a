"""Loads the mannequin's stored parts: meshes of head, neck, chest, hair and the left hand, and where the tracker's landmarks
lie on them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import FACE_LANDMARKS, Float

DATA_FILE: Final = "body.npz"
"""Name of the data file in this package."""
_UNIT_MM = 0.02  # of the stored coordinates
SKIN: Final = 0
"""Mark of skin among the head's vertices."""
HAIR: Final = 1
"""Mark of hair."""

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mesh:
    """A triangle mesh."""

    points_mm: Float32  # (V, 3)
    normals: Float32  # (V, 3)
    occlusion: Float32  # (V,) from 0, buried, to 1, open
    triangles: NDArray[np.int32]  # (T, 3), counter-clockwise from outside


@dataclass(frozen=True, slots=True)
class Body:
    """All stored parts."""

    head: Mesh  # head, neck, chest and hair, in the head frame
    part: NDArray[np.uint8]  # (V,) SKIN or HAIR
    head_share: Float32  # (V,) how much of the head's rotation a vertex follows
    hand: Mesh  # the left hand at rest, in the hand frame
    hand_weights: Float32  # (V, 17) influence of each of the hand's bones
    person_mm: Float  # (478, 3) points through which the face was modelled; used for painting only
    registration_mm: Float  # (478, 3) where the tracker's landmarks lie on the skin, measured; NaN in a data file without it


@cache
def body() -> Body:
    """Load the parts once; the arrays are read-only."""
    with files("facetrack.mannequin.body").joinpath(DATA_FILE).open("rb") as file:
        data = dict(np.load(file))
    weights = data["hand_w"].astype(np.float32)
    registration = data.get("registration_mm", np.full((FACE_LANDMARKS, 3), np.nan))
    made = Body(
        head=_mesh(data, "head"),
        part=data["head_part"],
        head_share=data["head_share"].astype(np.float32) / 255,
        hand=_mesh(data, "hand"),
        hand_weights=weights / weights.sum(axis=1, keepdims=True),
        person_mm=data["person_mm"].astype(np.float64),
        registration_mm=registration.astype(np.float64),
    )
    for array in (made.part, made.head_share, made.hand_weights, made.person_mm, made.registration_mm):
        array.setflags(write=False)
    return made


def _mesh(data: dict[str, NDArray[np.generic]], name: str) -> Mesh:
    normals = data[f"{name}_n"].astype(np.float32)
    lengths: Float32 = np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), np.float32(1)).astype(np.float32)
    occlusion: Float32 = data[f"{name}_ao"].astype(np.float32) / np.float32(255)
    mesh = Mesh(
        points_mm=data[f"{name}_v"].astype(np.float32) * np.float32(_UNIT_MM),
        normals=normals / lengths,
        occlusion=occlusion,
        triangles=data[f"{name}_t"].astype(np.int32),
    )
    for array in (mesh.points_mm, mesh.normals, mesh.occlusion, mesh.triangles):
        array.setflags(write=False)
    return mesh
