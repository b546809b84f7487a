"""Offers once, before the first step with a tool, that the user shows the tool's edge."""

import math
from typing import Final

import numpy as np

from facetrack.coach.touch.grip import curl_ratio
from facetrack.coach.tuning import HandMotionTuning
from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.speech import spoken_s
from facetrack.flow.texts import TEXTS
from facetrack.routine.compiled import CompiledStep

UNUSED_S: Final = 5.0
"""How long the page waits, once it was spoken, for a hand to come to the face."""
MOST_S: Final = 14.0
"""How long it waits for a hand that is at the face."""
OTHER_HAND_S: Final = 5.0
"""How long there is to show the other hand's tool, once one is known."""
KNOWN_S: Final = 1.5
"""How long the page says that both are known."""


class ToolPage:
    """Asks for the tool; ``over`` once it has been shown, or nobody does."""

    def __init__(self, steps: tuple[CompiledStep, ...]) -> None:
        self._chosen = any(step.contact == "tool" for step in steps)
        self._possible = any("tool" in step.contacts for step in steps)
        self._known: tuple[bool, bool] = (False, False)
        self._since_s = math.nan

    def offered(self, facts: FrameFacts) -> bool:
        """Return whether to ask: a step is done with a tool, or may be and a hand at the face seems to hold one."""
        return self._chosen or (self._possible and _holds_something(facts))

    def update(self, facts: FrameFacts) -> None:
        """Process a frame of the page."""
        known = facts.tool_known
        if known != self._known:
            self._known, self._since_s = known, facts.t_s

    def over(self, facts: FrameFacts, waited_s: float) -> bool:
        """Return whether the page has ended. waited_s: since it began."""
        if any(self._known):
            return facts.t_s - self._since_s >= (KNOWN_S if all(self._known) else OTHER_HAND_S)
        most_s = MOST_S if facts.hand_near_face.any() else UNUSED_S
        return waited_s >= spoken_s(TEXTS["tool.say"]) + most_s

    @property
    def ask(self) -> str:
        """What the user is asked to do now."""
        return TEXTS["tool.both" if all(self._known) else "tool.other" if any(self._known) else "tool.ask"]

    @property
    def spoken(self) -> str:
        """What a listener should hear of it."""
        return f"{self.ask}." if any(self._known) else TEXTS["tool.say"]

    @property
    def part(self) -> int:
        """How many tools are known: the page says each."""
        return sum(self._known)


def _holds_something(facts: FrameFacts) -> bool:
    tuning = HandMotionTuning()
    ratios = np.array([curl_ratio(hand) for hand in facts.points_mm.tolist()])[facts.hand_near_face]
    return bool(((ratios > tuning.curled_ratio) & (ratios < tuning.holding_ratio[0])).any())
