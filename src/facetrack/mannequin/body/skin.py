"""The skin of the neutral mannequin as a surface over its frontal plane, and the face map laid over it.

The face map is mesh-registered by definition: ``registration_mm`` says where the tracker's landmarks lie on this skin, and
``MovingLeastSquaresMap`` carries points of the map to them. Off the mesh (ears, temples, hairline, neck, collarbone) the smooth
continuation of that map is the truth. All of it is computed on grids once and read by bilinear interpolation.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.geometry.head.canonical import canonical_face
from facetrack.mannequin.body.mesh import SKIN, Body, body
from facetrack.mannequin.body.moving_least_squares import MovingLeastSquaresMap
from facetrack.mannequin.body.raster import DepthBuffer
from facetrack.packets import Float

SOFTENING_MM: Final = 6.0
"""Softening of the map between face map and skin."""
REACH_MM: Final = 40.0
"""Reach of that map beyond the landmarks."""
_PLANE_BOX: Final = (-240.0, -330.0, 240.0, 130.0)  # mm: left, bottom, right, top
_PLANE_STEP: Final = 2.0
_CHART_BOX: Final = (-170.0, -285.0, 170.0, 120.0)
_CHART_STEP: Final = 4.0
_SMOOTH_MM: Final = 1.5  # of the height: takes off the mesh's facets
_WIDE_MM: Final = 9.0  # of the normal that a hand's attitude follows: a hand does not rock over every wrinkle
_SKIRT_SLOPE: Final = 3.0  # how steeply the surface continues behind the silhouette, mm a mm
_INVERSIONS: Final = 4


@dataclass(frozen=True, slots=True)
class InterpolatedGrid:
    """Values (H, W, C) at x0 + step * column, y0 + step * row."""

    x0: float
    y0: float
    step: float
    values: Float

    def at(self, xy: Float) -> Float:
        """Interpolate (bilinearly) at (..., 2); returns (..., C). Points beyond the grid take its border's value. NaN in, NaN
        out."""
        height, width = self.values.shape[:2]
        gx = np.clip((xy[..., 0] - self.x0) / self.step, 0, width - 1.001)
        gy = np.clip((xy[..., 1] - self.y0) / self.step, 0, height - 1.001)
        missing = np.isnan(gx) | np.isnan(gy)
        gx, gy = np.where(missing, 0.0, gx), np.where(missing, 0.0, gy)
        column, row = gx.astype(np.intp), gy.astype(np.intp)
        fx, fy = (gx - column)[..., None], (gy - row)[..., None]
        v = self.values
        low = v[row, column] * (1 - fx) + v[row, column + 1] * fx
        high = v[row + 1, column] * (1 - fx) + v[row + 1, column + 1] * fx
        out: Float = low * (1 - fy) + high * fy
        out[missing] = np.nan
        return out


@dataclass(frozen=True, slots=True)
class SkinSurface:
    """The skin over the frontal plane, whose coordinates are x, y of the body frame at rest in mm."""

    _surface: InterpolatedGrid  # height, normal (3), wide normal (3), share of the head's rotation
    _to_plane: InterpolatedGrid  # over the chart: offset of the plane point
    _chart_of: InterpolatedGrid  # over the plane: offset of the chart point

    def plane(self, chart_mm: Float) -> Float:
        """Convert the face map (..., 2) to the frontal plane (..., 2)."""
        return chart_mm + self._to_plane.at(chart_mm)

    def chart(self, plane_mm: Float) -> Float:
        """Convert the frontal plane (..., 2) to the face map (..., 2); the inverse of ``plane``."""
        return plane_mm + self._chart_of.at(plane_mm)

    def point(self, plane_mm: Float) -> Float:
        """Return skin points (..., 3) over plane points (..., 2)."""
        return np.concatenate([plane_mm, self._surface.at(plane_mm)[..., :1]], axis=-1)

    def normal(self, plane_mm: Float) -> Float:
        """Return outward unit normals (..., 3)."""
        return _unit(self._surface.at(plane_mm)[..., 1:4])

    def wide_normal(self, plane_mm: Float) -> Float:
        """Return outward unit normals of a patch as wide as a fingertip's grip."""
        return _unit(self._surface.at(plane_mm)[..., 4:7])

    def head_share(self, plane_mm: Float) -> Float:
        """Return how much of the head's rotation the skin there follows (...): 1 on the face, 0 low on the neck."""
        share: Float = self._surface.at(plane_mm)[..., 7]
        return share

    def on_chart(self, chart_mm: Float) -> Float:
        """Return skin points (..., 3) of points on the face map (..., 2)."""
        return self.point(self.plane(chart_mm))


