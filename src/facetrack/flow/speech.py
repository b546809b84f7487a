"""Decides, frame by frame, what is said aloud, so that a routine can be followed with eyes shut."""

import math
from typing import Final

from facetrack.coach.verdict import Verdict
from facetrack.flow.screen import Tone, Utterance
from facetrack.flow.texts import TEXTS
from facetrack.routine.compiled import CompiledStep

ASK_AGAIN_S: Final = 10.0
"""The same request of a page is not repeated sooner."""
ASK_EVERY_S: Final = 3.0
"""Different requests follow each other at least this far apart."""
UNSEEN_S: Final = 4.0
"""Something that can't be seen is mentioned after this time."""
UNSEEN_AGAIN_S: Final = 20.0
"""A hint about something that can't be seen is not repeated sooner."""
REQUEST: Final = "unseen.lift"
"""Id of the hints that ask for something at once; the coach limits how often they come."""
FEWEST_COUNTED: Final = 3
"""In steps of this many repetitions or more, "One more" announces the last one."""


class Speech:
    """Collects what to say; ``take`` returns what this frame says. The coach decides how often a correction is said."""

    def __init__(self) -> None:
        self._now: list[Utterance] = []
        self._asked: dict[str, float] = {}
        self._ask_s = -math.inf
        self._unseen: str | None = None
        self._unseen_since_s = self._unseen_said_s = -math.inf
        self._one_more_said = False

    def take(self) -> tuple[Utterance, ...]:
        """Return what was decided since the last call."""
        now, self._now = tuple(self._now), []
        return now

    def say(self, words: str, tone: Tone, urgent: bool = False) -> None:
        """Say something once, now."""
        if words:
            self._now.append(Utterance(words, tone, urgent))

    def ask(self, words: str, t_s: float) -> None:
        """Say what a page asks for, repeated for as long as it asks."""
        if not words or t_s - self._ask_s < ASK_EVERY_S or t_s - self._asked.get(words, -math.inf) < ASK_AGAIN_S:
            return
        self._asked[words] = self._ask_s = t_s
        self.say(words, "ask")

    def page(self, words: str, t_s: float) -> None:
        """Say what a new page asks for."""
        if words:
            self._asked[words] = self._ask_s = t_s
            self.say(words, "ask", urgent=True)

    def step_begins(self, step: CompiledStep, before: str, tempo: str = "") -> None:
        """Announce a step. before: words about the step that ended. tempo: what its beat asks for."""
        self._one_more_said = False
        self._unseen = None
        intro = f"{before}. " if before else ""
        outro = f" {tempo}." if tempo else ""
        self.say(f"{intro}{step.title}. {step.say}{outro}", "praise" if before else "go")

    def follow(self, verdict: Verdict, step: CompiledStep) -> None:
        """Process a verdict of the work: corrections, the last repetition, what can't be seen."""
        t_s = verdict.t_s
        if verdict.cue is not None and verdict.cue.shown:
            given = [event for event in (*verdict.changed, *verdict.corrections) if event.index == verdict.cue.correction]
            if given:
                self.say(given[0].message, "correct", urgent=True)
                return
        self._count(verdict, step)
        if verdict.hint_id != self._unseen:
            self._unseen, self._unseen_since_s = verdict.hint_id, t_s
            if verdict.hint is not None and (verdict.hint_id or "").startswith(REQUEST):
                self._unseen_said_s = t_s
                self.say(verdict.hint, "ask")
                return
        lasting = verdict.hint is not None and t_s - self._unseen_since_s >= UNSEEN_S
        if lasting and t_s - self._unseen_said_s >= UNSEEN_AGAIN_S and verdict.hint is not None:
            self._unseen_said_s = t_s
            self.say(verdict.hint, "ask")

    def _count(self, verdict: Verdict, step: CompiledStep) -> None:
        target = step.repetitions
        counts = [side.repetitions for side in verdict.sides if side.needed]
        if target is None or target < FEWEST_COUNTED or not counts or self._one_more_said:
            return
        if min(counts) == target - 1:
            self._one_more_said = True
            self.say(TEXTS["one-more"], "go")
