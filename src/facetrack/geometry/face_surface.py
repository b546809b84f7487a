"""The user's face as a surface over the chart: the mesh where there is one, a generic head and neck beyond it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np

from facetrack.geometry.canonical import canonical_face
from facetrack.geometry.grid import Grid, Index
from facetrack.geometry.head_model import PIVOT_MM
from facetrack.geometry.zones import polygon_distance
from facetrack.packets import Bool, Float

LATTICE: Final = Grid(west=-120.0, south=-240.0, cell_mm=8.0, columns=31, rows=46)
"""From the chest to above the hair. Finer ones gain nothing: a fingertip is wider than a cell."""
FINGER_MM: Final = 6.0
"""A fingertip landmark lies inside the finger, about half its thickness above the skin that it touches."""
VIEWING_MM: Final = 550.0
"""From the camera to the face, about: what lies deeper than the face looks smaller. People sit 400 to 900 mm away."""

_OVAL: Final = [
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
]
"""Landmarks round the edge of the mesh."""
_EDGE_PARTS: Final = 8
"""The edge is taken at so many places between two of them."""
_SMOOTHING: Final = 20.0
"""Of the thin plate through the mesh: off the landmarks by a few tenths of a millimetre, and calm between them."""
_NORMAL_CELLS: Final = 1.1
"""Standard deviation of the smoothing under which normals are taken: a fingertip bridges what is narrower than itself."""
_SIDE_SLOPE, _TOP_SLOPE = 3.0, 1.0
_SIDE_MM, _TOP_MM = 60.0, 40.0
"""Millimetres that the head recedes for each that a place lies beyond the mesh: at the sides (half width), above the top."""
_SIDE_DEEPEST_MM: Final = -110.0
"""It recedes down to the middle of the head, where it is widest."""
_FADE_MM: Final = 40.0
"""Over this length beyond the mesh the user's own shape gives way to the generic one."""

_NECK_TOP_MM: Final = -100.0
"""The neck begins below this height; above it what is beyond the mesh is the side of the head."""
_NECK_MM, _NECK_CURVE = -48.0, 0.004
"""Depth of the neck's front, and how it recedes to the sides (times x squared)."""
_NECK_HALF_MM, _NECK_ROUND_MM, _NECK_BASE_MM, _NECK_BLEND_MM = 60.0, 40.0, -150.0, 40.0
"""Half the neck's width, and how much further its sides recede there; less so towards its base, where the shoulders begin."""

_TURNS_MM, _TURNS_RISE_MM, _TURNS_AT_MM, _TURNS_BLEND_MM = -117.0, 18.0, 65.0, 30.0
"""Below the jaw the skin goes along with the head less and less, from all of it to nothing over the blend. That begins at the
first height in the middle, and higher by the second at the third's distance from it."""


def head_share(chart_mm: Float) -> Float:
    """(..., 2) -> (...) how much of the head's turning the skin there goes along with: 1 on the face, 0 low on the neck."""
    begins = _TURNS_MM + _TURNS_RISE_MM * np.minimum((chart_mm[..., 0] / _TURNS_AT_MM) ** 2, 1.3)
    return 1.0 - _smoothly((begins - chart_mm[..., 1]) / _TURNS_BLEND_MM)


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
    for_tips: Float = field(init=False)
    """(10, N) tip_turning, tip_resting and the normals as rows: one matrix carries all that a frame asks into the image."""

    def __post_init__(self) -> None:
        parts = self.tip_turning, self.tip_resting, self.normal_turning, self.normal_resting[:, None]
        object.__setattr__(self, "for_tips", np.ascontiguousarray(np.hstack(parts).T))

    @staticmethod
    def of(template_mm: Float, size: float) -> "FaceSurface":
        """From the user's neutral shape (478, 3) in mm and its size against the canonical face."""
        skin = _skin(template_mm, size)
        normals = _normals(skin)
        share = _generic().head_share[:, None]

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


def _skin(template_mm: Float, size: float) -> Float:
    """(N, 3) the generic surface, moved by what the user's shape differs from the canonical one."""
    generic, face = _generic(), canonical_face().points_mm
    own = (template_mm - size * face)[: generic.to_mesh.shape[1]]
    moved = _along_edge(own)[generic.nearest_edge] * np.exp(-generic.beyond_mm / _FADE_MM)[:, None]
    moved[generic.on_mesh] = generic.to_mesh @ own
    skin: Float = size * generic.points_mm + moved
    return skin


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


