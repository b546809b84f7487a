"""Paths on the skin, measured in the user's millimetres: along the mannequin's surface, not across the face map."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from facetrack.mannequin.body.skin import SkinSurface, skin
from facetrack.packets import Float

_SAMPLE_MM: Final = 1.0  # chart distance at which the surface is felt


def skin_length_mm(chart_mm: Float, surface: SkinSurface | None = None) -> Float:
    """Return lengths (..., N) along the skin from the first point of a trace of points (..., N, 2) on the face map."""
    points = (surface or skin()).on_chart(chart_mm)
    steps = np.linalg.norm(np.diff(points, axis=-2), axis=-1)
    return np.concatenate([np.zeros((*steps.shape[:-1], 1)), np.cumsum(steps, axis=-1)], axis=-1)


@dataclass(frozen=True, slots=True)
class SkinPath:
    """A polyline of the face map (left side), followed by length along the skin."""

    chart_mm: Float  # (N, 2) dense points
    along_mm: Float  # (N,) length along the skin up to each

    @staticmethod
    def through(corners_mm: Float, right: bool = False) -> "SkinPath":
        """Make the path through corners (P, 2), P >= 1, given for the left side. right: measure it on the right half of the
        face."""
        pieces = [corners_mm[:1]]
        for a, b in pairwise(corners_mm):
            count = max(1, int(np.ceil(np.linalg.norm(b - a) / _SAMPLE_MM)))
            pieces.append(a + (b - a) * (np.arange(1, count + 1) / count)[:, None])
        dense = np.concatenate(pieces)
        return SkinPath(dense, skin_length_mm(dense * np.array([-1.0 if right else 1.0, 1.0])))

    @property
    def length_mm(self) -> float:
        return float(self.along_mm[-1])

    @property
    def chart_length_mm(self) -> float:
        return float(np.linalg.norm(np.diff(self.chart_mm, axis=0), axis=1).sum())

    def at(self, along_mm: Float) -> Float:
        """Return points (..., 2) of the face map at lengths (...) along the skin, clipped to the path."""
        x = np.interp(along_mm, self.along_mm, self.chart_mm[:, 0])
        y = np.interp(along_mm, self.along_mm, self.chart_mm[:, 1])
        return np.stack([x, y], axis=-1)

    def across(self, along_mm: Float) -> Float:
        """Return unit vectors (..., 2) of the face map to the left of the direction of travel."""
        reach = max(2.0, 0.03 * self.length_mm)
        ahead = self.at(np.asarray(along_mm) + reach) - self.at(np.asarray(along_mm) - reach)
        ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=-1, keepdims=True), 1e-9)
        return np.stack([-ahead[..., 1], ahead[..., 0]], axis=-1)

    def reversed(self) -> "SkinPath":
        return SkinPath(self.chart_mm[::-1].copy(), self.along_mm[-1] - self.along_mm[::-1])

    def part(self, share: float) -> "SkinPath":
        """Return the middle ``share`` of the path."""
        low, high = (0.5 - share / 2) * self.length_mm, (0.5 + share / 2) * self.length_mm
        inside = (self.along_mm > low) & (self.along_mm < high)
        chart = np.concatenate([self.at(np.array([low])), self.chart_mm[inside], self.at(np.array([high]))])
        return SkinPath(chart, np.concatenate([[0.0], self.along_mm[inside] - low, [high - low]]))
