"""The page that asks once which areas the user wants to go over a second time after the last step."""

import math
from typing import Final

from facetrack.flow.speech import spoken_s
from facetrack.flow.texts import TEXTS
from facetrack.routine.compiled import CompiledRoutine, CompiledStep

WAIT_S: Final = 8.0
"""How long the page stands after it was spoken, and after each answer."""


class ConcernPage:
    """Offers the routine's groups of steps by their numbers; ``chosen`` has the ids of the steps."""

    def __init__(self, routine: CompiledRoutine, steps: tuple[CompiledStep, ...]) -> None:
        self._routine = routine
        self._groups: dict[int, list[CompiledStep]] = {}
        for step in steps:
            self._groups.setdefault(step.group, []).append(step)
        self._picked: set[int] = set()
        self._since_s = math.nan

    @property
    def chosen(self) -> tuple[str, ...]:
        """Ids of the steps of the chosen areas, in their order."""
        return tuple(step.id for group, steps in self._groups.items() if group in self._picked for step in steps)

    @property
    def lines(self) -> tuple[str, ...]:
        """The question and the numbered areas, those that are chosen with a mark."""
        areas = [
            f"{'+' if group in self._picked else ' '} {group}  {', '.join(step.title for step in steps)}"
            for group, steps in self._groups.items()
        ]
        return (self._routine.concern_say, *areas)

    @property
    def spoken(self) -> str:
        """What a listener should hear."""
        return f"{self._routine.concern_say} {TEXTS['concern.ask']}."

    def press(self, digits: list[int], t_s: float) -> None:
        """Choose areas, or leave out those that were chosen before."""
        for digit in digits:
            if digit in self._groups:
                self._picked ^= {digit}
                self._since_s = t_s

    def left_s(self, t_s: float) -> float:
        """Return the seconds until the page continues by itself."""
        if math.isnan(self._since_s):
            self._since_s = t_s + spoken_s(self.spoken)
        return max(0.0, WAIT_S - (t_s - self._since_s))
