"""A z-buffer rasteriser for small triangles, in whole-array numpy: scanlines of all triangles at once, then their pixels.

It is cheaper than one cv2.fillConvexPoly call for each triangle, and exact: coverage by pixel centres, depth tested per pixel.
Pixel (i, j) covers [i, i + 1) x [j, j + 1); coordinates are those of landmarks times the image's size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Index = NDArray[np.int32]
_HALF = np.float32(0.5)
_SLIVER_PX2 = 1e-3
_MARGIN_PX = 64.0  # no triangle is larger


@dataclass(frozen=True, slots=True)
class Fragments:
    """The visible part of some triangles. Pixels on a shared edge can appear twice, with the same depth."""

    pixel: Index  # (N,) index into the flat image
    values: Float32  # (K, N) interpolated there


class DepthBuffer:
    """Nearest depth so far, per pixel of a flat image; ``inf`` where there is nothing."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.depth: Float32 = np.full(width * height, np.inf, np.float32)

    def copy(self) -> "DepthBuffer":
        other = DepthBuffer.__new__(DepthBuffer)
        other.width, other.height, other.depth = self.width, self.height, self.depth.copy()
        return other

    def draw(self, xy_px: Float32, depth: Float32, values: Float32, triangles: Index) -> Fragments:
        """Draw front-facing triangles into the buffer, with a depth test.

        xy_px: (2, V). depth: (V,), larger is farther. values: (K, V) per vertex. triangles: (3, T), counter-clockwise on a
            surface seen from outside with y up (so clockwise in image coordinates is culled).
        """
        corners, x, y = self._front_facing(xy_px, triangles)
        planes = _planes(x, y, np.concatenate([depth[None], values]), corners)
        owner, row_y, first, count = self._spans(x, y)
        slope = planes[0][:, owner]
        at_row = planes[2][:, owner] + planes[1][:, owner] * (row_y.astype(np.float32) + _HALF) + slope * _HALF
        row = np.repeat(np.arange(len(owner), dtype=np.int32), count)
        start = np.cumsum(count, dtype=np.int32) - count
        column = np.arange(len(row), dtype=np.int32) - (start - first)[row]
        pixel = (row_y * np.int32(self.width))[row] + column
        across = column.astype(np.float32)
        far = at_row[0][row] + slope[0][row] * across
        np.minimum.at(self.depth, pixel, far)
        seen = np.flatnonzero(far == self.depth[pixel])
        row, across = row[seen], across[seen]
        return Fragments(pixel[seen], at_row[1:, row] + slope[1:, row] * across)

    def _front_facing(self, xy: Float32, triangles: Index) -> tuple[Index, Float32, Float32]:
        """Return corners (3, T') of the triangles that face the camera and may be in the picture, and their x and y (3, T')."""
        x, y = xy[0][triangles], xy[1][triangles]
        area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
        keep = area < -_SLIVER_PX2
        keep &= (
            (x[0] > -_MARGIN_PX) & (x[0] < self.width + _MARGIN_PX) & (y[0] > -_MARGIN_PX) & (y[0] < self.height + _MARGIN_PX)
        )
        kept = np.flatnonzero(keep)
        corners: Index = triangles[:, kept]
        return corners, x[:, kept], y[:, kept]

    def _spans(self, x: Float32, y: Float32) -> tuple[Index, Index, Index, Index]:
        """List the rows of all triangles: which triangle, image row, first column, number of columns (empty rows left out)."""
        top = np.maximum(np.ceil(np.minimum(np.minimum(y[0], y[1]), y[2]) - _HALF), 0).astype(np.int32)
        bottom = np.minimum(np.floor(np.maximum(np.maximum(y[0], y[1]), y[2]) - _HALF), self.height - 1).astype(np.int32)
        rows = np.maximum(bottom - top + 1, 0)
        owner = np.repeat(np.arange(len(rows), dtype=np.int32), rows)
        start = np.cumsum(rows, dtype=np.int32) - rows
        row = np.arange(len(owner), dtype=np.int32) - (start - top)[owner]
        centre = row.astype(np.float32) + _HALF
        low, high = np.zeros(len(owner), np.float32), np.full(len(owner), self.width, np.float32)
        for a, b in ((0, 1), (1, 2), (2, 0)):
            rise = y[b] - y[a]
            level = rise == 0
            slope = (x[b] - x[a]) / np.where(level, np.float32(1), rise)
            at = (x[a] - y[a] * slope)[owner] + centre * slope[owner]
            np.maximum(low, at, out=low, where=(rise > 0)[owner])
            np.minimum(high, at, out=high, where=(rise < 0)[owner])
        first = np.ceil(low - _HALF).astype(np.int32)
        count = np.ceil(high - _HALF).astype(np.int32) - first
        full = np.flatnonzero(count > 0)
        return owner[full], row[full], first[full], count[full]


def _planes(x: Float32, y: Float32, values: Float32, corners: Index) -> tuple[Float32, Float32, Float32]:
    """Compute coefficients (d/dx, d/dy, constant), each (K, T), of values (K, V) over triangles with corners (3, T) at x, y (3,
    T)."""
    x1, x2, y1, y2 = x[1] - x[0], x[2] - x[0], y[1] - y[0], y[2] - y[0]
    inverse = 1 / (x1 * y2 - x2 * y1)
    v0 = values[:, corners[0]]
    v1, v2 = values[:, corners[1]] - v0, values[:, corners[2]] - v0
    dx = v1 * (y2 * inverse) - v2 * (y1 * inverse)
    dy = v2 * (x1 * inverse) - v1 * (x2 * inverse)
    return dx, dy, v0 - dx * x[0] - dy * y[0]
