"""What the softened skin leaves out: the relief of a generic face. Without it lengths along nose, jaw and neck are too short.

The user's own mesh is too noisy to take its slopes at full height (``skin``); the slopes that softening flattens are much the
same in all faces, and so are taken from the canonical one.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Final

from facetrack.geometry.generic_head import generic_head
from facetrack.geometry.grid import Grid
from facetrack.packets import Float

RELIEF_GRID: Final = Grid(west=-120.0, south=-240.0, cell_mm=4.0, columns=61, rows=91)


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
        share = self.lacking.take(RELIEF_GRID.nearest(chart_mm), axis=0)
        metric: Float = softened + share * (softened[..., :1] + softened[..., 2:])
        return metric

    def metric_of(self, x: float, y: float, softened: list[float]) -> list[float]:
        """``metric_at`` of one point, in plain numbers: many times quicker than an array of one."""
        e, f, g = softened
        more_e, more_f, more_g = self._rows[RELIEF_GRID.nearest_to(x, y)]
        return [e + more_e * (e + g), f + more_f * (e + g), g + more_g * (e + g)]


@cache
def skin_relief() -> SkinRelief:
    """Read once."""
    return SkinRelief(generic_head().relief)
