"""Looking things up in a raster over the chart: any number of points at once, the same for one frame and for a recording."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Float

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells of ``cell_mm``; the first one's centre at (west, south), chart mm.

    A raster on it is flat, with ``rows * columns`` cells and one more at the end, ``nowhere``, for what has no cell.
    """

    west: float
    south: float
    cell_mm: float
    columns: int
    rows: int

    @property
    def nowhere(self) -> int:
        return self.rows * self.columns

    def centres(self) -> Float:
        """(rows, columns, 2) chart mm."""
        x = self.west + self.cell_mm * np.arange(self.columns)
        y = self.south + self.cell_mm * np.arange(self.rows)
        return np.stack(np.meshgrid(x, y), axis=-1)

    def nearest(self, points_mm: Float) -> Index:
        """(..., 2) -> (...) the cell of each point, outside the grid the nearest one. NaN: nowhere."""
        column = np.rint((points_mm[..., 0] - self.west) / self.cell_mm).clip(0.0, self.columns - 1.0)
        row = np.rint((points_mm[..., 1] - self.south) / self.cell_mm).clip(0.0, self.rows - 1.0)
        cell = row * self.columns + column
        return np.where(np.isnan(cell), self.nowhere, cell).astype(np.intp)

    def nearest_to(self, x: float, y: float) -> int:
        """``nearest`` of one point, in plain numbers: many times quicker than an array of one. NaN: nowhere."""
        if x != x or y != y:
            return self.nowhere
        column = round(min(max((x - self.west) / self.cell_mm, 0.0), self.columns - 1.0))
        row = round(min(max((y - self.south) / self.cell_mm, 0.0), self.rows - 1.0))
        return row * self.columns + column

    def within_at(self, x: float, y: float) -> int:
        """``within`` of one point. Outside the grid, and NaN: nowhere."""
        column, row = (x - self.west) / self.cell_mm, (y - self.south) / self.cell_mm
        if not (-0.5 <= column <= self.columns - 0.5 and -0.5 <= row <= self.rows - 0.5):
            return self.nowhere
        at, line = round(column), round(row)  # a half goes to the even one, as in rint
        return line * self.columns + at if at < self.columns and line < self.rows else self.nowhere

    def within(self, points_mm: Float) -> Index:
        """(..., 2) -> (...) the cell of each point. Outside the grid, and NaN: nowhere."""
        column = np.rint((points_mm[..., 0] - self.west) / self.cell_mm)
        row = np.rint((points_mm[..., 1] - self.south) / self.cell_mm)
        inside = (column >= 0.0) & (column < self.columns) & (row >= 0.0) & (row < self.rows)
        return np.where(inside, row * self.columns + column, self.nowhere).astype(np.intp)
