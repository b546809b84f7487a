"""The page after the last step: how it went, the one thing to change, where the report is, and areas to do once more."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from facetrack.coach.verdict import StepEnd, Verdict
from facetrack.flow.input.keys import Action, digit_of
from facetrack.flow.options import FlowOptions
from facetrack.flow.texts import TEXTS, steps_done
from facetrack.routine.compiled import CompiledRoutine, CompiledStep

WAIT_S: Final = 30.0
"""How long the page stands before the session ends by itself: long enough to hear it all."""
MOST_SUGGESTED_STEPS: Final = 6
"""How many steps are offered for a second pass."""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """What a session's figures say at its end, in words; empty where there is nothing to say."""

    score: str = ""
    change: str = ""  # the one thing to change
    report: bool = False  # whether the session is kept, so that there will be a report


class EndPage:
    """Remembers how the steps went, says so, and offers the areas of concern once more.

    concern: ids of the steps to offer; none is offered where there is none. summary: asked once, when the page begins.
    """

    def __init__(self, routine: CompiledRoutine, steps: tuple[CompiledStep, ...], options: FlowOptions) -> None:
        self._routine, self._options = routine, options
        self._steps = {step.id: step for step in steps}
        self._count = len(steps)
        self.concern = options.concern
        self.summary: Callable[[], SessionSummary] = SessionSummary
        self._summary = SessionSummary()
        self._ended: list[StepEnd] = []
        self._since_s = math.nan
        self.report_wanted = False

    @property
    def done(self) -> tuple[str, ...]:
        """Ids of the steps that were done, each once, in the order in which they were done."""
        return tuple(dict.fromkeys(end.step_id for end in self._ended if end.status == "done"))

    def follow(self, verdict: Verdict) -> None:
        """Process a verdict of the work."""
        self._ended += verdict.ended

    def begin(self, t_s: float) -> None:
        """Note that the page is shown from now on."""
        self._since_s = t_s
        self._summary = self.summary()

    def left_s(self, t_s: float) -> float:
        """Return the seconds until the session ends by itself."""
        return max(0.0, WAIT_S - (t_s - self._since_s))

    def again(self, pressed: list[tuple[int, Action]], palms: bool) -> CompiledStep | None:
        """Return the step that the user wants to do once more."""
        wanted = [digit_of(key) for key, _ in pressed] + [1 if palms else None]
        offered = self.suggested_steps
        numbers = [number for number in wanted if number is not None and number <= len(offered)]
        return offered[numbers[0] - 1] if numbers else None

    def leaves(self, pressed: list[tuple[int, Action]], t_s: float) -> bool:
        """Return whether the session ends now, by a key or because its time is up."""
        self.report_wanted |= self._summary.report and any(action == "report" for _, action in pressed)
        return bool(pressed) or self.left_s(t_s) <= 0.0

    @property
    def suggested_steps(self) -> tuple[CompiledStep, ...]:
        """Steps to repeat: the user's areas of concern."""
        known = [self._steps[name] for name in dict.fromkeys(self.concern) if name in self._steps]
        return tuple(known[:MOST_SUGGESTED_STEPS])

    @property
    def title(self) -> str:
        """Praise only where something was done."""
        return TEXTS["end.title" if self.done and self._options.judging else "end.over"]

    @property
    def lines(self) -> tuple[str, ...]:
        """How it went, the report, what to do afterwards, and the numbered offers."""
        offers = [f"{n}  {step.title}" for n, step in enumerate(self.suggested_steps, start=1)]
        report = [TEXTS["end.report"]] if self._summary.report else []
        return (*self._how_it_went, *report, *self._routine.after, *([TEXTS["end.again"], *offers] if offers else ()))

    @property
    def ask(self) -> str:
        """What the user is asked."""
        offered = self.suggested_steps
        if not offered:
            return TEXTS["end.none"]
        return TEXTS["end.ask" if self._options.camera else "end.ask-unseen"].format(step=offered[0].title)

    @property
    def spoken(self) -> str:
        """What a listener should hear of the page."""
        words = [f"{self.title}.", *(f"{line.rstrip('.')}." for line in self._how_it_went), *self._routine.after]
        words += [TEXTS["end.report-say"]] if self._summary.report else []
        if self.suggested_steps and self._options.camera:
            words += [TEXTS["end.again"], TEXTS["end.say"].format(step=self.suggested_steps[0].title)]
        return " ".join(words)

    @property
    def _how_it_went(self) -> tuple[str, ...]:
        if not self._options.judging:
            return (TEXTS["guide.note"],)
        closed = self._summary
        return tuple(filter(None, (steps_done(len(self.done), self._count), closed.score, closed.change)))
