"""Opens, joins, keeps and closes corrections: one for a mistake that continues, from the frame that raises it to its mend."""

import math
from dataclasses import dataclass, field, replace

from facetrack.coach.feedback.messages import one_sided
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import Correction
from facetrack.packets import SIDES
from facetrack.routine.compiled import Kind


@dataclass(slots=True)
class Finding:
    """Says what a check has found wrong on a side, and when it last saw it. It stands until the contrary is seen."""

    kind: Kind
    side: int
    value: float
    limit: float
    message_id: str
    message: str
    seen_s: float
    by_absence: bool = False  # a hand may cause it by being away


@dataclass(slots=True)
class _Standing:
    """Keeps a correction whose mend has not been seen, though it may have ended for want of evidence."""

    event: Correction
    seen_s: dict[int, float] = field(default_factory=dict)  # of each side: when it was last seen wrong
    mended_s: dict[int, float] = field(default_factory=dict)  # of the sides that are right again: since when

    @property
    def waiting(self) -> list[int]:
        """The sides whose mend has not been seen."""
        return [side for side in self.seen_s if side not in self.mended_s]

    @property
    def last_s(self) -> float:
        """When the mistake was last seen, or the last of its sides mended."""
        return max(*self.mended_s.values(), *(self.seen_s[side] for side in self.waiting), -math.inf)


class CorrectionLog:
    """Keeps all corrections of a session.

    Sides raised within half a second of each other become one correction of both, which ends when both have mended. Where a
    mistake is not seen for a while, nor its mend, the correction ends at its last evidence; seen again soon, it is the same. So
    is one that is seen again at once after its mend: one right stroke among wrong ones ends nothing.
    """

    def __init__(self, thresholds: Thresholds) -> None:
        tuning = thresholds.tuning.feedback
        self._limits, self._both_within_s, self._relapse_s = thresholds, tuning.both_within_s, tuning.relapse_s
        self._standing: list[_Standing] = []
        self._count = 0

    @property
    def open(self) -> tuple[Correction, ...]:
        """The corrections that are open, oldest first."""
        return tuple(one.event for one in self._standing if one.event.t_end_s is None)

    def update(
        self, findings: list[Finding], step_id: str, t_s: float, unseen: frozenset[int] = frozenset()
    ) -> tuple[list[Correction], list[Correction]]:
        """Take all findings of a frame. Return (raised, all that changed).

        unseen: sides on which no hand is seen now. What was found in a hand's work is raised only while it is there.
        """
        found = {(finding.kind, finding.side): finding for finding in findings}
        before = {one.event.index: one.event for one in self._standing}
        for one in self._standing:
            self._follow(one, found, t_s)
        followed = [one.event for one in self._standing if one.event is not before[one.event.index]]
        self._standing = [one for one in self._standing if self._may_go_on(one, t_s)]
        known = {(one.event.kind, side) for one in self._standing for side in one.seen_s}
        raised: list[Correction] = []
        changed = {event.index: event for event in followed}
        for key, finding in found.items():
            away = finding.side in unseen and not finding.by_absence
            if key in known or away or t_s - finding.seen_s > self._limits.stays_open_s:
                continue
            event = self._join(finding, t_s)
            if event is None:
                event = self._new(finding, step_id, t_s)
                self._standing.append(_Standing(event, {finding.side: finding.seen_s}))
                raised.append(event)
            changed[event.index] = event
        return raised, list(changed.values())

    def end(self, t_s: float) -> list[Correction]:
        """End all that are open, as a pause, a skip and the step's end do. Return them."""
        ended = [replace(event, t_end_s=t_s) for event in self.open]
        self._standing = []
        return ended

    def record_instant(self, finding: Finding, step_id: str, t_s: float) -> Correction:
        """Record a correction that begins and ends at once, as at the end of a step."""
        return replace(self._new(finding, step_id, t_s), t_end_s=t_s)

    def _follow(self, one: _Standing, found: dict[tuple[Kind, int], Finding], t_s: float) -> None:
        """Take what is found now of a correction's sides, and close it or open it again."""
        for side in one.seen_s:
            finding = found.get((one.event.kind, side))
            if finding is None:
                one.mended_s.setdefault(side, t_s)
            else:
                one.mended_s.pop(side, None)
                one.seen_s[side] = finding.seen_s
        ended_s = one.event.t_end_s
        if ended_s is None:
            if not one.waiting:
                one.event = replace(one.event, t_end_s=t_s, mended=True)
            elif t_s - one.last_s > self._limits.stays_open_s:
                one.event = replace(one.event, t_end_s=max(one.last_s, one.event.t_start_s))
        elif not one.waiting:
            one.event = one.event if one.event.mended else replace(one.event, mended=True)
        elif one.last_s > ended_s and self._may_go_on(one, t_s):
            one.event = replace(one.event, t_end_s=None, mended=False)

    def _may_go_on(self, one: _Standing, t_s: float) -> bool:
        """Return whether it is open, or would be the same correction if it were seen again."""
        ended_s, same_s = one.event.t_end_s, self._relapse_s if one.event.mended else self._limits.same_within_s
        return ended_s is None or t_s - ended_s <= same_s

    def _join(self, finding: Finding, t_s: float) -> Correction | None:
        """Make a correction of the other side that was raised just before one of both. Return it, or None."""
        for one in self._standing:
            event = one.event
            if event.kind == finding.kind and event.t_end_s is None and t_s - event.t_start_s <= self._both_within_s:
                one.seen_s[finding.side] = finding.seen_s
                one.event = replace(event, side="both", message=finding.message)
                return one.event
        return None

    def _new(self, finding: Finding, step_id: str, t_s: float) -> Correction:
        self._count += 1
        return Correction(
            index=self._count - 1,
            step_id=step_id,
            side=SIDES[finding.side],
            kind=finding.kind,
            t_start_s=t_s,
            t_end_s=None,
            value=finding.value,
            limit=finding.limit,
            message_id=finding.message_id,
            message=one_sided(SIDES[finding.side], finding.message),
        )
