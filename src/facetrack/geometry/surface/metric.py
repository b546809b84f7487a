"""The user's skin over the chart: how long a chart step is in the user's millimetres."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from facetrack.geometry.chart.grid import Grid
from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import head_model
from facetrack.packets import Float

_GRID: Final = Grid(west=-120.0, south=-240.0, cell_mm=6.0, columns=41, rows=58)
"""The raster covers the chart from the chest to above the hair."""
_SOFTENING_MM: Final = 9.0
STEEPEST: Final = 2.0
"""Depth a chart millimetre: beyond it (the silhouette) the mesh's depth is not to be trusted."""
_EDGE_MM: Final = 25.0
"""Distance off the mesh over which the slope fades out: there the skin is taken as flat."""


def length_mm(step_mm: Float, metric: Float) -> Float:
    """Length of chart steps (..., 2) under metric (..., 3) = (E, F, G), in the user's mm. NaN in, NaN out."""
    x, y = step_mm[..., 0], step_mm[..., 1]
    squared = metric[..., 0] * x * x + 2.0 * metric[..., 1] * x * y + metric[..., 2] * y * y
    length: Float = np.sqrt(np.maximum(squared, 0.0))
    return length


@cache
def _weights() -> tuple[Float, Float, Float]:
    """Return what the fit at each raster point has of the chart alone, whoever's skin it is: the weighted offsets of the
    anchors (G, N, 2), their spread (G, 2, 2), and how strongly the fit is pulled towards flat skin (G,)."""
    chart = canonical_face().points_mm[head_model().anchors, :2]
    offset = _GRID.centres().reshape(-1, 2)[:, None] - chart
    squared = np.einsum("gni,gni->gn", offset, offset)
    w = 1.0 / (squared + _SOFTENING_MM**2) ** 2
    w /= w.sum(axis=1, keepdims=True)
    centred = chart - (w @ chart)[:, None]
    weighted = w[..., None] * centred
    spread = np.einsum("gni,gnj->gij", weighted, centred)
    pull = np.trace(spread, axis1=1, axis2=2) * (0.02 + squared.min(axis=1) / _EDGE_MM**2)
    return weighted, spread + pull[:, None, None] * np.eye(2), pull


@dataclass(frozen=True, slots=True)
class Skin:
    """A raster over the chart. metric: (cells, 3), the first fundamental form (E, F, G)."""

    metric: Float

    @staticmethod
    def of(template_mm: Float) -> "Skin":
        """From the user's neutral shape (478, 3) in mm, in the chart's orientation.

        At each raster point the three coordinates are fitted as affine functions of the chart under moving least
        squares weights; the metric is J^T J of that fit.
        """
        anchors = head_model().anchors
        chart = canonical_face().points_mm[anchors, :2]
        value = template_mm[anchors]
        weighted, spread, pull = _weights()
        size = np.sqrt(np.ptp(value[:, 0]) / np.ptp(chart[:, 0]) * np.ptp(value[:, 1]) / np.ptp(chart[:, 1]))
        far = np.array([[size, 0.0, 0.0], [0.0, size, 0.0]])
        mixed = np.einsum("gni,nj->gij", weighted, value) + pull[:, None, None] * far
        slope = np.linalg.solve(spread, mixed)  # (G, 2, 3): d value / d chart
        slope[..., 2] = np.clip(slope[..., 2], -STEEPEST, STEEPEST)
        form = np.einsum("gik,gjk->gij", slope, slope)
        metric = np.full((_GRID.nowhere + 1, 3), np.nan)
        metric[:-1] = np.stack([form[:, 0, 0], form[:, 0, 1], form[:, 1, 1]], axis=-1)
        return Skin(metric)

    def metric_at(self, chart_mm: Float) -> Float:
        """(..., 2) -> (..., 3). NaN in, NaN out; outside the raster its edge."""
        return self.metric.take(_GRID.nearest(chart_mm), axis=0)

    def metric_of_hands(self, chart_mm: Float) -> Float:
        """``metric_at`` of a few points (H, 2): quicker one by one."""
        return self.metric.take([_GRID.nearest_to(x, y) for x, y in chart_mm.tolist()], axis=0)
