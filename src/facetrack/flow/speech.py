"""Decides, frame by frame, what is said aloud, so that a routine can be followed with eyes shut."""

import math
from typing import Final

from facetrack.coach.verdict import Verdict
from facetrack.flow.screen import Tone, Utterance
from facetrack.flow.texts import TEXTS, point_text
from facetrack.routine.compiled import CompiledStep

ASK_AGAIN_S: Final = 10.0
"""The same request of a page is not repeated sooner."""
ASK_EVERY_S: Final = 3.0
"""Different requests follow each other at least this far apart."""
UNSEEN_SHOWN_S: Final = 1.5
"""Something that can't be seen is shown after this time: a hand on its way is not missed."""
UNSEEN_S: Final = 4.0
"""Something that can't be seen is mentioned after this time."""
UNSEEN_AGAIN_S: Final = 20.0
"""A hint about something that can't be seen is not repeated sooner."""
REQUEST: Final = "unseen.lift"
"""Id of the hints that ask for something at once; the coach limits how often they come."""
FEWEST_COUNTED: Final = 3
"""In steps of this many repetitions or more, "One more" announces the last one."""
BEGUN_SHARE: Final = 0.2
"""A step that is not counted by repetitions is under way after this share of its time."""
WORD_S: Final = 0.42
"""Time that a voice takes for a word: 160 words a minute, and a little more for long ones."""
TONE_S: Final = 0.4
"""Time that the tone takes before the words."""


def spoken_s(words: str) -> float:
    """Return about how long a voice takes to say the words, in seconds."""
    return TONE_S + WORD_S * len(words.split())


class Speech:
    """Collects what to say; ``take`` returns what this frame says. The coach decides how often a correction is said."""

    def __init__(self) -> None:
        self._now: list[Utterance] = []
        self._silent_from_s = -math.inf
        self._point_said = False
        self._asked: dict[str, float] = {}
        self._ask_s = -math.inf
        self._unseen: str | None = None
        self._unseen_since_s = self._unseen_said_s = -math.inf
        self._one_more_said = False

    def take(self, t_s: float) -> tuple[Utterance, ...]:
        """Return what was decided since the last call."""
        now, self._now = tuple(self._now), []
        for one in now:
            begins_s = t_s if one.urgent else max(t_s, self._silent_from_s)
            self._silent_from_s = begins_s + spoken_s(one.words)
        return now

    def silent(self, t_s: float) -> bool:
        """Return whether nothing is being said, as far as the length of the words shows."""
        return not self._now and t_s >= self._silent_from_s

    def sound(self, tone: Tone) -> None:
        """Play a tone without words."""
        self._now.append(Utterance("", tone))

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
        """Announce a step, at once: what is still being said belongs to what is over.

        before: words about the step that ended. tempo: what its beat asks for.
        """
        self._one_more_said = self._point_said = False
        self._unseen = None
        intro = f"{before}. " if before else ""
        outro = f" {tempo}." if tempo else ""
        self.say(f"{intro}{step.title}. {step.say}{outro}", "praise" if before else "go", urgent=True)

    def follow(self, verdict: Verdict, step: CompiledStep, words: str = "") -> None:
        """Process a verdict of the work: corrections, the last repetition, what can't be seen.

        words: what the screen says of the correction that is shown.
        """
        t_s = verdict.t_s
        if verdict.cue is not None and verdict.cue.shown:
            given = [event for event in (*verdict.changed, *verdict.corrections) if event.index == verdict.cue.correction]
            if given:
                shown = verdict.shown is not None and verdict.shown.index == given[0].index
                self.say((words if shown else "") or given[0].message, "correct", urgent=True)
                return
        self._count(verdict, step)
        self._say_point(verdict, step)
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

    def lasting_hint(self, verdict: Verdict) -> str:
        """Return the words about what can't be seen, once that has lasted; a request at once."""
        if verdict.hint is None or verdict.hint_id is None:
            return ""
        at_once = verdict.hint_id.startswith(REQUEST) or verdict.state != "working"
        lasts = verdict.hint_id == self._unseen and verdict.t_s - self._unseen_since_s >= UNSEEN_SHOWN_S
        return verdict.hint if at_once or lasts else ""

    def _say_point(self, verdict: Verdict, step: CompiledStep) -> None:
        """Say the step's point and pressure once, when the hands have begun and nothing else is being said."""
        if not self._point_said and _begun(verdict) and self.silent(verdict.t_s):
            self._point_said = True
            self.say(point_text(step, verdict.with_tool), "ask")

    def _count(self, verdict: Verdict, step: CompiledStep) -> None:
        target = step.repetitions
        counts = [side.repetitions for side in verdict.sides if side.needed]
        if target is None or target < FEWEST_COUNTED or not counts or self._one_more_said:
            return
        if min(counts) == target - 1:
            self._one_more_said = True
            self.say(TEXTS["one-more"], "go")


def _begun(verdict: Verdict) -> bool:
    """Return whether the first repetition is done; of a step that counts none, whether it has run for a while."""
    if verdict.target is not None or any(side.repetitions for side in verdict.sides):
        return max((side.repetitions for side in verdict.sides), default=0) > 0
    return verdict.step_elapsed_s >= BEGUN_SHARE * (verdict.step_elapsed_s + verdict.step_left_s)
