"""The user's face as a surface over the chart: the mesh where there is one, a generic head and neck beyond it."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from facetrack.geometry.chart.grid import Grid
from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import PIVOT_MM
from facetrack.geometry.surface.generic_head import generic_head
from facetrack.packets import Float

LATTICE: Final = Grid(west=-120.0, south=-240.0, cell_mm=8.0, columns=31, rows=46)
"""From the chest to above the hair. Finer ones gain nothing: a fingertip is wider than a cell."""
FINGER_MM: Final = 6.0
"""A fingertip landmark lies inside the finger, about half its thickness above the skin that it touches."""
VIEWING_MM: Final = 550.0
"""From the camera to the face, about: what lies deeper than the face looks smaller. People sit 400 to 900 mm away."""

_NORMAL_CELLS: Final = 1.1
"""Standard deviation of the smoothing under which normals are taken: a fingertip bridges what is narrower than itself."""


@dataclass(frozen=True, slots=True)
class FaceSurface:
    """Values (N, C) at LATTICE's N nodes, in the user's millimetres from the nose bridge.

    With R the head's rotation, skin lies at ``turning @ R.T + resting``, and the landmark of a fingertip that touches it at
    ``tip_turning @ R.T + tip_resting``. It faces the camera where ``normal_turning @ R[2] + normal_resting`` is positive.
    """

    turning: Float
    resting: Float
    tip_turning: Float
    tip_resting: Float
    normal_turning: Float
    normal_resting: Float
    # (10, N) tip_turning, tip_resting and the normals as rows: one matrix carries all that a frame asks into the image.
    for_tips: Float = field(init=False)

    def __post_init__(self) -> None:
        parts = self.tip_turning, self.tip_resting, self.normal_turning, self.normal_resting[:, None]
        object.__setattr__(self, "for_tips", np.ascontiguousarray(np.hstack(parts).T))

    @staticmethod
    def of(template_mm: Float, size: float) -> "FaceSurface":
        """From the user's neutral shape (478, 3) in mm and its size against the canonical face."""
        generic = generic_head()
        own = template_mm - size * canonical_face().points_mm
        skin = size * generic.points_mm + generic.carry @ own[: generic.carry.shape[1]]
        normals = _normals(skin)
        share = generic.head_share[:, None]

        def parts(points: Float) -> tuple[Float, Float]:
            return share * points + (1.0 - share) * PIVOT_MM * size, (1.0 - share) * (points - PIVOT_MM * size)

        turning, resting = parts(skin)
        tip_turning, tip_resting = parts(skin + FINGER_MM * normals)
        facing = (1.0 - share[:, 0]) * normals[:, 2]
        return FaceSurface(turning, resting, tip_turning, tip_resting, share * normals, facing)

    def scaled(self, factor: float) -> "FaceSurface":
        """Of a head so many times as large."""
        return FaceSurface(
            self.turning * factor,
            self.resting * factor,
            self.tip_turning * factor,
            self.tip_resting * factor,
            self.normal_turning,
            self.normal_resting,
        )


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
