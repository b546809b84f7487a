"""A figure of a run against what it should be, as a row of a table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]
"""All figures of a run."""


@dataclass(frozen=True, slots=True)
class Target:
    """least, most: what is wanted of ``value`` times ``scale``, in ``unit``."""

    name: str
    value: Callable[[Figures], float]
    unit: str
    least: float | None = None
    most: float | None = None
    scale: float = 1.0

    def row(self, figures: Figures) -> str:
        value = self.scale * self.value(figures)
        met = (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        wanted = f">= {self.least:g}" if self.least is not None else f"<= {self.most:g}"
        return f"| {self.name} | {wanted}{self.unit} | {value:.3g}{self.unit} | {'met' if met else 'not met'} |"
