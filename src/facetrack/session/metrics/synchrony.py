"""Measures how well movements keep to a beat: the phase locking of their beginnings."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from facetrack.coach.verdict import STROKING, SideVerdict, Stroke
from facetrack.flow.tempo import beat_of
from facetrack.packets import SIDES, Float
from facetrack.routine.compiled import CompiledStep
from facetrack.session.metrics.stroke_onsets import StrokeOnsets
from facetrack.session.metrics.turn_onsets import TurnOnsets

FEWEST: Final = 12
"""The figure needs this many beginnings in all: of fewer, chance alone gives 0.3 in one of five."""
FEWEST_A_GROUP: Final = 4
"""A side in a step needs this many beginnings; fewer say nothing of their rhythm."""


def synchrony(groups: Sequence[Float]) -> float:
    """Return 0..1 of the phases (N,) rad of one or more groups of beginnings; NaN: too few of them.

    The resultant length of the phases, without what chance adds to it: the square root of the mean cosine of the difference
    between any two of a group (pairwise phase consistency; M. Vinck et al., NeuroImage 51, 2010), and 0 where that mean is
    negative. Of many beginnings it is the resultant length itself. Groups are not compared with each other: each side of each
    step may be ahead of or behind the beat by an amount of its own.
    """
    large = [group for group in groups if len(group) >= FEWEST_A_GROUP]
    if sum(len(group) for group in large) < FEWEST:
        return math.nan
    cosines = sum(abs(np.exp(1j * group).sum()) ** 2 - len(group) for group in large)
    pairs = sum(len(group) * (len(group) - 1) for group in large)
    return float(math.sqrt(max(0.0, cosines / pairs)))


class StepRhythm:
    """Follows when the movements of one step begin, side by side, if it is to be done in time with the pulse."""

    def __init__(self, step: CompiledStep) -> None:
        self._step = step
        self._turns = (TurnOnsets(), TurnOnsets())
        self._strokes = (StrokeOnsets(), StrokeOnsets())

    def add(self, t_s: float, sides: Sequence[SideVerdict]) -> None:
        """Add a frame."""
        if self._step.tempo is None:
            return
        for side, turns, strokes in zip(sides, self._turns, self._strokes, strict=True):
            x, y = side.working_mm.tolist()
            if side.withheld is not None or math.isnan(x):
                turns.lost()
            else:
                turns.update(x, y, t_s)
                strokes.update(x, y, t_s)

    def add_stroke(self, stroke: Stroke) -> None:
        """Add a stroke that has ended."""
        if self._step.tempo is not None and stroke.kind in STROKING:
            self._strokes[SIDES.index(stroke.side)].add(stroke)

    def phases(self, bpm: float) -> list[Float]:
        """Return the phases of both sides' beginnings against the beat's ticks, rad; none where the step has no beat."""
        beat = beat_of(self._step, bpm)
        if beat is None:
            return []
        begun = self._turns if beat.turns else self._strokes
        return [2.0 * np.pi / beat.move_s * np.array(one.times_s) for one in begun]
