"""Symmetry is wrong when one side is still while the other works, or strokes much less. Both must be in view."""

import bisect
import math
from collections import deque
from collections.abc import Sequence
from typing import ClassVar, Self

from facetrack.coach.checks.check import Check
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.feedback.messages import symmetry_message, totals_message
from facetrack.coach.frame_context import FrameContext
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.thresholds import TIME_TOLERANCE_S, Thresholds
from facetrack.coach.tuning import SymmetryTuning
from facetrack.coach.verdict import STROKING
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import Kind

_FRAMES_KEPT = 4096
"""Frames kept: far more than the longest window at any frame rate."""


class _Moved:
    """Keeps running totals of what both sides moved, and of that within the zone: any recent window takes two look-ups."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._t_s: list[float] = []
        self._totals: list[tuple[float, float, float]] = [(0.0, 0.0, 0.0)]

    def add(self, t_s: float, dt_s: float, left_mm: float, right_mm: float) -> None:
        self._t_s.append(t_s)
        seen, left, right = self._totals[-1]
        self._totals.append((seen + dt_s, left + left_mm, right + right_mm))
        if len(self._t_s) > _FRAMES_KEPT:
            del self._t_s[: _FRAMES_KEPT // 2]
            del self._totals[: _FRAMES_KEPT // 2]

    def over(self, window_s: float) -> tuple[list[float], float]:
        """Return (moved by each side, time covered) over the last window_s."""
        if not self._t_s:
            return [0.0, 0.0], 0.0
        first = max(bisect.bisect_right(self._t_s, self._t_s[-1] - window_s + TIME_TOLERANCE_S), 1)
        now, then = self._totals[-1], self._totals[first]
        return [now[1] - then[1], now[2] - then[2]], now[0] - then[0]


class _Stroked:
    """Keeps one side's movements with their own times: what they were may be decided seconds after their end."""

    def __init__(self, kept: int) -> None:
        self._ended: deque[Segment] = deque(maxlen=kept)
        self._ended_mm = 0.0
        self.ended_s = -math.inf

    def add(self, movement: Segment) -> None:
        self._ended.append(movement)
        self._ended_mm += movement.travelled_mm
        self.ended_s = max(self.ended_s, movement.t_end_s)

    def over(self, window_s: float, t_s: float, under_way: Sequence[Segment]) -> tuple[float, float]:
        """Return the path, mm, of the last window_s with what is under way, and its part within the zone."""
        paths = [(one.zone_share, _path_since(one, t_s - window_s)) for one in (*self._ended, *under_way)]
        return sum(path for _, path in paths), sum(share * path for share, path in paths)

    def in_all(self, under_way: Sequence[Segment]) -> float:
        """Return the path, mm, of the whole step, with what is under way."""
        return self._ended_mm + sum(movement.travelled_mm for movement in under_way)


def _path_since(movement: Segment, since_s: float) -> float:
    """Return the share of a movement's path, mm, that lies after since_s."""
    lasted_s = max(movement.t_end_s - movement.t_start_s, TIME_TOLERANCE_S)
    return movement.travelled_mm * min(max((movement.t_end_s - since_s) / lasted_s, 0.0), 1.0)


