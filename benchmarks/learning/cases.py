"""Who teaches a step, and who does it afterwards: others, at the teacher's pace, rightly and with each kind of mistake."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.accuracy.cases import ROUTINES, Case, Wanted, make_round, mistakes_of, routine_of
from facetrack.mannequin import Performance, perform
from facetrack.packets import SIDES
from facetrack.routine.compiled import CompiledRoutine, CompiledStep, Hands
from facetrack.routine.kinds import KINDS

NEW_STEPS: Final = Path(__file__).parent / "new-steps.toml"
BRIEF: Final = Path(__file__).parent / "brief.toml"
REPETITIONS: Final = 3
PACES: Final = (0.8, 1.25)
"""Of whom the routine is for, as multiples of the teacher's pace."""
_MANNERS_OF: Final = {"spiral": "japanese/cheeks"}
"""Steps of our own are done in the manner of people who do this one; if they have no spirals, who do fascia/cheeks."""


@dataclass(frozen=True, slots=True)
class TaughtCase(Case):
    """A case of a step as it was taught. hands: in which order the teacher's worked."""

    hands: Hands = "both"

    def compiled(self) -> tuple[CompiledRoutine, CompiledStep]:
        routine = routine_of(self.routine)
        return routine, as_taught(routine.step(self.step), self.hands)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A step's teacher, and those who do it afterwards. pixels: they are drawn, and seen by the tracker."""

    teacher: TaughtCase
    pupils: tuple[TaughtCase, ...]
    pixels: bool = False

    @property
    def name(self) -> str:
        return f"{Path(self.teacher.routine).stem}/{self.teacher.step}"


def as_taught(step: CompiledStep, hands: Hands) -> CompiledStep:
    """The step with the order of hands in which its teacher does it, by which its sides are then compared."""
    judge = step.judge | {"symmetry"} if {phase.motion for phase in step.phases} != {"hold"} else step.judge
    return replace(step, hands=hands, judge=judge)


def lessons(
    seed: int, steps: frozenset[str] = frozenset(), routines: Sequence[str] = (*ROUTINES, str(NEW_STEPS))
) -> Iterator[Lesson]:
    """One for each shipped step and each new one. steps: only these, ``step`` or ``routine/step``; all if empty."""
    for name in routines:
        for step in routine_of(name).steps:
            if not steps or steps & {step.id, f"{Path(name).stem}/{step.id}"}:
                yield _lesson(name, step, seed)


def taught_performance(lesson: Lesson, repetitions: int = REPETITIONS) -> Performance:
    """What the teacher shows."""
    _, step = lesson.teacher.compiled()
    return perform(step, (), lesson.teacher.style, repetitions=repetitions)


def _lesson(name: str, step: CompiledStep, seed: int) -> Lesson:
    rng = np.random.default_rng([seed, zlib.crc32(f"{name}/{step.id}".encode())])
    first, *others = _people(name, step, seed)
    in_turn = step.hands == "either" and first.style.order != "together"
    hands: Hands = "both" if step.hands == "any" else step.hands
    if step.hands == "either" and not in_turn:
        hands = "both"
    teacher = _as(first, name, step, "teacher", hands)
    pupils = [_paced(_as(others[0], name, step, "right", hands), teacher, rng)]
    taught = as_taught(step, hands)
    for who, kind in zip(others[1:], KINDS, strict=False):
        choices = mistakes_of(taught, kind)
        if choices:
            wanted = choices[int(rng.integers(len(choices)))]
            pupils.append(_paced(_as(who, name, step, f"{wanted.variant}-{wanted.side}", hands, wanted), teacher, rng))
    return Lesson(teacher, tuple(pupils))


def _people(name: str, step: CompiledStep, seed: int) -> list[Case]:
    """Six manners of working and conditions that differ; the last four's are those of who makes mistakes."""
    wanted = f"{name}/{step.id}" if name in ROUTINES else _MANNERS_OF.get(step.phases[0].motion, "fascia/cheeks")
    rounds = [case for number in range(3) for case in _round(seed + 1000 * number) if f"{case.routine}/{case.step}" == wanted]
    right, wrong = [case for case in rounds if case.right], [case for case in rounds if not case.right]
    by_kind = {case.mistakes[0].kind: case for case in wrong if case.mistakes[0].variant != "totals"}
    return [*right[:2], *(by_kind.get(kind, right[2]) for kind in KINDS)]


@cache
def _round(seed: int) -> tuple[Case, ...]:
    return tuple(make_round(0, seed))


def _as(who: Case, name: str, step: CompiledStep, what: str, hands: Hands, wanted: Wanted | None = None) -> TaughtCase:
    style = who.style
    if hands == "either":
        style = replace(style, order="in-turn")
    if wanted is not None and wanted.variant == "totals":
        style = replace(style, order=SIDES[1 - SIDES.index(wanted.side)])
    elif wanted is not None and wanted.side == "both":
        style = replace(style, order="together")
    made = (wanted,) if wanted else ()
    case_id = f"{name}/{step.id}/{what}/0"
    return TaughtCase(
        case_id, name, step.id, made, who.onset, style, who.conditions, who.slow_and_low, long=False, hands=hands
    )  # fmt: skip


def _paced(pupil: TaughtCase, teacher: TaughtCase, rng: np.random.Generator) -> TaughtCase:
    tempo = teacher.style.tempo * float(rng.uniform(*PACES))
    return_mm_s = pupil.style.return_mm_s * tempo / pupil.style.tempo
    return replace(pupil, style=replace(pupil.style, tempo=tempo, return_mm_s=return_mm_s))
