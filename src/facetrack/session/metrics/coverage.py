"""Measures how much of a step's zone the fingers have passed over."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from facetrack.geometry.chart.zones import zone_distance
from facetrack.geometry.face_points import KNUCKLE, PALM, TIPS
from facetrack.packets import Bool, Float
from facetrack.routine.compiled import CompiledStep, ContactPart

CELL_MM: Final = 2.0
"""The grid is finer than the error of the fingertips (3.5 mm at p95)."""
PAD_RADIUS_MM: Final = 7.0
"""A fingertip marks this radius: half the width of its contact patch lying flat, 12 to 16 mm in adults."""
PALM_RADIUS_MM: Final = 30.0
"""A palm marks this radius: it is about 80 mm wide, but what touches a rounded face is narrower."""

WorkingPad = tuple[slice | list[int], float]
PADS: Final[dict[ContactPart, WorkingPad | None]] = {
    "fingertips": (TIPS, PAD_RADIUS_MM),
    "knuckles": ([KNUCKLE], PAD_RADIUS_MM),
    "palms": ([PALM], PALM_RADIUS_MM),
    "tool": None,  # where a tool touches is not known
}
"""What marks the grid, by what touches."""


class Coverage:
    """Marks where a hand's points have been, on a grid over the zone; ``shares`` then widens the marks to their pads."""

    def __init__(self, step: CompiledStep) -> None:
        """Make an empty grid. low: (2,) chart mm of the grid's lower right corner, as the user sees the own face."""
        self._pad = PADS[step.contact]
        corners = np.concatenate([np.abs(polygon[:, 0]) for polygon in step.zone]), np.concatenate([p[:, 1] for p in step.zone])
        margin = PALM_RADIUS_MM
        half = float(np.ceil((corners[0].max() + margin) / CELL_MM)) * CELL_MM  # so that the midline lies between cells
        self.low = np.array([-half, float(corners[1].min()) - margin])
        shape = np.ceil((np.array([half, float(corners[1].max()) + margin]) - self.low) / CELL_MM).astype(int)
        self._seconds: Float = np.zeros((int(shape[1]), int(shape[0])))
        self._step = step

    @staticmethod
    def of_cells(step: CompiledStep, cells: Iterable[tuple[float, float, float]]) -> "Coverage":
        """Restore the coverage as it was when ``cells`` gave these."""
        coverage = Coverage(step)
        table = np.array(list(cells), dtype=np.float64).reshape(-1, 3)
        coverage._mark(table[:, :2], table[:, 2])
        return coverage

    def add(self, hand_mm: Float, dt: float, contact: ContactPart | None = None) -> None:
        """Add a hand in contact for dt seconds. hand_mm: (7, 2) its points; NaN ones are left out.

        contact: what of it touches; None: what the step says.
        """
        pad = PADS[contact or self._step.contact]
        if pad is None:
            return
        self._mark(hand_mm[pad[0]], dt)

    def _mark(self, points_mm: Float, seconds: Float | float) -> None:
        """Mark points. points_mm: (N, 2); those off the grid, or NaN, are left out."""
        cells = (points_mm - self.low) / CELL_MM
        rows, columns = self._seconds.shape
        inside = (cells[:, 0] >= 0) & (cells[:, 0] < columns) & (cells[:, 1] >= 0) & (cells[:, 1] < rows)
        at = cells[inside].astype(np.intp)
        np.add.at(self._seconds, (at[:, 1], at[:, 0]), np.broadcast_to(seconds, inside.shape)[inside])

    def cells(self) -> list[tuple[float, float, float]]:
        """Return (x mm, y mm, seconds) of the centre of every cell that a point was in."""
        rows, columns = np.nonzero(self._seconds)
        centres = self.low + (np.stack([columns, rows], axis=-1) + 0.5) * CELL_MM
        return [(float(x), float(y), float(s)) for (x, y), s in zip(centres, self._seconds[rows, columns], strict=True)]

    def shares(self) -> tuple[float, float]:
        """Return 0..1 of the left and of the right zone's area; NaN for tools, or where a side has no zone."""
        if self._pad is None:
            return np.nan, np.nan
        covered = self.covered()
        zones = self.zones()
        left, right = (float(covered[zone].mean()) if zone.any() else np.nan for zone in zones)
        return left, right

    def zones(self) -> tuple[Bool, Bool]:
        """Return the cells of the left and of the right zone, on the grid of ``covered``."""
        rows, columns = self._seconds.shape
        x = self.low[0] + (np.arange(columns) + 0.5) * CELL_MM
        y = self.low[1] + (np.arange(rows) + 0.5) * CELL_MM
        return self._zone(np.stack(np.meshgrid(x, y), axis=-1)), self._zone(np.stack(np.meshgrid(-x, y), axis=-1))

    def _zone(self, left_mm: Float) -> Bool:
        zone = zone_distance(left_mm, self._step.zone) == 0.0
        return np.asarray(zone & (left_mm[..., 0] >= 0))  # a side is the half of the face it is on

    def covered(self) -> Bool:
        """Return the grid of cells that a pad has passed over, (rows, columns), rows upwards."""
        radius = 0.0 if self._pad is None else self._pad[1] / CELL_MM
        reach = int(radius)
        visited = self._seconds > 0
        out = np.zeros_like(visited)
        for dy in range(-reach, reach + 1):
            half = int(np.sqrt(radius**2 - dy**2))
            out |= _shifted_rows(_widened(visited, half), dy)
        return out


def _widened(grid: Bool, half: int) -> Bool:
    """Return every cell within ``half`` columns of a marked one."""
    ahead = np.cumsum(np.pad(grid.astype(np.int32), ((0, 0), (half + 1, half))), axis=1)
    width = 2 * half + 1
    return np.asarray(ahead[:, width:] - ahead[:, :-width] > 0)


def _shifted_rows(grid: Bool, rows: int) -> Bool:
    out = np.zeros_like(grid)
    height = len(grid)
    if abs(rows) < height:
        out[max(rows, 0) : height + min(rows, 0)] = grid[max(-rows, 0) : height - max(rows, 0)]
    return out
