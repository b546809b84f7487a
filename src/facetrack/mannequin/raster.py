"""A z-buffer rasteriser for small triangles, in whole-array numpy: scanlines of all triangles at once, then their pixels.

Cheaper than one cv2.fillConvexPoly call a triangle, and exact: coverage by pixel centres, depth tested per pixel.
Pixel (i, j) covers [i, i + 1) x [j, j + 1); coordinates are those of landmarks times the image's size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
Index = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Fragments:
    """What is seen of some triangles: pixel (N,) index into the flat image; values (K, N) interpolated there.

    Pixels on a shared edge can appear twice, with the same depth.
    """

    pixel: Index
    values: Float32


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
        """Depth-test front-facing triangles into the buffer.

        xy_px: (V, 2). depth: (V,) larger is farther. values: (K, V) per vertex. triangles: (T, 3), counter-clockwise on a
        surface seen from outside with y up (so clockwise in image coordinates is culled).
        """
        corners = self._front_facing(xy_px, triangles)
        x, y = xy_px[corners, 0], xy_px[corners, 1]
        planes = _planes(x, y, np.concatenate([depth[None], values])[:, corners])
        row_of, span_y, first, count = self._spans(x, y)
        row = np.repeat(np.arange(len(row_of)), count)
        start = np.cumsum(count) - count
        column = (np.arange(len(row)) - (start - first)[row]).astype(np.int32)
        pixel = span_y[row] * np.int32(self.width) + column
        slope = planes[:, 0, row_of]
        centre_y = span_y.astype(np.float32) + np.float32(0.5)
        at_row = planes[:, 2, row_of] + planes[:, 1, row_of] * centre_y + slope * np.float32(0.5)
        across = column.astype(np.float32)
        fragment_depth = at_row[0, row] + slope[0, row] * across
        np.minimum.at(self.depth, pixel, fragment_depth)
        seen = np.flatnonzero(fragment_depth == self.depth[pixel])
        row, across = row[seen], across[seen]
        return Fragments(pixel[seen], at_row[1:, row] + slope[1:, row] * across)

    def _front_facing(self, xy: Float32, triangles: Index) -> Index:
        x, y = xy[triangles, 0], xy[triangles, 1]
        area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
        keep = area < -1e-3
        keep &= (x.max(axis=1) > 0) & (x.min(axis=1) < self.width) & (y.max(axis=1) > 0) & (y.min(axis=1) < self.height)
        return triangles[keep]

    def _spans(self, x: Float32, y: Float32) -> tuple[Index, Index, Index, Index]:
        """Rows of all triangles: which triangle, image row, first column, number of columns (empty rows left out)."""
        top = np.maximum(np.ceil(y.min(axis=1) - 0.5), 0).astype(np.int32)
        bottom = np.minimum(np.floor(y.max(axis=1) - 0.5), self.height - 1).astype(np.int32)
        rows = np.maximum(bottom - top + 1, 0)
        owner = np.repeat(np.arange(len(rows), dtype=np.int32), rows)
        start = np.cumsum(rows) - rows
        row = (np.arange(len(owner)) - (start - top)[owner]).astype(np.int32)
        centre = row.astype(np.float32) + np.float32(0.5)
        low = np.full(len(owner), -np.inf, np.float32)
        high = np.full(len(owner), np.inf, np.float32)
        for a, b in ((0, 1), (1, 2), (2, 0)):
            rise = y[:, b] - y[:, a]
            with np.errstate(divide="ignore", invalid="ignore"):
                slope = np.where(rise != 0, (x[:, b] - x[:, a]) / rise, 0).astype(np.float32)
            at = x[owner, a] + (centre - y[owner, a]) * slope[owner]
            up = rise[owner]
            np.maximum(low, at, out=low, where=up > 0)
            np.minimum(high, at, out=high, where=up < 0)
        first = np.ceil(np.maximum(low, 0) - np.float32(0.5)).astype(np.int32)
        last = np.ceil(np.minimum(high, self.width) - np.float32(0.5)).astype(np.int32)
        count = last - first
        full = count > 0
        return owner[full], row[full], first[full], count[full]


def _planes(x: Float32, y: Float32, values: Float32) -> Float32:
    """(K, 3, T) coefficients (d/dx, d/dy, constant) of values (K, T, 3) over triangles with corners x, y (T, 3)."""
    x1, x2 = x[:, 1] - x[:, 0], x[:, 2] - x[:, 0]
    y1, y2 = y[:, 1] - y[:, 0], y[:, 2] - y[:, 0]
    inverse = 1 / (x1 * y2 - x2 * y1)
    v1, v2 = values[..., 1] - values[..., 0], values[..., 2] - values[..., 0]
    dx = (v1 * y2 - v2 * y1) * inverse
    dy = (v2 * x1 - v1 * x2) * inverse
    return np.stack([dx, dy, values[..., 0] - dx * x[:, 0] - dy * y[:, 0]], axis=1)
