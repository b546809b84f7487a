"""The direction field of a path: at every chart point the way to stroke, how far along the path it is, and how far off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.geometry.chart.grid import Grid
from facetrack.packets import Float

_GRID: Final = Grid(west=-60.0, south=-241.0, cell_mm=2.0, columns=91, rows=181)
"""Chart window of the field on the left side; a hand strays over the midline by less than 60 mm."""
_BLEND_MM: Final = 4.0
"""Where two parts of a path are equally near their tangents are blended over about this distance."""


@dataclass(frozen=True, slots=True)
class PathFields:
    """Rasters of one or more paths over the left half of the chart (right-side points come in mirrored).

    table: (paths, cells, 4): tangent x and y (unit), progress along the path in chart mm, distance off it in chart mm.
    length_mm: (paths,) in chart mm.
    """

    table: Float
    length_mm: Float

    @staticmethod
    def of(paths_mm: Sequence[Float]) -> "PathFields":
        """paths_mm: polylines (P, 2), P >= 1. One of a single point has no direction: NaN tangents, progress 0."""
        fields = [_field(path) for path in paths_mm]
        return PathFields(np.stack([table for table, _ in fields]), np.array([length for _, length in fields]))

    def at(self, points_mm: Float) -> Float:
        """(..., 2) left-side chart points -> (paths, ..., 4) as in ``table``. NaN in, NaN out; outside the window its edge."""
        return self.table.take(_GRID.nearest(points_mm), axis=1)

    def here(self, x: float, y: float) -> list[list[float]]:
        """``at`` of one point: a row of ``table`` for each path."""
        rows: list[list[float]] = self.table[:, _GRID.nearest_to(x, y)].tolist()
        return rows


def _field(path_mm: Float) -> tuple[Float, float]:
    """Its table and its length."""
    raster = np.full((_GRID.nowhere + 1, 4), np.nan)
    grid = _GRID.centres()
    table = raster[: _GRID.nowhere].reshape(*grid.shape[:2], 4)
    if len(path_mm) < 2:
        table[..., :2] = np.nan
        table[..., 2] = 0.0
        table[..., 3] = np.linalg.norm(grid - path_mm[0], axis=-1)
        return raster, 0.0
    step = np.diff(path_mm, axis=0)
    length = np.linalg.norm(step, axis=-1)
    tangent = step / length[:, None]
    begun = np.concatenate([[0.0], np.cumsum(length)])
    offset = grid[..., None, :] - path_mm[:-1]
    along = np.clip(np.einsum("rcsi,si->rcs", offset, tangent), 0.0, length)
    away = np.linalg.norm(offset - along[..., None] * tangent, axis=-1)
    nearest = away.argmin(axis=-1)[..., None]
    distance = np.take_along_axis(away, nearest, axis=-1)[..., 0]
    blend = np.exp(-(away - distance[..., None]) / _BLEND_MM)
    direction = np.einsum("rcs,si->rci", blend, tangent)
    norm = np.linalg.norm(direction, axis=-1, keepdims=True)
    sharp = np.take(tangent, nearest[..., 0], axis=0)
    table[..., :2] = np.where(norm > 0.3, direction / np.maximum(norm, 1e-9), sharp)
    table[..., 2] = np.take_along_axis(along + begun[:-1], nearest, axis=-1)[..., 0]
    table[..., 3] = distance
    return raster, float(begun[-1])
