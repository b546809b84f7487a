"""Figures that may not fall: a run's own, less a margin for chance, kept in scores.json beside this file.

A run is seeded, so that unchanged code gives the same figures; but any change shifts which chances hit. The margin is about one
standard error, half of the way from a figure to the far end of its 95 % interval, and at least one event.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facetrack.routine.kinds import KINDS

SCORES: Final = Path(__file__).parent / "scores.json"
SCHEMA_VERSION: Final = 1
_MARGIN: Final = 0.5
_WITHHELD_MARGIN: Final = 0.2
"""Of the withheld share, which has no interval: seconds of one clip are not independent of each other."""
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run. limit: as bad as chance may make it. low_is_good: of errors; else a share of what went right."""

    name: str
    value: float
    limit: float
    low_is_good: bool

    def row(self) -> dict[str, float]:
        bound = "at_most" if self.low_is_good else "at_least"
        return {bound: round(self.limit, _DIGITS), "measured": round(self.value, _DIGITS)}


def figures_of(summary: dict[str, Any]) -> list[Figure]:
    """The figures of a run that are held, those that could not be had left out."""
    return [figure for figure in _figures(summary) if not math.isnan(figure.value)]


def _figures(summary: dict[str, Any]) -> Iterator[Figure]:
    rate = summary["ours"]["false_per_minute"]
    yield Figure("false_corrections_per_minute", rate["rate"], _towards(rate["rate"], rate["interval"][1]), True)
    for kind in KINDS:
        for what in ("recall", "precision"):
            yield _share(f"{kind}.{what}", summary["ours"]["kinds"][kind][what])
    yield _share("repetitions_exact", summary["figures"]["repetitions_exact_steps"])
    withheld = summary["withheld"]["share"]
    yield Figure("withheld", withheld, withheld * (1 + _WITHHELD_MARGIN), True)


def _share(name: str, share: dict[str, Any]) -> Figure:
    value, one = share["share"], 1 / max(share["of"], 1)
    return Figure(name, value, max(0.0, min(_towards(value, share["interval"][0]), value - one)), False)


def _towards(value: float, end: float) -> float:
    return value + _MARGIN * (end - value)


def fallen(summary: dict[str, Any], run: str, scores: Path = SCORES) -> list[str]:
    """A line for each figure of the run that is worse than its floor, and what to do; empty if none is.

    Raises KeyError if no floor was ever written for such a run.
    """
    floors = json.loads(scores.read_text(encoding="utf-8"))["runs"][run]
    figures = {figure.name: figure for figure in figures_of(summary)}
    return [line for name, floor in floors.items() if (line := _told(name, floor, figures.get(name))) is not None]


def _told(name: str, floor: dict[str, float], figure: Figure | None) -> str | None:
    low_is_good = "at_most" in floor
    bound = floor["at_most" if low_is_good else "at_least"]
    at = "at most" if low_is_good else "at least"
    was = f"its floor is {at} {bound:.3f} (it was {floor['measured']:.3f} when that was written)"
    if figure is None:
        return f"{name}: could not be measured; {was}"
    value = round(figure.value, _DIGITS)
    return f"{name} is {value:.3f}; {was}" if (value > bound if low_is_good else value < bound) else None


def advice(command: str) -> str:
    """What to do about a floor that was broken. command: runs it again."""
    return (
        "See which cases changed: add --failures FILE here and on the commit before, and --show CASE for one of them.\n"
        "If the change is right all the same, write the floors anew and say in the commit which figure fell, and why:\n"
        f"  {command} --write-floor"
    )


def write_floors(summary: dict[str, Any], run: str, scores: Path = SCORES) -> None:
    """Puts the run's figures in the place of its old floors; other runs' stay."""
    kept = json.loads(scores.read_text(encoding="utf-8"))["runs"] if scores.exists() else {}
    kept[run] = {figure.name: figure.row() for figure in figures_of(summary)}
    told = {"schema_version": SCHEMA_VERSION, "runs": dict(sorted(kept.items()))}
    scores.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
