"""Each step of both routines, performed by the mannequin with two kinds of mistakes, as a tracker would see it."""

from dataclasses import dataclass, replace
from typing import Any

from benchmarks.accuracy.cases import ROUTINES, Case, Wanted, mistakes_of, performance_of, routine_of
from benchmarks.accuracy.conditions import Conditions
from benchmarks.accuracy.judging import unstacked
from benchmarks.accuracy.truth_level import track_truth
from facetrack.mannequin import Style
from facetrack.mannequin.performance.style import Order
from facetrack.routine.compiled import CompiledRoutine, CompiledStep
from facetrack.routine.kinds import KINDS
from tests.golden.verdicts import judge

FPS = 15.0
"""Half of what cameras give: enough for every rule, at half the cost."""
LONGEST_S = 55.0
"""Where two mistakes would take longer than this, only the first is made."""


@dataclass(frozen=True)
class StepClip:
    """One step's performance. number: its place among all, which picks mistakes and sides in turn."""

    number: int
    routine: CompiledRoutine
    step: CompiledStep

    @property
    def name(self) -> str:
        return f"{self.routine.id}/{self.step.id}"

    def verdicts(self) -> dict[str, Any]:
        """Judge the performance. Where its points lie on the face is kept until something before the coach changes."""
        case = self._case()
        performance = performance_of(case)
        if performance.duration_s > LONGEST_S:
            case = replace(case, mistakes=case.mistakes[:1])
            performance = performance_of(case)
        return judge(unstacked(track_truth(case, performance).points), self.routine, self.step.id)

    def _case(self) -> Case:
        wanted = self._mistakes()
        order: Order = "together"
        if wanted[0].variant == "totals":
            order = "left" if wanted[0].side == "right" else "right"
        style = Style(seed=self.number, phase_lag=0.2 * (self.number % 3), order=order)
        conditions = Conditions("golden", yaw_deg=self.number % 5 - 2.0, fps=FPS, seed=self.number)
        return Case(self.name, self.routine.id, self.step.id, wanted, "middle", style, conditions)

    def _mistakes(self) -> tuple[Wanted, ...]:
        """Pick one mistake of each of two kinds, or a side that is left out, so that all steps together have everything."""
        possible = [ways for kind in KINDS if (ways := mistakes_of(self.step, kind))]
        first = self.number % len(possible)
        kinds = possible[first:] + possible[:first]
        picked = [ways[self.number * 5 % len(ways)] for ways in kinds[:2]]
        left_out = [wanted for wanted in picked if wanted.variant == "totals"]
        return tuple(left_out or picked)


def step_clips() -> list[StepClip]:
    """List the clips of all steps."""
    steps = [(routine_of(name), step) for name in ROUTINES for step in routine_of(name).steps]
    return [StepClip(number, routine, step) for number, (routine, step) in enumerate(steps)]
