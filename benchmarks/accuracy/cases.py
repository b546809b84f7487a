"""The benchmark's cases: which step is performed, how, with which mistake, under which conditions. Seeded and balanced.

Cases come in rounds. A round has every step: twice right, and once with each kind of mistake that the step can be done with and
is judged for; the next round takes the next variant and side. So any number of rounds is balanced, and more of them only add.
"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final, Literal

import numpy as np

from benchmarks.accuracy.conditions import THEMES, Conditions, draw_conditions
from facetrack.mannequin import Mistake, Performance, Style, perform, possible_variants
from facetrack.mannequin.performance.motion_segments import peak_over_mean
from facetrack.mannequin.performance.style import Order, comfortable_mm_s, comfortable_turns_s
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine, CompiledStep, Kind
from facetrack.routine.kinds import KINDS

ROUTINES: Final = ("japanese", "fascia")
RIGHT_A_ROUND: Final = 2
Onset = Literal["start", "middle"]
_ONSET_AT_START: Final = 0.2  # of the mistakes, some people do it wrongly from the first movement on
_BEFORE_S: Final = 6.0
_AFTER_S: Final = 8.0
_LEAST_S: Final[dict[str, float]] = {"zone": 5.0, "direction": 7.0, "pace": 6.0, "symmetry": 8.0}
_RIGHT_S: Final = 22.0
_LONGEST_LAG_S: Final = 1.2
"""A hand that waits longer than this at the start would truly be idle by the contract."""
RUSHES: Final = (1.15, 1.3, 1.6, 2.4)
"""Median speeds of rushed strokes, as multiples of the limit, in turn."""
_MEDIAN_OVER_MEAN: Final = 1.23
"""Of a stroke's speed, which rises and falls as a raised cosine."""
_SHARE_OF_LIMIT: Final = (0.2, 0.9)
"""Speed of right strokes, as a share of the limit: the slowest in the mean, the fastest at their peak."""
_SLOW_AND_LOW: Final = 0.3
"""Of the performers: they go back at 1 to 2 times their stroke's speed, lifted by 8 to 15 mm."""
_LONG_S: Final = 30.0
_LONG_EVERY: Final = 4
"""Every so-many-th mistake goes on for so long."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mistake to be made. variant "totals": one side of an "either" step is left out."""

    kind: Kind
    variant: str
    side: str


@dataclass(frozen=True, slots=True)
class Case:
    """id: ``routine/step/what/round``; rebuilds the case together with the seed of the run."""

    id: str
    routine: str
    step: str
    mistakes: tuple[Wanted, ...]
    onset: Onset
    style: Style
    conditions: Conditions
    slow_and_low: bool = False  # its returns
    long: bool = False  # its mistake

    @property
    def right(self) -> bool:
        return not self.mistakes

    @property
    def rushed(self) -> float:
        """Median speed of its rushed strokes, as a multiple of the limit."""
        spiral = any(phase.motion == "spiral" for phase in self.compiled()[1].phases)
        return round(self.style.rush * (1.0 if spiral else _MEDIAN_OVER_MEAN), 2)

    def compiled(self) -> tuple[CompiledRoutine, CompiledStep]:
        routine = routine_of(self.routine)
        return routine, routine.step(self.step)


@cache
def routine_of(name: str) -> CompiledRoutine:
    return load_routine(name)


def make_round(number: int, seed: int, steps: frozenset[str] = frozenset()) -> list[Case]:
    """All cases of a round in a seeded order. steps: ``step`` or ``routine/step`` to keep, all if empty."""
    made = []
    recipes = list(_recipes(number, seed))
    themes = np.random.default_rng([seed, number, 1]).permutation(np.arange(len(recipes)) % len(THEMES))
    for place, (name, step, what) in enumerate(recipes):
        wanted, copy = what
        label = f"{wanted.variant}-{wanted.side}" if wanted else f"right{copy}"
        case_id = f"{name}/{step.id}/{label}/{number}"
        conditions = draw_conditions(THEMES[themes[place]], number + place, _generator(seed, case_id + "/conditions"))
        made.append(_case(case_id, name, step, wanted, conditions, seed))
    if steps:
        made = [case for case in made if case.step in steps or f"{case.routine}/{case.step}" in steps]
    np.random.default_rng([seed, number]).shuffle(made)  # type: ignore[arg-type]
    return made


