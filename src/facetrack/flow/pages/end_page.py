"""The page after the last step: what was done, and which areas could be repeated."""

import math
from collections import Counter
from typing import Final

from facetrack.coach.verdict import StepEnd, Verdict
from facetrack.flow.options import FlowOptions
from facetrack.flow.texts import TEXTS, steps_done
from facetrack.routine.compiled import CompiledStep

WAIT_S: Final = 20.0
"""How long the question stands before the session ends by itself."""
MOST_SUGGESTED_STEPS: Final = 4
"""How many steps are suggested for a second pass."""


class EndPage:
    """Remembers how the steps went and suggests which to repeat."""

    def __init__(self, steps: tuple[CompiledStep, ...], options: FlowOptions) -> None:
        self._steps = {step.id: step for step in steps}
        self._concern = [name for name in options.concern if name in self._steps]
        self._ended: list[StepEnd] = []
        self._corrected: Counter[str] = Counter()
        self._since_s = math.nan

    @property
    def done(self) -> tuple[str, ...]:
        """Ids of the steps that were done, each once, in the order in which they were done."""
        return tuple(dict.fromkeys(end.step_id for end in self._ended if end.status == "done"))

    def follow(self, verdict: Verdict) -> None:
        """Process a verdict of the work."""
        self._ended += verdict.ended
        self._corrected.update(event.step_id for event in verdict.changed if event.t_start_s == verdict.t_s)

    def begin(self, t_s: float) -> None:
        """Note that the page is shown from now on."""
        self._since_s = t_s

    def left_s(self, t_s: float) -> float:
        """Return the seconds until the session ends by itself."""
        return max(0.0, WAIT_S - (t_s - self._since_s))

    @property
    def suggested_steps(self) -> tuple[CompiledStep, ...]:
        """Steps to repeat: the user's areas of concern, else those that were corrected most, else the first ones."""
        wanted = list(self._concern)
        wanted += [name for name, _ in self._corrected.most_common() if name in self._steps]
        wanted += self.done
        return tuple(self._steps[name] for name in list(dict.fromkeys(wanted))[:MOST_SUGGESTED_STEPS])

    @property
    def lines(self) -> tuple[str, ...]:
        """What was done, followed by the numbered suggestions."""
        offers = (f"{n}  {step.title}" for n, step in enumerate(self.suggested_steps, start=1))
        return (steps_done(len(self.done)), TEXTS["end.again"], *offers)
