"""The user's face as a surface over the chart: the mesh where there is one, a generic head and neck beyond it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.chart.grid import Grid, Index
from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import PIVOT_MM
from facetrack.geometry.surface.generic_head import generic_head
from facetrack.packets import Float

Float32 = NDArray[np.float32]

LATTICE: Final = Grid(west=-120.0, south=-240.0, cell_mm=8.0, columns=31, rows=46)
"""From the chest to above the hair. Finer ones gain nothing: a fingertip is wider than a cell."""
MARGIN: Final = 15
"""Nodes around TOUCH's own that are nowhere, so that looking around any of its own needs no limits."""
TOUCH: Final = Grid(west=-180.0, south=-300.0, cell_mm=4.0, columns=91, rows=121)
"""Where a hand's points are sought: LATTICE, twice as fine, so that a finger's error (2 mm) spreads over several nodes; and the
margin."""
COARSE_MM: Final = LATTICE.centres().reshape(-1, 2)
WIDEST_MM: Final = 82.0
"""No face is wider than this: half, with the ears. What lies beyond is looked at only from beyond."""
BESIDE: Final = np.abs(COARSE_MM[:, 0]) > WIDEST_MM
_NOWHERE: Final = (0.0, 0.0, 0.0, 1e6, 1e6, 1.0)
"""A kilometre off."""
FINGER_MM: Final = 6.0
"""A fingertip landmark lies inside the finger, about half its thickness above the skin that it touches."""
ABOVE_MM: Final = (FINGER_MM, 8.0, 14.0)
"""Half the thickness of a fingertip, of a finger's middle joint, of a palm."""
LAYERS: Final = TOUCH.nowhere * np.arange(len(ABOVE_MM))
"""Where these begin in ``FaceSurface.touched``."""
TOUCH_NODE: Final[Index] = TOUCH.nearest(COARSE_MM) + BESIDE * (len(ABOVE_MM) * TOUCH.nowhere)
"""(N,) where LATTICE's nodes are in ``FaceSurface.touched``, on the first layer."""
VIEWING_MM: Final = 550.0
"""From the camera to the face, about: what lies deeper than the face looks smaller. People sit 400 to 900 mm away."""

_NORMAL_CELLS: Final = 1.1
"""Standard deviation of the smoothing under which normals are taken: a fingertip bridges what is narrower than itself."""


@dataclass(frozen=True, slots=True)
class FaceSurface:
    """Millimetres from the nose bridge, the user's size taken out: at LATTICE's N nodes, or on TOUCH.

    With R the head's rotation, skin lies at ``turning @ R.T + resting``; so does what touches it, half its thickness higher. It
    faces the camera where ``normal_turning @ R[2] + normal_resting`` is positive.

    skin: (N, 7) turning x, y, z, resting x, y, 1, and resting z. touched: (layers * cells, 6) all but the last of what lies
    ABOVE_MM the skin, on TOUCH; to 0.00001 mm, which halves the time that laying it out takes. coarse: (11, N) of the
    fingertip's layer at LATTICE's nodes: these seven, normal_turning x, y, z, and normal_resting.
    """

    skin: Float
    touched: Float32
    coarse: Float

    @staticmethod
    def of(template_mm: Float, size: float) -> "FaceSurface":
        """From the user's neutral shape (478, 3) in mm and its size against the canonical face."""
        generic = generic_head()
        own = template_mm / size - canonical_face().points_mm
        skin = generic.points_mm + generic.carry @ own[: generic.carry.shape[1]]
        normals = _normals(skin)
        share = generic.head_share[:, None]

        def parts(above_mm: float) -> Float:
            points = skin + above_mm / size * normals - PIVOT_MM
            resting = (1.0 - share) * points
            return np.hstack([share * points + PIVOT_MM, resting[:, :2], np.ones_like(share), resting[:, 2:]])

        layers = np.stack([parts(above_mm) for above_mm in ABOVE_MM])
        facing = np.hstack([share * normals, (1.0 - share) * normals[:, 2:]])
        return FaceSurface(
            skin=parts(0.0),
            touched=_finer(layers[..., :6]),
            coarse=np.ascontiguousarray(np.hstack([layers[0], facing]).T),
        )


def _finer(layers: Float) -> Float32:
    """(layers, N, 6) at LATTICE's nodes -> (2 * layers * cells, 6) on TOUCH: first only what is no farther out than the face is
    wide, then all; what is nowhere lies far away."""
    nodes = layers.reshape(-1, LATTICE.rows, LATTICE.columns, 6).astype(np.float32)
    lines = np.repeat(nodes, 2, axis=1)[:, :-1]
    lines[:, 1::2] = (nodes[:, 1:] + nodes[:, :-1]) / 2.0
    cells = np.repeat(lines, 2, axis=2)[:, :, :-1]
    cells[:, :, 1::2] = (lines[:, :, 1:] + lines[:, :, :-1]) / 2.0
    finer = np.full((2, len(layers), TOUCH.rows, TOUCH.columns, 6), _NOWHERE, dtype=np.float32)
    finer[:, :, MARGIN:-MARGIN, MARGIN:-MARGIN] = cells
    finer[0, :, :, np.abs(TOUCH.centres()[0, :, 0]) > WIDEST_MM] = _NOWHERE
    return finer.reshape(-1, 6)


def _normals(skin: Float) -> Float:
    """(N, 3) unit normals of the smoothed surface."""
    smooth = _blurred(skin.reshape(LATTICE.rows, LATTICE.columns, 3))
    normal = np.cross(np.gradient(smooth, axis=1), np.gradient(smooth, axis=0)).reshape(-1, 3)
    unit: Float = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return unit


def _blurred(values: Float) -> Float:
    """Gaussian over (rows, columns, C); beyond the borders it goes on straight."""
    reach = int(np.ceil(3 * _NORMAL_CELLS))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _NORMAL_CELLS) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        wider = [(reach, reach) if axis == k else (0, 0) for k in range(3)]
        padded = np.pad(values, wider, mode="reflect", reflect_type="odd")
        values = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=axis) @ kernel
    return values
