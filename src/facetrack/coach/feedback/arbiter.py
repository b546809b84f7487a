"""Decides what of the corrections reaches the user: one at a time, by priority, not again at once, and then silence."""

import math
from collections import Counter
from collections.abc import Iterable

from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import Correction, Cue
from facetrack.routine.compiled import Kind


class CueArbiter:
    """Chooses the one correction that is shown: when one is raised, when one that waits gets its turn, and again while it goes
    on."""

    def __init__(self, thresholds: Thresholds, kinds: Iterable[Kind], voice: bool) -> None:
        """Take the kinds in order of priority."""
        self._tuning, self.voice = thresholds.tuning.feedback, voice
        self._rank = {kind: rank for rank, kind in enumerate(kinds)}
        self.reset()

    def reset(self) -> None:
        """Begin another step: nothing is shown, and no kind is silenced."""
        self._chosen: Correction | None = None
        self._chosen_t_s = self._at_work_t_s = -math.inf
        self._last_t_s: dict[Kind, float] = {}
        self._told: Counter[int] = Counter()  # by a correction's index
        self._of_kind: Counter[Kind] = Counter()  # how many of a kind were told, each at least once
        self.shown: Correction | None = None

    def update(
        self, raised: list[Correction], open_now: tuple[Correction, ...], t_s: float, at_work: bool = True
    ) -> Cue | None:
        """Take the corrections of a frame. Return the cue that was decided in it, at most one.

        at_work: a hand is at the face.
        """
        current = {event.index: event for event in open_now}
        self._at_work_t_s = t_s if at_work else self._at_work_t_s
        self._chosen = None if self._chosen is None else current.get(self._chosen.index)
        due = [event for event in open_now if self._suppressed_by(event, t_s) is None]
        cue = self._tell(min(due, key=lambda event: self._rank[event.kind]), t_s) if due else self._refusal(raised, t_s)
        self.shown = self._chosen if t_s - self._at_work_t_s < self._tuning.shown_s else None
        return cue

    def _tell(self, event: Correction, t_s: float) -> Cue:
        self._chosen, self._chosen_t_s = event, t_s
        self._last_t_s[event.kind] = t_s
        self._of_kind[event.kind] += self._told[event.index] == 0
        self._told[event.index] += 1
        return Cue(t_s, event.index, shown=True, spoken=self.voice, why_not=None if self.voice else "voice-off")

    def _refusal(self, raised: list[Correction], t_s: float) -> Cue | None:
        """Say why a correction that was raised in this frame is not shown, or not yet."""
        reasons = [(event.index, self._suppressed_by(event, t_s)) for event in raised]
        return next(
            (Cue(t_s, index, shown=False, spoken=False, why_not=why) for index, why in reasons if why is not None), None
        )

    def _suppressed_by(self, event: Correction, t_s: float) -> str | None:
        told = self._told[event.index]
        if told >= self._tuning.times or (told == 0 and self._of_kind[event.kind] >= self._tuning.times):
            return "silenced"
        if t_s - self._last_t_s.get(event.kind, -math.inf) < self._tuning.again_s:
            return "shown-recently"
        chosen = self._chosen
        if chosen is None or chosen.index == event.index or self._rank[event.kind] < self._rank[chosen.kind]:
            return None
        return "another-first" if t_s - self._chosen_t_s < self._tuning.shown_s else None
