"""What the softened skin leaves out: the relief of a generic face. Without it lengths along nose, jaw and neck are too short.

The user's own mesh is too noisy to take its slopes at full height (``skin``); the slopes that softening flattens are much the
same in all faces, and so are taken from the canonical one.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np

from facetrack.geometry.canonical import canonical_face
from facetrack.geometry.face_surface import generic_skin
from facetrack.geometry.grid import Grid
from facetrack.geometry.skin import Skin
from facetrack.packets import Float

_GRID: Final = Grid(west=-120.0, south=-240.0, cell_mm=4.0, columns=61, rows=91)
_STEEPEST: Final = 2.0
"""As in ``skin``: beyond it (nostrils, the silhouette) depth is not to be trusted."""
_SIDE_MM, _FADE_MM = 75.0, 10.0
"""Half the width beyond which the head is only guessed, and over how much the relief fades out before it."""

_MIRRORED: Final = np.array([1.0, -1.0, 1.0])


@dataclass(frozen=True, slots=True)
class SkinRelief:
    """lacking: (cells, 3), by what the canonical skin's metric (E, F, G) exceeds the softened one's, in shares of that E + G.

    Shares fit faces of any size. Both halves of the face are given the same.
    """

    lacking: Float
    _rows: list[list[float]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_rows", self.lacking.tolist())

    def metric_at(self, chart_mm: Float, softened: Float) -> Float:
        """The softened skin's metric (..., 3) at chart_mm (..., 2) -> (..., 3) with the relief. NaN in, NaN out."""
        share = self.lacking.take(_GRID.nearest(chart_mm), axis=0)
        metric: Float = softened + share * (softened[..., :1] + softened[..., 2:])
        return metric

    def metric_of(self, x: float, y: float, softened: list[float]) -> list[float]:
        """``metric_at`` of one point, in plain numbers: many times quicker than an array of one."""
        e, f, g = softened
        more_e, more_f, more_g = self._rows[_GRID.nearest_to(x, y)]
        return [e + more_e * (e + g), f + more_f * (e + g), g + more_g * (e + g)]


@cache
def skin_relief() -> SkinRelief:
    """Made once; takes a quarter of a second."""
    skin = generic_skin(_GRID).reshape(_GRID.rows, _GRID.columns, 3)
    across, up = _slope(skin, 1), _slope(skin, 0)
    form = np.stack([(a * b).sum(axis=-1) for a, b in ((across, across), (across, up), (up, up))], axis=-1)
    centres = _GRID.centres()
    softened = Skin.of(canonical_face().points_mm).metric_at(centres)
    inside = np.clip((_SIDE_MM - np.abs(centres[..., :1])) / _FADE_MM, 0.0, 1.0)
    lacking = inside * (form - softened) / (softened[..., :1] + softened[..., 2:])
    lacking = 0.5 * (lacking + lacking[:, ::-1] * _MIRRORED)
    return SkinRelief(np.concatenate([lacking.reshape(-1, 3), np.full((1, 3), np.nan)]))


def _slope(skin: Float, axis: int) -> Float:
    """(rows, columns, 3) mm along the skin a chart millimetre."""
    slope: Float = np.asarray(np.gradient(skin, _GRID.cell_mm, axis=axis))
    slope[..., 2] = slope[..., 2].clip(-_STEEPEST, _STEEPEST)
    return slope
