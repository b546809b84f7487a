"""Makes the generic head that the product reads: python scripts/build_generic_head.py [OUT.npz]

Writes src/facetrack/geometry/surface/generic_head.npz (see ``GenericHead``): the canonical face, continued by the sides of
a head and by a neck, as a surface over the chart, and what the relief of such a face adds to lengths along softened skin.
"""

import sys
from pathlib import Path
from typing import Final

import numpy as np

from facetrack.geometry.chart.grid import Grid, Index
from facetrack.geometry.chart.zones import zone_distance
from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import LEFT_OVAL
from facetrack.geometry.surface.face_surface import LATTICE, VIEWING_MM
from facetrack.geometry.surface.metric import STEEPEST, Skin
from facetrack.geometry.surface.relief import RELIEF_GRID
from facetrack.packets import Float

TARGET = Path(__file__).parents[1] / "src/facetrack/geometry/surface/generic_head.npz"
WEIGHT_STEP: Final = 2.0**-23
"""Weights are rounded to whole steps, which compresses them; skin is then off by about a hundred-thousandth of a millimetre."""

_OVAL: Final = [*LEFT_OVAL, *canonical_face().mirror_index[list(LEFT_OVAL[-2:0:-1])]]
"""Landmarks round the edge of the mesh."""
_EDGE_PARTS: Final = 8
"""The edge is taken at so many places between two of them."""
_SMOOTHING: Final = 20.0
"""Of the thin plate through the mesh: off the landmarks by a few tenths of a millimetre, and calm between them."""
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
_RELIEF_HALF_MM, _RELIEF_FADE_MM = 75.0, 10.0
"""Half the width beyond which the head is only guessed, and over how much the relief fades out before it."""
_MIRRORED: Final = np.array([1.0, -1.0, 1.0])


def generic_head() -> dict[str, Float]:
    """The arrays of ``GenericHead``, by their names there."""
    nodes = LATTICE.centres().reshape(-1, 2)
    skin, carry = generic_skin(LATTICE)
    carry = WEIGHT_STEP * np.rint(carry / WEIGHT_STEP)
    return {"points_mm": skin, "head_share": head_share(nodes), "carry": carry, "relief": relief()}


def head_share(chart_mm: Float) -> Float:
    """(..., 2) -> (...) how much of the head's turning the skin there goes along with: 1 on the face, 0 low on the neck."""
    begins = _TURNS_MM + _TURNS_RISE_MM * np.minimum((chart_mm[..., 0] / _TURNS_AT_MM) ** 2, 1.3)
    return 1.0 - _smoothly((begins - chart_mm[..., 1]) / _TURNS_BLEND_MM)


def generic_skin(grid: Grid) -> tuple[Float, Float]:
    """(N, 3) the canonical head at the nodes of a grid, mm, and (N, 468) the weights by which landmarks move it."""
    face = canonical_face().points_mm[:468]
    nodes = grid.centres().reshape(-1, 2)
    along_edge = _along_edge(np.eye(len(face)))
    edge = along_edge @ face
    nearest: Index = np.linalg.norm(nodes[:, None] - edge[:, :2], axis=-1).argmin(axis=1)
    beyond = zone_distance(nodes, [face[_OVAL, :2]])
    on_mesh = beyond == 0
    carry = along_edge[nearest] * np.exp(-beyond / _FADE_MM)[:, None]
    carry[on_mesh] = _thin_plate(face[:, :2], nodes[on_mesh])
    x, depth = _beyond_the_mesh(nodes, edge[nearest], beyond)
    x[on_mesh] = nodes[on_mesh, 0]
    depth[on_mesh] = carry[on_mesh] @ face[:, 2]
    return np.column_stack([x, nodes[:, 1], depth]), carry


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
    """Values (468, C) at the landmarks -> (E, C) along the edge of the mesh, with places between the landmarks."""
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


def relief() -> Float:
    """(cells, 3) by what the canonical skin's metric (E, F, G) exceeds the softened one's, in shares of that E + G."""
    grid = RELIEF_GRID
    skin = generic_skin(grid)[0].reshape(grid.rows, grid.columns, 3)
    across, up = _slope(skin, grid, 1), _slope(skin, grid, 0)
    form = np.stack([(a * b).sum(axis=-1) for a, b in ((across, across), (across, up), (up, up))], axis=-1)
    centres = grid.centres()
    softened = Skin.of(canonical_face().points_mm).metric_at(centres)
    inside = np.clip((_RELIEF_HALF_MM - np.abs(centres[..., :1])) / _RELIEF_FADE_MM, 0.0, 1.0)
    lacking = inside * (form - softened) / (softened[..., :1] + softened[..., 2:])
    lacking = 0.5 * (lacking + lacking[:, ::-1] * _MIRRORED)
    return np.concatenate([lacking.reshape(-1, 3), np.full((1, 3), np.nan)])


def _slope(skin: Float, grid: Grid, axis: int) -> Float:
    """(rows, columns, 3) mm along the skin a chart millimetre."""
    slope: Float = np.asarray(np.gradient(skin, grid.cell_mm, axis=axis))
    slope[..., 2] = slope[..., 2].clip(-STEEPEST, STEEPEST)
    return slope


def main(target: Path) -> None:
    np.savez_compressed(target, **{name: values.astype(np.float32) for name, values in generic_head().items()})
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
