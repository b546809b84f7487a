"""Decides what of the corrections reaches the user: one at a time, by priority, not again at once, and then silence."""

import math
from collections import Counter
from collections.abc import Iterable

from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import Correction, Cue
from facetrack.routine.compiled import Kind


class CueArbiter:
    """Chooses the one correction that is shown: when one is raised, and again when one that waits gets its turn."""

    def __init__(self, thresholds: Thresholds, kinds: Iterable[Kind], voice: bool) -> None:
        """Take the kinds in order of priority."""
        self._tuning, self.voice = thresholds.tuning.feedback, voice
        self._rank = {kind: rank for rank, kind in enumerate(kinds)}
        self.reset()

    def reset(self) -> None:
        """Begin another step: nothing is shown, and no kind is silenced."""
        self.shown: Correction | None = None
        self._shown_t_s = 0.0
        self._last_t_s: dict[Kind, float] = {}
        self._counts: Counter[Kind] = Counter()
        self._waiting: list[Correction] = []

    def update(self, raised: list[Correction], open_now: tuple[Correction, ...], t_s: float) -> Cue | None:
        """Take the corrections of a frame. Return the cue that was decided in it, at most one."""
        current = {event.index: event for event in open_now}
        if self.shown is not None:
            still = current.get(self.shown.index)
            over = t_s - self._shown_t_s >= self._tuning.shown_s and len(current) > 1
            self.shown = None if still is None or over else still
        self._waiting = [current[event.index] for event in [*self._waiting, *raised] if event.index in current]
        if not self._waiting:
            return None
        best = min(self._waiting, key=lambda event: self._rank[event.kind])
        why_not = self._suppressed_by(best, t_s)
        if why_not is None:
            return self._show(best, t_s)
        refused = next((event for event in raised if event.index in current), None)
        if refused is None:
            return None
        reason = self._suppressed_by(refused, t_s) or "another-first"
        if reason == "silenced":
            self._waiting = [event for event in self._waiting if event.index != refused.index]
        return Cue(t_s, refused.index, shown=False, spoken=False, why_not=reason)

    def _show(self, event: Correction, t_s: float) -> Cue:
        self._waiting = [other for other in self._waiting if other.index != event.index]
        self.shown, self._shown_t_s = event, t_s
        self._last_t_s[event.kind] = t_s
        self._counts[event.kind] += 1
        return Cue(t_s, event.index, shown=True, spoken=self.voice, why_not=None if self.voice else "voice-off")

    def _suppressed_by(self, event: Correction, t_s: float) -> str | None:
        if self._counts[event.kind] >= self._tuning.times_a_kind:
            return "silenced"
        if t_s - self._last_t_s.get(event.kind, -math.inf) < self._tuning.again_s:
            return "shown-recently"
        if self.shown is not None and self._rank[self.shown.kind] <= self._rank[event.kind]:
            return "another-first"
        return None
