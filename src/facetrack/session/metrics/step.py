"""Adds up the figures of one step of a session as its verdicts come."""

import math
from collections.abc import Callable
from typing import Final

from facetrack.coach.verdict import StepEnd, Stroke, Verdict
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import LEFT, RIGHT, SIDES
from facetrack.routine.compiled import CompiledStep
from facetrack.session.document import StepFigures, rounded_or_none
from facetrack.session.metrics.coverage import Coverage
from facetrack.session.metrics.score import balance_part, direction_part, score, share_part
from facetrack.session.metrics.side import SideMetrics, ratio
from facetrack.session.metrics.synchrony import StepRhythm, synchrony

WORKED_FULL: Final = 0.4
"""In a step counted by time, hands in contact for this share of it count as all of it done; the rest is for going back."""
NOT_JUDGED: Final = ("skipped", "unseen")
"""A step that ended so has no score."""
LONGEST_FRAME_S: Final = 0.5
"""A frame stands for the time since the one before it, up to this much; beyond, nobody knows what happened."""


class StepMetrics:
    """Adds up one step. The time from one frame to the next is the later frame's; all lengths are the user's mm."""

    def __init__(self, step: CompiledStep, t_start_s: float) -> None:
        self.step = step
        self.t_start_s = t_start_s
        self.t_last_s = t_start_s
        self.end: StepEnd | None = None
        self.sides = (SideMetrics(step.pace_limits), SideMetrics(step.pace_limits))
        self.coverage = Coverage(step)
        self.rhythm = StepRhythm(step)
        self._first_hand_s = math.nan
        self._judged_since_hand_s = 0.0
        self.observed_s = 0.0
        self._needed = False

    def add(self, dt: float, points: FacePoints, verdict: Verdict) -> None:
        """Add a frame in which the step ran."""
        self.t_last_s = verdict.t_s
        counted = min(dt, LONGEST_FRAME_S)
        self._add_observed(counted, points, verdict)
        self.rhythm.add(verdict.t_s, verdict.sides)
        judged = [side.withheld is None for side in verdict.sides]
        for i, side in enumerate(verdict.sides):
            self.sides[i].add(counted, verdict.t_s, side, judged[1 - i])
            if side.in_contact and judged[i] and side.hand is not None:
                self.coverage.add(points.points_mm[SIDES.index(side.hand)], counted, side.contact)

    def _add_observed(self, dt: float, points: FacePoints, verdict: Verdict) -> None:
        needed = any(side.needed for side in verdict.sides)
        missed = any(side.needed and side.withheld is not None for side in verdict.sides)
        self._needed |= needed
        if needed and not missed:
            self.observed_s += dt
        if math.isnan(self._first_hand_s):
            if points.hand_seen.any():
                self._first_hand_s = verdict.t_s
        elif not missed:
            self._judged_since_hand_s += dt

    def add_stroke(self, stroke: Stroke) -> None:
        self.sides[SIDES.index(stroke.side)].add_stroke(stroke)
        self.rhythm.add_stroke(stroke)

    def close(self, end: StepEnd) -> None:
        """Take the end that the coach gave the step."""
        self.end = end
        self.t_start_s, self.t_last_s = end.t_start_s, end.t_end_s

    @property
    def span_s(self) -> float:
        return max(0.0, self.t_last_s - self.t_start_s)

    @property
    def withheld(self) -> float:
        """Return the withheld share, 0..1, of the time since the first hand was seen; NaN: none was."""
        since = self.t_last_s - self._first_hand_s
        return min(1.0, max(0.0, 1.0 - self._judged_since_hand_s / since)) if since > 0 else math.nan

    @property
    def withheld_s(self) -> tuple[float, float]:
        """Return the seconds withheld, and the seconds they are of: all of the step's where no hand was ever seen."""
        if math.isnan(self.withheld):
            return (self.span_s, self.span_s) if self._needed else (0.0, 0.0)
        since = self.t_last_s - self._first_hand_s
        return self.withheld * since, since

    def status(self) -> str:
        """Return the coach's status, or that of a step that was running when the session ended."""
        if self.end is not None:
            return self.end.status
        if not any(side.judged_s > 0 for side in self.sides):
            return "unseen"
        return "done" if self._target_met() else "stopped"

    def _target_met(self) -> bool:
        if self.step.repetitions is None:
            return self.step.seconds is not None and self.span_s >= self.step.seconds
        wanted = [side.repetitions_done for side in self.sides if side.needed]
        return bool(wanted) and min(wanted) >= self.step.repetitions

    def balance(self) -> float:
        """Return the lesser path over the greater, of what was judged on both sides (``either``: of all); NaN: not known."""
        left, right = self.sides
        if self.step.hands == "either":
            paths = (left.path_mm, right.path_mm)
            if any(side.path_mm == 0 and (side.judged_s == 0 or side.unjudged_s > 0) for side in self.sides):
                return math.nan
        elif self.step.hands in ("both", "alternate"):
            paths = (left.path_with_other(), right.path_with_other())
        else:
            return math.nan
        return ratio(min(paths), max(paths))

    def mean_acceleration(self) -> float:
        """Return the mean in mm/s^2 over the working points in contact, both sides."""
        return self._pooled(lambda s: (s.acceleration_sum, s.acceleration_s))

    def score_parts(self) -> dict[str, float]:
        """Return the parts of the score, 0..1 each; NaN: not judged in this step, or not seen."""
        judge = self.step.judge
        return {
            "zone": share_part(self._pooled(lambda s: (s.zone_s, s.zone_known_s))) if "zone" in judge else math.nan,
            "direction": direction_part(self._pooled(SideMetrics.direction)) if "direction" in judge else math.nan,
            "pace": share_part(self._pooled(lambda s: (s.pace.not_above_s, s.pace.known_s))) if "pace" in judge else math.nan,
            "balance": balance_part(self.balance()) if "symmetry" in judge else math.nan,
            "repetitions": self._repetitions_part(),
        }

    def _pooled(self, of: Callable[[SideMetrics], tuple[float, float]]) -> float:
        """Return a share over both sides, each by its weight."""
        part, whole = (sum(both) for both in zip(*map(of, self.sides), strict=True))
        return ratio(part, whole)

    def _repetitions_part(self) -> float:
        """Return what was done of what was asked for, in the part of the step that could be judged."""
        seen = 1.0 - self.withheld
        wanted = [side for side in self.sides if side.needed]
        if not wanted or not seen > 0:
            return math.nan
        if self.step.repetitions is not None:
            target = self.step.repetitions * seen
            return sum(min(1.0, side.repetitions_done / target) for side in wanted) / len(wanted)
        asked = min(self.step.seconds or self.span_s, self.span_s) * seen
        return min(1.0, max(side.contact_s for side in wanted) / (WORKED_FULL * asked)) if asked > 0 else math.nan

    @property
    def score(self) -> float:
        """Return the score, 0..100; NaN: it was not done, or too little was seen."""
        return math.nan if self.status() in NOT_JUDGED else score(self.score_parts(), self.observed_s)

    def figures(self, bpm: float = math.nan) -> StepFigures:
        """Return the step's entry of session.json. bpm: the user's pulse, NaN: not known."""
        left, right = self.coverage.shares()
        return StepFigures(
            id=self.step.id,
            status=self.status(),
            t_start_s=self.t_start_s,
            t_end_s=self.t_last_s,
            observed_s=self.observed_s,
            left=self.sides[LEFT].figures(left),
            right=self.sides[RIGHT].figures(right),
            balance=self.balance(),
            mean_acceleration_mm_s2=self.mean_acceleration(),
            synchrony=synchrony(self.rhythm.phases(bpm)),
            withheld=self.withheld,
            score=rounded_or_none(self.score),
        )