def make_clips(number: int, seed: int, steps: frozenset[str] = frozenset()) -> list[Case]:
    """A round for the pixel level: every step once right, and clips with two mistakes each, so that less is rendered."""
    made: list[Case] = []
    single = make_round(number, seed, steps)
    for name in sorted({(case.routine, case.step) for case in single}):
        of_step = [case for case in single if (case.routine, case.step) == name]
        made.append(next(case for case in of_step if case.right))
        alone = [case for case in of_step if any(wanted.variant == "totals" for wanted in case.mistakes)]
        made += alone if number % 2 else []
        others = sorted((case for case in of_step if not case.right and case not in alone), key=lambda case: case.id)
        made += [_together(others[k : k + 2], k) for k in range(0, len(others), 2)]
    np.random.default_rng([seed, number, 2]).shuffle(made)  # type: ignore[arg-type]
    return made


def _together(cases: list[Case], copy: int) -> Case:
    first = cases[0]
    mistakes = tuple(wanted for case in cases for wanted in case.mistakes)
    style = first.style
    if first.compiled()[1].hands == "either":  # one hand after the other would take twice as long to render
        style = replace(style, order="together")
    style = replace(style, rush=min(case.style.rush for case in cases))
    start, _, number = first.id.rsplit("/", 2)
    return replace(first, id=f"{start}/mixed{copy}/{number}", mistakes=mistakes, style=style, long=False)


def case_of(case_id: str, seed: int) -> Case:
    """The case of that id; KeyError if there is none."""
    number = int(case_id.rsplit("/", 1)[-1])
    for case in make_round(number, seed) + make_clips(number, seed):
        if case.id == case_id:
            return case
    raise KeyError(case_id)


def _recipes(number: int, seed: int) -> Iterator[tuple[str, CompiledStep, tuple[Wanted | None, int]]]:
    for name in ROUTINES:
        for step in routine_of(name).steps:
            for copy in range(RIGHT_A_ROUND):
                yield name, step, (None, copy)
            for kind in KINDS:
                choices = mistakes_of(step, kind)
                if choices:
                    order = _generator(seed, f"{name}/{step.id}/{kind}").permutation(len(choices))
                    yield name, step, (choices[order[number % len(choices)]], 0)


def mistakes_of(step: CompiledStep, kind: Kind) -> list[Wanted]:
    """Every way in which a step can be done wrongly in this kind, with its side."""
    if kind not in step.judge:
        return []
    if kind == "symmetry" and step.hands == "either":
        return [Wanted(kind, "totals", side) for side in ("left", "right")]
    sides = ("left", "right") if kind == "symmetry" else ("left", "right", "both")
    return [Wanted(kind, variant, side) for variant, side in product(possible_variants(step, kind), sides)]


def _case(case_id: str, name: str, step: CompiledStep, wanted: Wanted | None, conditions: Conditions, seed: int) -> Case:
    rng = _generator(seed, case_id)
    slow_and_low = bool(rng.random() < _SLOW_AND_LOW)
    number = int(rng.integers(1 << 30))
    style = _manner(step, slow_and_low, rng)
    style = replace(style, seed=number, order=_order(step, wanted, rng), rush=_rush(step, wanted, number))
    onset: Onset = "start" if wanted is not None and rng.random() < _ONSET_AT_START else "middle"
    long = wanted is not None and number % _LONG_EVERY == 0
    return Case(case_id, name, step.id, (wanted,) if wanted else (), onset, style, conditions, slow_and_low, long)


