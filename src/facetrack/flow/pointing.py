"""Decides what a correction on the screen says and where its arrows point, as the hands move. Words and arrows agree always."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.coach.feedback.messages import nearest_place, one_sided, zone_message
from facetrack.coach.verdict import Correction, Verdict
from facetrack.packets import SIDES, Float
from facetrack.routine.compiled import CompiledStep

SETTLES_S: Final = 0.4
"""Words change only when the hand has been elsewhere for this long, so that they can be read."""
MIRROR: Final = np.array([-1.0, 1.0])
"""Factor that mirrors one half of the chart to the other."""
LIFT: Final = "direction.lift"
"""Id of the correction that asks to lift the hand: there is no way to show in the picture."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow on the chart, in mm. arrives: it leads to its end; else it shows a way, and its length means nothing."""

    start_mm: Float  # (2,)
    end_mm: Float  # (2,)
    arrives: bool = False


Arrows = tuple[Arrow | None, Arrow | None]
"""The arrow of each side; None is no arrow."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """What the screen says of a correction, and its arrows."""

    words: str = ""
    arrows: Arrows = (None, None)


NOTHING: Final = Pointing()
"""No correction is shown."""


class Pointer:
    """Follows the correction that is shown: a wrong place is named from where the hand is now."""

    def __init__(self) -> None:
        self._correction: int | None = None
        self._now = NOTHING
        self._other_since_s = math.nan

    def update(self, verdict: Verdict, step: CompiledStep | None) -> Pointing:
        """Process a frame. step: the running one."""
        shown = verdict.shown
        if shown is None or step is None or shown.step_id != step.id:
            self._correction, self._now = None, NOTHING
        elif shown.kind == "zone":
            self._follow_zone(shown, verdict, step)
        else:
            self._correction, self._now = shown.index, Pointing(shown.message, _ways(shown, verdict, step))
        return self._now

    def _follow_zone(self, shown: Correction, verdict: Verdict, step: CompiledStep) -> None:
        found = _zone_pointing(shown, verdict, step)
        if shown.index != self._correction:
            self._correction, self._other_since_s = shown.index, math.nan
            self._now = found or Pointing(shown.message)
        elif found is None:  # inside, or not seen: the words stand until the coach withdraws them, without an arrow
            self._now, self._other_since_s = Pointing(self._now.words), math.nan
        elif found.words == self._now.words or verdict.t_s - self._other_since_s >= SETTLES_S:
            self._now, self._other_since_s = found, math.nan
        else:
            self._now = Pointing(self._now.words, _from_where_they_are(self._now.arrows, verdict))
            self._other_since_s = verdict.t_s if math.isnan(self._other_since_s) else self._other_since_s


def _zone_pointing(shown: Correction, verdict: Verdict, step: CompiledStep) -> Pointing | None:
    """Make words and arrows from where the hands are; None where no hand of the correction is outside now."""
    arrows: list[Arrow | None] = [None, None]
    words = ""
    for side in _sides(shown):
        judged = verdict.sides[side]
        if judged.in_zone is not False or not np.isfinite(judged.working_mm).all():
            continue
        here = _sided(judged.working_mm, side)
        arrows[side] = Arrow(judged.working_mm, _sided(nearest_place(step, here)[0], side), arrives=True)
        told = zone_message(step, here)[1]
        words = words or (told if shown.side == "both" else one_sided(SIDES[side], told))
    return Pointing(words, (arrows[0], arrows[1])) if words else None


def _from_where_they_are(arrows: Arrows, verdict: Verdict) -> Arrows:
    """Return arrows to the same ends, which begin where the hands are now."""
    left, right = (
        None if arrow is None or not np.isfinite(side.working_mm).all() else Arrow(side.working_mm, arrow.end_mm, arrow.arrives)
        for arrow, side in zip(arrows, verdict.sides, strict=True)
    )
    return left, right


def _ways(shown: Correction, verdict: Verdict, step: CompiledStep) -> Arrows:
    """Return the arrows that show which way to stroke, where that is what the correction asks for."""
    if shown.kind not in ("direction", "symmetry") or shown.message_id == LIFT:
        return None, None
    left, right = (_way(shown, verdict, step, side) if side in _sides(shown) else None for side in range(len(SIDES)))
    return left, right


def _way(shown: Correction, verdict: Verdict, step: CompiledStep, side: int) -> Arrow | None:
    """Return an arrow along the path: from the hand that strokes the wrong way, or from the path's start."""
    path = _sided(step.phases[min(max(verdict.phase_index, 0), len(step.phases) - 1)].path_mm, side)
    if len(path) < 2:
        return None
    here = verdict.sides[side].working_mm
    seen = bool(np.isfinite(here).all())
    nearest = int(np.argmin(np.hypot(*(path[:-1] - here).T))) if seen else 0
    start = here if seen and shown.kind == "direction" else path[0]
    return Arrow(start, start + (path[nearest + 1] - path[nearest]))


def _sides(shown: Correction) -> list[int]:
    return [side for side, name in enumerate(SIDES) if shown.side in (name, "both")]


def _sided(points_mm: Float, side: int) -> Float:
    """Mirror points (..., 2) between the left half of the chart and that side's."""
    return points_mm * MIRROR if side else points_mm