class _Extent:
    """Measures how far a point has moved about lately."""

    def __init__(self, tuning: SymmetryTuning) -> None:
        self._tuning = tuning
        self.clear()

    def clear(self) -> None:
        self._t_s: list[float] = []
        self._xs: list[float] = []
        self._ys: list[float] = []
        # A cache: window -> (its first and last time, the diagonal), computed again when one of the times differs.
        self._known: dict[float, tuple[float, float, float]] = {}

    def add(self, t_s: float, x: float, y: float, longest_s: float) -> None:
        if self._t_s and t_s - self._t_s[-1] < self._tuning.extent_every_s - TIME_TOLERANCE_S:
            return
        self._t_s.append(t_s)
        self._xs.append(x)
        self._ys.append(y)
        old = bisect.bisect_left(self._t_s, t_s - longest_s - TIME_TOLERANCE_S)
        del self._t_s[:old], self._xs[:old], self._ys[:old]

    def over(self, window_s: float, t_s: float) -> float:
        """Return the diagonal, in chart mm, of the box around its places of the last window_s.

        The outermost place each way is left out: one leap of noise is no movement. NaN where it was not there all the time.
        """
        first = bisect.bisect_left(self._t_s, t_s - window_s - TIME_TOLERANCE_S)
        tuning, count = self._tuning, len(self._t_s) - first
        if count < tuning.extent_share * window_s / tuning.extent_every_s and count < tuning.extent_count:
            return math.nan
        begun_s, ended_s = self._t_s[first], self._t_s[-1]
        known = self._known.get(window_s)
        if known is None or known[:2] != (begun_s, ended_s):
            xs, ys = sorted(self._xs[first:]), sorted(self._ys[first:])
            out = 1 if len(xs) >= tuning.outlier_count else 0
            known = begun_s, ended_s, math.hypot(xs[-1 - out] - xs[out], ys[-1 - out] - ys[out])
            self._known[window_s] = known
        return known[2]