def _manner(step: CompiledStep, slow_and_low: bool, rng: np.random.Generator) -> Style:
    """How a performer strokes, rests, lifts and goes back. People differ in each of these."""
    phase = next((phase for phase in step.phases if phase.motion != "hold"), None)
    lag = float(rng.uniform(0, 1)) if rng.random() < 0.5 else 0.0
    rests = float(rng.uniform(0.1, 0.4)) if rng.random() < 0.6 else float(rng.uniform(0.4, 1.5))
    ratio = float(rng.uniform(1, 2)) if slow_and_low else float(np.exp(rng.uniform(0, np.log(5))))
    lift = float(rng.uniform(8, 15) if slow_and_low else rng.uniform(8, 40))
    aside = float(rng.uniform(6, 25) * rng.choice([-1, 1])) if rng.random() < 0.5 else 0.0
    share = float(rng.uniform(*_SHARE_OF_LIMIT))
    made = Style(phase_lag=lag, pause_s=rests, lift_mm=(0.85 * lift, 1.15 * lift), return_aside_mm=aside)
    if phase is None:
        return made
    if phase.motion == "spiral":
        tempo = max(share * phase.turns_s[1], phase.turns_s[0]) / comfortable_turns_s(phase)
        strokes_mm_s = math.tau * phase.turn_radius_mm * tempo * comfortable_turns_s(phase)
    else:
        slowest = max(_SHARE_OF_LIMIT[0] * phase.pace_mm_s[1], phase.pace_mm_s[0])
        strokes_mm_s = max(share * phase.pace_mm_s[1] / peak_over_mean(), slowest)
        tempo = strokes_mm_s / comfortable_mm_s(phase)
    return replace(made, tempo=tempo, return_mm_s=ratio * strokes_mm_s)


def _rush(step: CompiledStep, wanted: Wanted | None, number: int) -> float:
    spiral = any(phase.motion == "spiral" for phase in step.phases)
    share = RUSHES[number % len(RUSHES)] if wanted is not None and wanted.kind == "pace" else RUSHES[-1]
    return share if spiral else share / _MEDIAN_OVER_MEAN


def _order(step: CompiledStep, wanted: Wanted | None, rng: np.random.Generator) -> Order:
    if step.hands != "either":
        return "together"
    if wanted is not None and wanted.variant == "totals":
        return "left" if wanted.side == "right" else "right"
    if wanted is not None and wanted.side == "both":
        return "together"
    together: Order = "together"
    return together if rng.random() < 0.35 else "in-turn"


def _generator(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def performance_of(case: Case) -> Performance:
    """What the mannequin does in this case."""
    _, step = case.compiled()
    style = _in_time(step, case.style)
    period = _period_s(step, style)
    made = [wanted for wanted in case.mistakes if wanted.variant != "totals"]
    if not made:
        return perform(step, (), style, seconds=_parts(step, style) * max(_RIGHT_S, 2.2 * period))
    lasting = [max(_lasting_s(wanted, period), _LONG_S * case.long) for wanted in made]
    before = 0.0 if case.onset == "start" else max(_BEFORE_S, _whole(_BEFORE_S, period))
    after = max(_AFTER_S, _whole(_AFTER_S, period))
    seconds = before + sum(lasting) + after * len(lasting) + period
    seconds *= _parts(step, style)
    begun = perform(step, (), style, seconds=seconds)
    orders, at = [], before
    for wanted, lasts in zip(made, lasting, strict=True):
        first = min(r.t_start_s for r in begun.repetitions if wanted.side in ("both", r.side))
        start = first + at - 0.05
        orders.append(Mistake(wanted.kind, wanted.side, start, start + lasts, wanted.variant))  # type: ignore[arg-type]
        at += lasts + after
    return perform(step, orders, style, seconds=seconds)


def _in_time(step: CompiledStep, style: Style) -> Style:
    period = _period_s(step, style)
    return replace(style, phase_lag=min(style.phase_lag, _LONGEST_LAG_S / period))


def _period_s(step: CompiledStep, style: Style) -> float:
    """Of a repetition."""
    made = perform(step, (), style, repetitions=2).repetitions
    return float(np.median([r.t_end_s - r.t_start_s for r in made]))


def _parts(step: CompiledStep, style: Style) -> int:
    return 2 if step.hands == "either" and style.order == "in-turn" else 1


def _whole(least_s: float, period: float) -> float:
    """At least that long, in whole repetitions, but no more than one of a long movement."""
    return period * max(1.0, np.ceil(least_s / period)) if period < least_s else period


def _lasting_s(wanted: Wanted, period: float) -> float:
    """Long enough for the contract's evidence, and some more."""
    least = _LEAST_S[wanted.kind]
    if wanted.kind == "direction":
        return max(least, min(2.2 * period, 20.0) if period < 9 else 0.9 * period)
    if wanted.kind == "symmetry" and wanted.variant == "short":
        return max(least + 2, 2.6 * period + 3) if period < 9 else period + 4
    return max(least, 12.0) if wanted.kind == "pace" else least
