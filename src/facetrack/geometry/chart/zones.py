"""Zone membership: static polygons in the chart, looked up in a raster of bit masks, exact in boundary cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.chart.grid import Grid
from facetrack.packets import Bool, Float

_CELL_MM: Final = 1.5
_MARGIN_MM: Final = 3.0
_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Outline:
    """The polygons of a zone as edges, one after another: arrays (E,). begins: (P,) the first edge of each polygon."""

    x: Float
    y: Float
    end_y: Float
    edge_x: Float
    edge_y: Float
    length2: Float
    begins: NDArray[np.intp]

    @staticmethod
    def of(polygons_mm: Sequence[Float]) -> "Outline":
        """polygons_mm: (V, 2) each, closed implicitly."""
        start = np.concatenate(list(polygons_mm))
        end = np.concatenate([np.roll(polygon, -1, axis=0) for polygon in polygons_mm])
        edge = end - start
        sizes = [len(polygon) for polygon in polygons_mm]
        return Outline(
            x=start[:, 0],
            y=start[:, 1],
            end_y=end[:, 1],
            edge_x=edge[:, 0],
            edge_y=edge[:, 1],
            length2=np.maximum(np.einsum("vi,vi->v", edge, edge), 1e-12),
            begins=np.cumsum([0, *sizes[:-1]]),
        )

    def distance(self, points_mm: Float) -> Float:
        """(..., 2) -> (...) distance to the inside: 0 inside, mm outside. NaN in, NaN out.

        Inside by the even-odd rule (Shimrat 1962) in any of the polygons; distance to the nearest edge otherwise.
        """
        flat = points_mm.reshape(-1, 2)
        y = flat[:, 1]
        dx, dy = flat[:, 0] - self.x[:, None], y - self.y[:, None]
        edge_x, edge_y = self.edge_x[:, None], self.edge_y[:, None]
        left = (edge_x * dy < edge_y * dx) == (edge_y > 0.0)
        crosses = (self.y[:, None] > y) != (self.end_y[:, None] > y)
        inside = np.logical_xor.reduceat(left & crosses, self.begins, axis=0).any(axis=0)
        along = ((dx * edge_x + dy * edge_y) / self.length2[:, None]).clip(0.0, 1.0)
        away = np.sqrt(((dx - along * edge_x) ** 2 + (dy - along * edge_y) ** 2).min(axis=0))
        return np.where(inside, 0.0, away).reshape(points_mm.shape[:-1])


def zone_distance(points_mm: Float, polygons_mm: Sequence[Float]) -> Float:
    """Distance (...) of chart points (..., 2) to the nearest of several polygons that make one zone: 0 inside, mm outside.

    NaN in, NaN out.
    """
    return Outline.of(polygons_mm).distance(points_mm)


@dataclass(frozen=True, slots=True)
class ZoneAtlas:
    """Up to any number of zones (each grown by its tolerance) over the left half of the chart.

    inside, edge: (words, cells) uint64 on ``grid``: bit k % 64 of word k // 64 tells whether a cell lies wholly inside zone k,
    or across its boundary.
    """

    grid: Grid
    inside: NDArray[np.uint64]
    edge: NDArray[np.uint64]
    zones: tuple[Outline, ...]
    tolerance_mm: Float

    @staticmethod
    def of(zones: Sequence[Sequence[Float]], tolerance_mm: Sequence[float]) -> "ZoneAtlas":
        """zones: for each zone its polygons (V, 2) in chart mm; tolerance_mm: how far each is grown."""
        corners = np.concatenate([polygon for zone in zones for polygon in zone])
        reach = max(tolerance_mm) + _MARGIN_MM
        low, high = corners.min(axis=0) - reach, corners.max(axis=0) + reach
        columns, rows = (np.ceil((high - low) / _CELL_MM).astype(int) + 1).tolist()
        grid = Grid(float(low[0]), float(low[1]), _CELL_MM, columns, rows)
        centres = grid.centres()
        words = -(-len(zones) // _BITS)
        inside = np.zeros((words, grid.nowhere + 1), dtype=np.uint64)
        edge = np.zeros_like(inside)
        half = _CELL_MM * np.sqrt(0.5) + 1e-6
        outlines = tuple(Outline.of(zone) for zone in zones)
        for k, (zone, outline, tolerance) in enumerate(zip(zones, outlines, tolerance_mm, strict=True)):
            around = _window(grid, np.concatenate(list(zone)), tolerance + half)
            distance = outline.distance(centres[around]) - tolerance
            bit = np.uint64(1 << (k % _BITS))
            # Distances are 0 throughout a polygon: with no tolerance the whole border band is tested exactly.
            surely = distance <= (-half if tolerance > half else -np.inf)
            for bits, cells in ((inside, surely), (edge, ~surely & (distance <= half))):
                bits[k // _BITS, :-1].reshape(rows, columns)[around][cells] |= bit
        return ZoneAtlas(grid, inside, edge, outlines, np.asarray(tolerance_mm, dtype=float))

    def member(self, points_mm: Float, zone: int) -> Bool:
        """(..., 2) left-side chart points -> (...) whether each lies in the zone. NaN is in no zone."""
        cell = self.grid.within(points_mm)
        word, bit = zone // _BITS, np.uint64(1 << (zone % _BITS))
        member = np.asarray((self.inside[word].take(cell) & bit) != 0)
        unsure = np.asarray((self.edge[word].take(cell) & bit) != 0)
        if unsure.any():
            member[unsure] = self.zones[zone].distance(points_mm[unsure]) <= self.tolerance_mm[zone]
        return member

    def holds(self, x: float, y: float, zone: int) -> bool:
        """``member`` of one point."""
        cell = self.grid.within_at(x, y)
        word, bit = divmod(zone, _BITS)
        if int(self.edge[word, cell]) >> bit & 1:
            return bool(self.zones[zone].distance(np.array((x, y))) <= self.tolerance_mm[zone])
        return bool(int(self.inside[word, cell]) >> bit & 1)

    def members(self, points_mm: Float) -> Bool:
        """(N, 2) -> (N, zones) membership in every zone at once."""
        cell = self.grid.within(points_mm)
        shift = np.arange(len(self.zones), dtype=np.uint64)
        word = (shift // np.uint64(_BITS)).astype(np.intp)
        shift = shift % np.uint64(_BITS)
        out = np.asarray((self.inside.take(cell, axis=1)[word].T >> shift) & np.uint64(1) != 0)
        edge_cells = self.edge.take(cell, axis=1)
        rows = np.flatnonzero(edge_cells.any(axis=0))
        if rows.size:
            edge = ((edge_cells[:, rows][word] >> shift[:, None]) & np.uint64(1)) != 0
            for zone in np.flatnonzero(edge.any(axis=1)):
                at = rows[edge[zone]]
                out[at, zone] = self.zones[zone].distance(points_mm[at]) <= self.tolerance_mm[zone]
        return out


def _window(grid: Grid, corners_mm: Float, reach_mm: float) -> tuple[slice, slice]:
    """Rows and columns of all cells that lie nearer than that to the corners' bounding box."""
    low, high = grid.nearest(np.stack([corners_mm.min(axis=0) - reach_mm, corners_mm.max(axis=0) + reach_mm])).tolist()
    (south, west), (north, east) = divmod(low, grid.columns), divmod(high, grid.columns)
    return slice(max(south - 1, 0), north + 2), slice(max(west - 1, 0), east + 2)


def nearest_in_zone(point_mm: Float, polygons_mm: Sequence[Float]) -> Float:
    """The point (2,) of a zone's border that is nearest to point_mm (2,)."""
    start = np.concatenate(list(polygons_mm))
    end = np.concatenate([np.roll(polygon, -1, axis=0) for polygon in polygons_mm])
    edge = end - start
    t = np.clip(np.einsum("vi,vi->v", point_mm - start, edge) / np.maximum(np.einsum("vi,vi->v", edge, edge), 1e-12), 0, 1)
    foot = start + t[:, None] * edge
    nearest: Float = foot[np.linalg.norm(point_mm - foot, axis=-1).argmin()]
    return nearest
