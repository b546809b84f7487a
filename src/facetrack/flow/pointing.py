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
Aims = tuple[Float | None, Float | None]
"""For each side, the point (2,) of the zone (chart mm) that its arrow leads to; None is no arrow."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """What the screen says of a correction, and where its arrows lead."""

    words: str = ""
    aims: Aims = (None, None)


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
            return self._now
        if shown.kind != "zone":
            self._correction, self._now = shown.index, Pointing(shown.message)
            return self._now
        found = _zone_pointing(shown, verdict, step)
        if shown.index != self._correction:
            self._correction, self._other_since_s = shown.index, math.nan
            self._now = found or Pointing(shown.message)
        elif found is None:  # inside, or not seen: the words stand until the coach withdraws them, without an arrow
            self._now, self._other_since_s = Pointing(self._now.words), math.nan
        elif found.words == self._now.words or verdict.t_s - self._other_since_s >= SETTLES_S:
            self._now, self._other_since_s = found, math.nan
        elif math.isnan(self._other_since_s):
            self._other_since_s = verdict.t_s
        return self._now


def _zone_pointing(shown: Correction, verdict: Verdict, step: CompiledStep) -> Pointing | None:
    """Make words and arrows from where the hands are; None where no hand of the correction is outside now."""
    aims: list[Float | None] = [None, None]
    words = ""
    for side, name in enumerate(SIDES):
        judged = verdict.sides[side]
        if shown.side not in (name, "both") or judged.in_zone is not False or not np.isfinite(judged.working_mm).all():
            continue
        mirror = MIRROR if side else np.ones(2)
        here = judged.working_mm * mirror
        aims[side] = nearest_place(step, here)[0] * mirror
        told = zone_message(step, here)[1]
        words = words or (told if shown.side == "both" else one_sided(name, told))
    return Pointing(words, (aims[0], aims[1])) if words else None