@cache
def skin() -> SkinSurface:
    """Compute the mannequin's skin once."""
    parts = body()
    surface = _surface_grid(parts)
    anchors = parts.registration_mm if not np.isnan(parts.registration_mm).any() else parts.person_mm
    chart = canonical_face().points_mm[:, :2]
    to_chart = MovingLeastSquaresMap(anchors[:, :2], chart, SOFTENING_MM, REACH_MM)
    to_plane = MovingLeastSquaresMap(chart, anchors[:, :2], SOFTENING_MM, REACH_MM)
    places = _lattice(_CHART_BOX, _CHART_STEP)
    plane = to_plane(places)
    for _ in range(_INVERSIONS):  # one map is the truth; the other is made its inverse
        plane = plane + 0.9 * (places - to_chart(plane))
    plane_places = _lattice(_PLANE_BOX, 2 * _PLANE_STEP)
    return SkinSurface(
        surface,
        InterpolatedGrid(_CHART_BOX[0], _CHART_BOX[1], _CHART_STEP, plane - places),
        InterpolatedGrid(_PLANE_BOX[0], _PLANE_BOX[1], 2 * _PLANE_STEP, to_chart(plane_places) - plane_places),
    )


def _lattice(box: tuple[float, float, float, float], step: float) -> Float:
    x = np.arange(box[0], box[2] + step / 2, step)
    y = np.arange(box[1], box[3] + step / 2, step)
    return np.stack(np.meshgrid(x, y), axis=-1)


def _unit(vectors: Float) -> Float:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Float = vectors / np.maximum(length, 1e-9)
    return unit


def _surface_grid(parts: Body) -> InterpolatedGrid:
    left, bottom, right, top = _PLANE_BOX
    width, height = round((right - left) / _PLANE_STEP) + 1, round((top - bottom) / _PLANE_STEP) + 1
    mesh = parts.head
    triangles = mesh.triangles[(parts.part[mesh.triangles] == SKIN).all(axis=1)]
    x = (mesh.points_mm[:, 0] - np.float32(left)) / np.float32(_PLANE_STEP) + np.float32(0.5)
    y = (np.float32(top) - mesh.points_mm[:, 1]) / np.float32(_PLANE_STEP) + np.float32(0.5)
    z = mesh.points_mm[:, 2]
    seen = DepthBuffer(width, height).draw(np.stack([x, y]), -z, np.stack([z, parts.head_share]), triangles.T.copy())
    filled = np.full((2, height * width), np.nan)
    filled[:, seen.pixel] = seen.values
    heights, share = (f.reshape(height, width)[::-1] for f in filled)  # the grid's y points up
    heights = _blur(_skirted(heights), _SMOOTH_MM / _PLANE_STEP)
    share = _blur(_extended(share), 2.0)
    layers = [heights[..., None], _normals(heights), _normals(_blur(heights, _WIDE_MM / _PLANE_STEP)), share[..., None]]
    return InterpolatedGrid(left, bottom, _PLANE_STEP, np.concatenate(layers, axis=-1))


def _normals(heights: Float) -> Float:
    dy, dx = np.gradient(heights, _PLANE_STEP)
    return _unit(np.stack([-dx, -dy, np.ones_like(heights)], axis=-1))


def _grown(values: Float, drop: float, rounds: int) -> Float:
    """Fill NaN from filled neighbours, ring by ring, each ring lower by ``drop``."""
    out = values.copy()
    for _ in range(rounds):
        hole = np.isnan(out)
        if not hole.any():
            break
        padded = np.pad(out, 1, constant_values=np.nan)
        around = np.stack([padded[1:-1, :-2], padded[1:-1, 2:], padded[:-2, 1:-1], padded[2:, 1:-1]])
        known = ~np.isnan(around)
        count = known.sum(axis=0)
        ready = hole & (count > 0)
        out[ready] = np.where(known, around, 0.0).sum(axis=0)[ready] / count[ready] - drop
    return out


def _skirted(heights: Float) -> Float:
    floor = float(np.nanmin(heights)) - 40.0
    grown = _grown(heights, _SKIRT_SLOPE * _PLANE_STEP, 40)
    return np.maximum(np.where(np.isnan(grown), floor, grown), floor)


def _extended(share: Float) -> Float:
    return np.nan_to_num(_grown(share, 0.0, 400), nan=0.0)


def _blur(values: Float, sigma: float) -> Float:
    """Blur a grid (H, W) with a Gaussian, borders held."""
    reach = max(1, round(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    out: NDArray[np.float64] = np.pad(values, reach, mode="edge")
    out = np.apply_along_axis(np.convolve, 0, out, kernel, mode="valid")
    return np.apply_along_axis(np.convolve, 1, out, kernel, mode="valid")