@dataclass(frozen=True, slots=True)
class _Generic:
    """The canonical head over the lattice. to_mesh: (M, 468) carries values at landmarks to the M nodes on the mesh.

    on_mesh, beyond_mm: (N,) whether a node lies on the mesh, and how far off it otherwise. nearest_edge: into _along_edge.
    """

    points_mm: Float
    head_share: Float
    on_mesh: Bool
    beyond_mm: Float
    nearest_edge: Index
    to_mesh: Float


def generic_skin(grid: Grid) -> Float:
    """(rows * columns, 3) the canonical head over a grid of the chart, mm."""
    return _generic_over(grid).points_mm


@cache
def _generic() -> _Generic:
    """Made once."""
    return _generic_over(LATTICE)


def _generic_over(grid: Grid) -> _Generic:
    face = canonical_face().points_mm[:468]
    nodes = grid.centres().reshape(-1, 2)
    edge = _along_edge(face)
    nearest = np.linalg.norm(nodes[:, None] - edge[:, :2], axis=-1).argmin(axis=1)
    beyond = polygon_distance(nodes, face[_OVAL, :2])
    on_mesh = beyond == 0
    to_mesh = _thin_plate(face[:, :2], nodes[on_mesh])
    x, depth = _beyond_the_mesh(nodes, edge[nearest], beyond)
    x[on_mesh] = nodes[on_mesh, 0]
    depth[on_mesh] = to_mesh @ face[:, 2]
    return _Generic(np.column_stack([x, nodes[:, 1], depth]), head_share(nodes), on_mesh, beyond, nearest, to_mesh)


def _beyond_the_mesh(nodes: Float, edge: Float, beyond: Float) -> tuple[Float, Float]:
    """(N,) x and depth of nodes off the mesh: the sides of the head recede, below the jaw the neck comes out behind them.

    edge: (N, 3) the mesh's nearest edge. The chart is what a camera sees of a face; so the neck, being deeper, is drawn in.
    """
    at_top = np.clip(edge[:, 1] / _TOP_MM, 0.0, 1.0) * (1.0 - np.minimum(np.abs(edge[:, 0]) / _SIDE_MM, 1.0) ** 2)
    slope = _SIDE_SLOPE + (_TOP_SLOPE - _SIDE_SLOPE) * at_top
    depth = np.maximum(edge[:, 2] - slope * beyond, np.minimum(edge[:, 2], _SIDE_DEEPEST_MM))
    x, y = nodes.T
    rounded = np.clip((y - _NECK_BASE_MM) / _NECK_BLEND_MM, 0.0, 1.0) * (x / _NECK_HALF_MM) ** 4
    neck = _NECK_MM - _NECK_CURVE * x**2 - _NECK_ROUND_MM * rounded
    below = y <= _NECK_TOP_MM
    depth[below] = np.maximum(depth, neck)[below]
    return np.where(below, x * (1.0 + (depth - edge[:, 2]) / VIEWING_MM), x), depth


def _along_edge(values: Float) -> Float:
    """Values (468, C) along the edge of the mesh, with places between the landmarks."""
    at = values[_OVAL]
    part = np.arange(_EDGE_PARTS)[:, None] / _EDGE_PARTS
    between: Float = at[:, None] + part * (np.roll(at, -1, axis=0) - at)[:, None]
    return between.reshape(-1, values.shape[1])


def _thin_plate(source: Float, nodes: Float) -> Float:
    """(M, N) weights that make values at nodes (M, 2) of those at source (N, 2): a smoothing thin-plate spline (Wahba 1990)."""
    count = len(source)
    plane = np.column_stack([np.ones(count), source])
    bend = _bending(source, source) + _SMOOTHING * np.eye(count)
    system = np.block([[bend, plane], [plane.T, np.zeros((3, 3))]])
    at = np.column_stack([_bending(nodes, source), np.ones(len(nodes)), nodes])
    weights: Float = np.linalg.solve(system, at.T).T[:, :count]
    return weights


def _bending(a: Float, b: Float) -> Float:
    squared = np.maximum(((a[:, None] - b) ** 2).sum(axis=-1), 1e-9)
    bending: Float = 0.5 * squared * np.log(squared)
    return bending


def _smoothly(share: Float) -> Float:
    """0 up to 0, 1 from 1, without a corner."""
    t = np.clip(share, 0.0, 1.0)
    smooth: Float = t * t * (3.0 - 2.0 * t)
    return smooth
