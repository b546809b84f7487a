"""Zone membership: static polygons in the chart, looked up in a raster of bit masks, exact in boundary cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.grid import Grid
from facetrack.packets import Bool, Float

_CELL_MM: Final = 1.5
_MARGIN_MM: Final = 3.0
_BITS: Final = 64


def polygon_distance(points_mm: Float, polygon_mm: Float) -> Float:
    """Distance (...) of chart points (..., 2) to the inside of a polygon (V, 2): 0 inside, mm outside. NaN in, NaN out.

    Inside by the even-odd rule (Shimrat 1962); distance to the nearest edge otherwise.
    """
    start, end = polygon_mm, np.roll(polygon_mm, -1, axis=0)
    edge = end - start
    x, y = points_mm[..., 0, None], points_mm[..., 1, None]
    dx, dy = x - start[:, 0], y - start[:, 1]
    squared = np.maximum(np.einsum("vi,vi->v", edge, edge), 1e-12)
    t = np.clip((dx * edge[:, 0] + dy * edge[:, 1]) / squared, 0.0, 1.0)
    away = np.hypot(dx - t * edge[:, 0], dy - t * edge[:, 1]).min(axis=-1)
    rising = edge[:, 1] > 0
    straddles = (start[:, 1] > y) != (end[:, 1] > y)
    turn = edge[:, 0] * dy - edge[:, 1] * dx
    inside = (straddles & ((turn < 0) == rising) & (turn != 0)).sum(axis=-1) % 2 == 1
    out: Float = np.where(inside, 0.0, away)
    return out


def zone_distance(points_mm: Float, polygons_mm: Sequence[Float]) -> Float:
    """Distance (...) to the nearest of several polygons that make one zone."""
    distance: Float = np.min([polygon_distance(points_mm, polygon) for polygon in polygons_mm], axis=0)
    return distance


@dataclass(frozen=True, slots=True)
class ZoneAtlas:
    """Up to any number of zones (each grown by its tolerance) over the left half of the chart.

    inside, edge: (words, cells) uint64 on ``grid``: bit k % 64 of word k // 64 tells whether a cell lies wholly inside zone k,
    or across its boundary.
    """

    grid: Grid
    inside: NDArray[np.uint64]
    edge: NDArray[np.uint64]
    zones: tuple[tuple[Float, ...], ...]
    tolerance_mm: Float

    @staticmethod
    def of(zones: Sequence[Sequence[Float]], tolerance_mm: Sequence[float]) -> "ZoneAtlas":
        """zones: for each zone its polygons (V, 2) in chart mm; tolerance_mm: how far each is grown."""
        corners = np.concatenate([polygon for zone in zones for polygon in zone])
        reach = max(tolerance_mm) + _MARGIN_MM
        low, high = corners.min(axis=0) - reach, corners.max(axis=0) + reach
        columns, rows = (np.ceil((high - low) / _CELL_MM).astype(int) + 1).tolist()
        grid = Grid(float(low[0]), float(low[1]), _CELL_MM, columns, rows)
        centres = grid.centres().reshape(-1, 2)
        words = -(-len(zones) // _BITS)
        inside = np.zeros((words, grid.nowhere + 1), dtype=np.uint64)
        edge = np.zeros_like(inside)
        half = _CELL_MM * np.sqrt(0.5) + 1e-6
        for k, (polygons, tolerance) in enumerate(zip(zones, tolerance_mm, strict=True)):
            distance = zone_distance(centres, polygons) - tolerance
            bit = np.uint64(1 << (k % _BITS))
            # Distances are 0 throughout a polygon: with no tolerance the whole border band is tested exactly.
            surely = distance <= (-half if tolerance > half else -np.inf)
            inside[k // _BITS, :-1][surely] |= bit
            edge[k // _BITS, :-1][~surely & (distance <= half)] |= bit
        return ZoneAtlas(grid, inside, edge, tuple(tuple(zone) for zone in zones), np.asarray(tolerance_mm, dtype=float))

    def member(self, points_mm: Float, zone: int) -> Bool:
        """(..., 2) left-side chart points -> (...) whether each lies in the zone. NaN is in no zone."""
        cell = self.grid.within(points_mm)
        word, bit = zone // _BITS, np.uint64(1 << (zone % _BITS))
        member = np.asarray((self.inside[word].take(cell) & bit) != 0)
        unsure = np.asarray((self.edge[word].take(cell) & bit) != 0)
        if unsure.any():
            member[unsure] = zone_distance(points_mm[unsure], self.zones[zone]) <= self.tolerance_mm[zone]
        return member

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
                out[at, zone] = zone_distance(points_mm[at], self.zones[zone]) <= self.tolerance_mm[zone]
        return out


def nearest_in_zone(point_mm: Float, polygons_mm: Sequence[Float]) -> Float:
    """The point (2,) of a zone's border that is nearest to point_mm (2,)."""
    start = np.concatenate(list(polygons_mm))
    end = np.concatenate([np.roll(polygon, -1, axis=0) for polygon in polygons_mm])
    edge = end - start
    t = np.clip(np.einsum("vi,vi->v", point_mm - start, edge) / np.maximum(np.einsum("vi,vi->v", edge, edge), 1e-12), 0, 1)
    foot = start + t[:, None] * edge
    nearest: Float = foot[np.linalg.norm(point_mm - foot, axis=-1).argmin()]
    return nearest