class SymmetryCheck(Check):
    """Compares both sides: in every frame of a step that wants both at once, and at the end of one that does them in turn.

    weaker: the side to do more of, or None. idle: that side was still.
    """

    kind: ClassVar[Kind] = "symmetry"

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits, self._timing, self._tuning = thresholds, thresholds.symmetry, thresholds.tuning.symmetry
        self._filled_share, self._early_s = thresholds.tuning.filled_share, thresholds.tuning.strokes.early_s
        self._still_mm_s, self._travels_mm_s = thresholds.tuning.segments.still_mm_s, thresholds.tuning.strokes.arrival_mm_s
        self._short_share = self._tuning.margin_ratio * thresholds.balance_share
        self._moved, self._moved_within = _Moved(), _Moved()
        self._extents = (_Extent(self._tuning), _Extent(self._tuning))

    @classmethod
    def make(cls, thresholds: Thresholds) -> Sequence[Self]:
        """Make one for both sides."""
        return (cls(thresholds),)

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step."""
        step = plan.step
        self._plan = plan
        judged = self.kind in step.judge
        self._in_turn = judged and step.hands == "either" and bool(plan.moving)
        self._at_once = judged and step.hands in ("both", "alternate")
        longer = self._tuning.turns_ratio if step.hands == "alternate" else 1.0
        self._window_s = self._limits.balance_window_s * longer
        self._idle_s = self._timing.onset_s * longer + self._tuning.late_s
        self._still_s = self._idle_s + plan.hold_s
        longest_mm = max(plan.fields.length_mm.tolist(), default=0.0)
        self._work_mm = max(self._tuning.least_work_mm, self._tuning.work_share * longest_mm)
        kept = self._tuning.kept_strokes
        self._stroked, self._undecided = (_Stroked(kept), _Stroked(kept)), (_Stroked(kept), _Stroked(kept))
        self._worked_s = [-math.inf, -math.inf]
        self._last_start_s = [math.nan, math.nan]
        self._cycle_s = [math.nan, math.nan]
        self.reset()

    def reset(self) -> None:
        """Forget all evidence. What each side has done in the step stays."""
        self._compare_anew()
        self.weaker: int | None = None
        self.seen_s = -math.inf
        self.idle = self._waits = False
        self._finding: Finding | None = None

    def _compare_anew(self) -> None:
        """Forget what was compared, as when a side is out of sight."""
        self._moved.clear()
        self._moved_within.clear()
        for extent in self._extents:
            extent.clear()
        self.balance = math.nan
        self._short_s = 0.0

    def on_movement(self, movement: ClassifiedSegment) -> None:
        """Take a movement that has ended."""
        segment = movement.segment
        if movement.kind == "along":
            self._cycle_s[segment.side] = segment.t_start_s - self._last_start_s[segment.side]
            self._last_start_s[segment.side] = segment.t_start_s
        if movement.kind in STROKING:
            self._stroked[segment.side].add(segment)
        elif movement.kind == "uncertain":
            self._undecided[segment.side].add(segment)

    def update(self, frame: FrameContext) -> Finding | None:
        """Process a frame. Return what is wrong now, or None."""
        if self._in_turn:
            return self._compare_totals(frame)
        if not self._at_once:
            return None
        self._compare(frame)
        if self.weaker is not None and frame.t_s - self.seen_s > self._limits.same_within_s:
            self.weaker = None  # seen again it is another mistake
        if self.weaker is None or not self._plan.moving:
            self._finding = None
            return None
        if self._finding is None or self._finding.side != self.weaker:
            self._finding = self._found(self.weaker, self.balance, symmetry_message(self.idle), self.seen_s)
        self._finding.seen_s = self.seen_s
        return self._finding

    def at_step_end(self, frame: FrameContext) -> Finding | None:
        """Compare what both sides got in a step that does one after the other. Return what was not raised yet, or None."""
        return self._short_of_totals(frame) if self._in_turn and self._finding is None else None

    @property
    def waits(self) -> bool:
        """Whether one side of a step that does one after the other has got too little so far."""
        return self._waits

    def _compare_totals(self, frame: FrameContext) -> Finding | None:
        """Compare totals once the step is due. Nothing is raised while the lesser side is being worked."""
        for side, here in enumerate(frame.sides):
            here_at_work = here.stroke is not None and not frame.on_next_step
            self._worked_s[side] = frame.t_s if here_at_work else self._worked_s[side]
        away = all(here.sample is None for here in frame.sides)
        found = self._short_of_totals(frame)
        self._waits = found is not None
        at_work = found is not None and not away and frame.t_s - self._worked_s[found.side] < self._tuning.at_work_s
        if found is None or not frame.due or (self._finding is None and at_work):
            self._finding = None
        elif self._finding is None:
            self._finding = found
        else:
            self._finding.seen_s = frame.t_s
        return self._finding

    def _short_of_totals(self, frame: FrameContext) -> Finding | None:
        totals = [stroked.in_all(here.strokes) for stroked, here in zip(self._stroked, frame.sides, strict=True)]
        least, most = min(totals), max(totals)
        side = totals.index(least)
        at_most = least + self._undecided[side].in_all(frame.sides[side].undecided)
        unsure = max(frame.unplaced_share) > self._tuning.unplaced_share
        if most < self._tuning.least_path_mm or unsure or at_most / most >= self._limits.balance_share:
            return None
        return self._found(side, least / most, totals_message(), frame.t_s)

    def measured(self) -> float:
        """Return the balance, 0..1."""
        return self.balance

    def _found(self, side: int, balance: float, message: tuple[str, str], seen_s: float) -> Finding:
        return Finding(self.kind, side, balance, self._limits.balance_share, *message, seen_s, by_absence=True)

    def _compare(self, frame: FrameContext) -> None:
        tuning, t_s, dt_s = self._tuning, frame.t_s, frame.dt_s
        samples = [side.sample for side in frame.sides]
        speeds = [0.0 if one is None or one.speed >= self._travels_mm_s else one.speed for one in samples]
        if not frame.in_view:
            self._compare_anew()
            return
        moved = [speed * dt_s if speed > self._still_mm_s else 0.0 for speed in speeds]
        within = [0.0 if side.in_zone is False else mm for mm, side in zip(moved, frame.sides, strict=True)]
        self._moved.add(t_s, dt_s, *moved)
        self._moved_within.add(t_s, dt_s, *within)
        for extent, sample in zip(self._extents, samples, strict=True):
            # A hand that is away does not move on its side.
            x, y = (0.0, 0.0) if sample is None else (sample.x, sample.y)
            extent.add(t_s, x, y, self._still_s)
        window_s = min(max(self._window_s, tuning.cycles * self._usual_cycle_s()), tuning.longest_window_s)
        moved, covered = self._moved.over(window_s)
        path, worked = self._path_mm(frame, window_s), self._worked_mm(frame, window_s)
        side = path.index(min(path))
        most = worked[1 - side]
        short_side: int | None = None
        self.balance = math.nan
        if covered >= self._filled_share * window_s and most >= tuning.least_path_mm:
            self.balance = min(path) / max(path)
            at_most = min(path) + self._undecided[side].over(window_s, t_s, frame.sides[side].undecided)[0]
            # A stroke that was taken for a return shows in what was stroked, but not in what was moved.
            does_less = at_most < self._short_share * most and moved[side] < tuning.moved_share * moved[1 - side]
            self._short_s = self._short_s + dt_s if does_less else 0.0
            if self._short_s > tuning.lasts_s:
                short_side = side
        idle = self._still_side(frame)
        lesser = idle if idle is not None else short_side
        if self.weaker is not None and self._mended(self.weaker, frame):
            self.weaker = None
            self._moved.clear()
        elif lesser is not None and self.weaker in (None, lesser):
            if self.weaker is None:
                self.idle = idle is not None or self._rests(lesser, self._timing.onset_s, t_s)
            self.weaker, self.seen_s = lesser, t_s

    def _path_mm(self, frame: FrameContext, window_s: float) -> list[float]:
        """Return what each side stroked over the last window_s; of circles, what it moved: nobody circles in the air."""
        if self._plan.spiral:
            return self._moved.over(window_s)[0]
        return [path for path, _ in self._stroked_mm(frame, window_s)]

    def _worked_mm(self, frame: FrameContext, window_s: float) -> list[float]:
        """Return the same within the zone: who is elsewhere, as with an itch, is not ahead of the other side."""
        if self._plan.spiral:
            return self._moved_within.over(window_s)[0]
        return [within for _, within in self._stroked_mm(frame, window_s)]

    def _stroked_mm(self, frame: FrameContext, window_s: float) -> list[tuple[float, float]]:
        return [
            stroked.over(window_s, frame.t_s, here.strokes) for stroked, here in zip(self._stroked, frame.sides, strict=True)
        ]

    def _usual_cycle_s(self) -> float:
        """Return the time from one stroke's start to the next; 0 for motions that never pause."""
        known = [cycle_s for cycle_s in self._cycle_s if not math.isnan(cycle_s)]
        if self._plan.strokes_s == 0.0:
            return 0.0
        return max(known) if known else self._tuning.with_return_ratio * self._plan.strokes_s + self._plan.hold_s

    def _still_side(self, frame: FrameContext) -> int | None:
        """Return the side that is still while the other strokes, or None."""
        if self._moved.over(self._still_s)[1] < self._filled_share * self._still_s:
            return None
        rests = [self._rests(side, self._still_s, frame.t_s) for side in (LEFT, RIGHT)]
        if rests[LEFT] == rests[RIGHT]:
            return None
        side = rests.index(True)
        other = frame.sides[1 - side].stroke
        strokes = other is not None and other.time_s >= self._early_s
        has_stroked = frame.t_s - self._stroked[1 - side].ended_s < self._tuning.at_it_s
        works = (strokes or has_stroked) and frame.sides[side].stroke is None
        worked_mm, lately_mm = (self._worked_mm(frame, over_s)[1 - side] for over_s in (self._idle_s, self._tuning.at_it_s))
        # Where both had rested, the one who begins is not ahead yet.
        return side if works and worked_mm >= self._work_mm and worked_mm > lately_mm else None

    def _rests(self, side: int, window_s: float, t_s: float) -> bool:
        return self._extents[side].over(window_s, t_s) <= self._tuning.still_extent_mm

    def _mended(self, side: int, frame: FrameContext) -> bool:
        """Return whether an idle side has moved, or a short one has kept up over the last two strokes of each."""
        if self.idle:
            return self._extents[side].over(self._timing.release_s, frame.t_s) > self._tuning.still_extent_mm
        window_s = max(self._tuning.cycles * self._usual_cycle_s(), self._timing.onset_s)
        covered, path = self._moved.over(window_s)[1], self._path_mm(frame, window_s)
        enough = covered >= self._filled_share * window_s and path[1 - side] >= self._tuning.least_work_mm
        return enough and path[side] >= self._tuning.mended_share * path[1 - side]
