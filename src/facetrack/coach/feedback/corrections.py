"""Opens, joins and closes corrections as the findings of both sides come and go."""

from dataclasses import dataclass, replace

from facetrack.coach.feedback.messages import one_sided
from facetrack.coach.thresholds import TIME_TOLERANCE_S, Thresholds
from facetrack.coach.verdict import Correction
from facetrack.packets import SIDES
from facetrack.routine.compiled import Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """Says what a check finds wrong on a side in this frame."""

    kind: Kind
    side: int
    value: float
    limit: float
    message_id: str
    message: str
    confirm_s: float = 0.0  # it is raised when it has been found for this long
    by_absence: bool = False  # a hand may cause it by being away


class CorrectionLog:
    """Keeps all corrections of a session. Sides raised within half a second of each other become one correction of both."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._tuning = thresholds.tuning.feedback
        self._found_s: dict[tuple[Kind, int], float] = {}
        self._open: dict[int, tuple[Correction, set[int]]] = {}
        self._left_s: dict[tuple[int, int], float] = {}
        self._count = 0

    @property
    def open(self) -> tuple[Correction, ...]:
        """The corrections that are open, oldest first."""
        return tuple(event for event, _ in self._open.values())

    def update(
        self, findings: list[Finding], step_id: str, t_s: float, unseen: frozenset[int] = frozenset()
    ) -> tuple[list[Correction], list[Correction]]:
        """Take all findings of a frame; what is not found any more is withdrawn. Return (raised, all that changed).

        unseen: sides on which no hand is seen now. What was found in a hand's work is raised only while it is there.
        """
        raised: list[Correction] = []
        changed: dict[int, Correction] = {}
        found = {(finding.kind, finding.side): finding for finding in findings}
        for index, (event, sides) in list(self._open.items()):
            for side in [side for side in sides if (event.kind, side) not in found]:
                sides.remove(side)
                self._left_s[index, side] = t_s
            if not sides or event.step_id != step_id:
                changed[index] = replace(event, t_end_s=t_s)
                del self._open[index]
        self._found_s = {key: self._found_s.get(key, t_s) for key in found}
        for (kind, side), finding in found.items():
            if t_s - self._found_s[kind, side] < finding.confirm_s - TIME_TOLERANCE_S:
                continue
            if side in unseen and not finding.by_absence:
                continue
            if any(event.kind == kind and side in sides for event, sides in self._open.values()):
                continue
            if self._rejoin(kind, side, t_s):
                continue
            partner = self._partner(kind, t_s)
            if partner is not None:
                event, sides = self._open[partner]
                sides.add(side)
                changed[partner] = replace(event, side="both", message=finding.message)
                self._open[partner] = changed[partner], sides
                continue
            event = self._new(finding, step_id, t_s)
            self._open[event.index] = event, {side}
            changed[event.index] = event
            raised.append(event)
        return raised, list(changed.values())

    def record_instant(self, finding: Finding, step_id: str, t_s: float) -> Correction:
        """Record a correction that begins and ends at once, as at the end of a step."""
        return replace(self._new(finding, step_id, t_s), t_end_s=t_s)

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

    def _rejoin(self, kind: Kind, side: int, t_s: float) -> bool:
        """Put a side back into a correction of both that it has just left. Return whether there was one."""
        for index, (event, sides) in self._open.items():
            if (
                event.kind == kind
                and event.side == "both"
                and t_s - self._left_s.get((index, side), t_s) <= self._tuning.rejoins_s
            ):
                sides.add(side)
                return True
        return False

    def _partner(self, kind: Kind, t_s: float) -> int | None:
        """Find a correction of the kind on the other side, raised just before. Return its index, or None."""
        for index, (event, sides) in self._open.items():
            if (
                event.kind == kind
                and len(sides) == 1
                and event.side != "both"
                and t_s - event.t_start_s <= self._tuning.both_within_s
            ):
                return index
        return None
