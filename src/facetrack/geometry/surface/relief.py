"""What the softened skin leaves out: the relief of a generic face. Without it lengths along nose, jaw and neck are too short.

The user's own mesh is too noisy to take its slopes at full height (``skin``); the slopes that softening flattens are much the
same in all faces, and so are taken from the canonical one.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

from facetrack.geometry.chart.grid import Grid
from facetrack.geometry.surface.generic_head import generic_head

RELIEF_GRID: Final = Grid(west=-120.0, south=-240.0, cell_mm=4.0, columns=61, rows=91)


@dataclass(frozen=True, slots=True)
class SkinRelief:
    """lacking: (cells, 3), by what the canonical skin's metric (E, F, G) exceeds the softened one's, in shares of that E + G.

    Shares fit faces of any size. Both halves of the face are given the same. Plain numbers: for one point they are many times
    quicker than an array.
    """

    lacking: list[list[float]]

    def metric_of(self, x: float, y: float, softened: list[float]) -> list[float]:
        """The softened skin's metric at a point of the chart (mm) with the relief added. NaN in, NaN out."""
        e, f, g = softened
        more_e, more_f, more_g = self.lacking[RELIEF_GRID.nearest_to(x, y)]
        return [e + more_e * (e + g), f + more_f * (e + g), g + more_g * (e + g)]


@cache
def skin_relief() -> SkinRelief:
    """Read once."""
    return SkinRelief(generic_head().relief.tolist())
