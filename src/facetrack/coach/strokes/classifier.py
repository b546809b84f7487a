"""Classifies segments of one hand's motion (or of a spiral's drift) as strokes, returns and uncertain ones."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.contact import ContactJudge
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import PathHere, Segment, SegmentCutter
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import StrokeKind
from facetrack.signal import CircularMotionTracker, StraightRunDetector, VelocityEstimator


@dataclass(frozen=True, slots=True)
class ClassifiedSegment:
    """Holds a closed segment and what it was."""

    segment: Segment
    kind: StrokeKind


class StrokeJudge:
    """Turns a hand's samples into classified strokes. ``open`` and ``open_kind`` are the one under way (None: resting)."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._off_path_deg, self._tuning = thresholds.surely_off_path_deg, thresholds.tuning.strokes
        self._limits, self._mostly = thresholds, thresholds.tuning.mostly
        self._contact = ContactJudge(thresholds)
        self._waiting: deque[Segment] = deque()
        self._plan: StepPlan | None = None
        self._arriving_s: float | None = None
        self._known: StrokeKind = "uncertain"
        self._known_at = (0, math.nan)
        self.pace = 0.0

    def begin(self, plan: StepPlan) -> None:
        """Begin another step: forget what was under way."""
        self._plan = plan
        tuning, segments = self._tuning, self._limits.tuning.segments
        limit = math.inf if plan.spiral or not plan.moving else plan.pace_limits[1]
        self._contact.begin(limit, plan.fields.length_mm.tolist())
        self._waiting.clear()
        self._known_at = (0, math.nan)
        self._arriving_s = None
        if plan.spiral:
            self._cutter = SegmentCutter(self._limits, segments.drift_moving_mm_s, segments.drift_still_mm_s)
            self._turning: CircularMotionTracker | None = CircularMotionTracker(plan.turn_s, segments.moving_mm_s)
            self._drift = VelocityEstimator(tuning.drift_slope_s)
            self._run = StraightRunDetector(tuning.run_s, tuning.run_mm, tuning.run_straightness)
            self._usual_mm_s = 0.0
        else:
            self._cutter = SegmentCutter(self._limits, segments.moving_mm_s, segments.still_mm_s)
            self._turning = None
        self.pace = 0.0

    @property
    def open(self) -> Segment | None:
        return self._cutter.open

    @property
    def waiting(self) -> Iterable[Segment]:
        """Movements that have ended, but it is not known yet what they were."""
        return self._waiting

    @property
    def open_kind(self) -> StrokeKind | None:
        """The kind of the segment under way: "uncertain" while it is too young to be known."""
        segment = self._cutter.open
        if segment is None:
            return None
        if self._known_at != (id(segment), segment.t_end_s):
            self._known = self.kind_of(segment, under_way=True)
            self._known_at = id(segment), segment.t_end_s
        return self._known

    def lost(self, t_s: float) -> list[ClassifiedSegment]:
        """End what is under way: the hand is out of sight, or far from the face."""
        self._arriving_s = 0.0
        if self._turning is not None:
            self._run.reset()
            self._circle_anew()
        closed = self._cutter.reset()
        if closed is not None and closed.mean_mm_s > self._tuning.travel_mm_s:
            closed = None  # it dashed off
        return self._settle(closed, t_s)

    def _circle_anew(self) -> None:
        assert self._turning is not None
        self._turning.reset()
        self._drift.reset()

    def update(self, sample: HandSample, here: PathHere, in_zone: bool | None) -> list[ClassifiedSegment]:
        """Process a frame. Return the strokes that it decided; their end may lie some time back."""
        if self._arriving(sample):
            return self._settle(self._cutter.reset(), sample.t_s)
        if self._turning is None:
            self.pace = sample.quick
            closed = self._cutter.update(sample, here, in_zone, sample.quick)
            if closed is not None and self._cutter.open is not None and self.kind_of(closed) == "return":
                self._cutter.open.settles = True  # the hand comes down to the skin
                self._cutter.open.ends_return = not closed.ends_return and closed.way(self._off_path_deg) == "against"
            return self._settle(closed, sample.t_s)
        if sample.fresh:
            self._run.reset()
            self._circle_anew()
        if self._run.update(sample.x, sample.y, sample.t_s):
            self._circle_anew()
            return self._settle(self._cutter.reset(), sample.t_s)
        weight = sample.dt_s / (sample.dt_s + self._tuning.rests_s)
        self._usual_mm_s = sample.speed if sample.fresh else self._usual_mm_s + weight * (sample.speed - self._usual_mm_s)
        if self._usual_mm_s < self._tuning.rests_mm_s:
            self._circle_anew()
            return self._settle(self._cutter.reset(), sample.t_s)
        x, y = self._turning.update(sample.x, sample.y, sample.vx, sample.vy, sample.t_s)
        vx, vy = self._drift.update(x, y, sample.t_s)
        self.pace = self._turning.rate_turns_s
        if not self._turning.settled:
            return []
        chart_speed = (sample.vx**2 + sample.vy**2) ** 0.5
        stretch = sample.speed / chart_speed if chart_speed > self._tuning.least_chart_mm_s else 1.0
        drift = replace(sample, x=x, y=y, vx=vx, vy=vy, speed=stretch * (vx * vx + vy * vy) ** 0.5)
        closed = self._cutter.update(drift, here, in_zone, self.pace, self._turning.step_rad)
        return self._settle(closed, sample.t_s)

    def _arriving(self, sample: HandSample) -> bool:
        """Return whether the hand has just come to the face: until it slows down it is on its way, which is no stroke."""
        if sample.fresh and self._arriving_s is None:
            self._arriving_s = 0.0
        if self._arriving_s is None:
            return False
        self._arriving_s += sample.dt_s
        if sample.fresh or (sample.speed > self._tuning.arrived_mm_s and self._arriving_s < self._tuning.arriving_s):
            return True
        self._arriving_s = None
        return False

    def kind_of(self, segment: Segment, under_way: bool = False) -> StrokeKind:
        """Return what a segment is, as far as is known now."""
        assert self._plan is not None
        way = segment.way(self._off_path_deg)
        along = way == "along"
        if self._plan.bidirectional:
            across = way == "across"
            aside = across and not under_way and self._contact.judge(segment) == "lifted"
            return "return" if aside or (across and under_way and segment.zone_share < self._mostly) else "along"
        if under_way and segment.time_s < self._tuning.early_s:
            return "along" if along else "uncertain"
        if (not along and self._ends_return(segment)) or self._goes_elsewhere(segment):
            return "return"
        contact = self._contact.judge(segment)
        if contact == "lifted":
            return "return"
        if contact == "uncertain" and not self._plan.spiral:  # nobody circles in the air
            return "uncertain"
        if not along and self._turning is not None and not self._circles(segment):
            return "uncertain"
        return way

    def _ends_return(self, segment: Segment) -> bool:
        """Return whether it may be the end of a lifted way back: the hand comes down to the skin, slowly."""
        assert self._plan is not None
        if segment.ends_return:
            longest_mm: float = self._tuning.landing_share * self._plan.fields.length_mm[segment.path]
            return segment.displacement_mm < longest_mm
        return segment.settles and self._contact.tells_little(segment)

    def _goes_elsewhere(self, segment: Segment) -> bool:
        """Return whether it is longer than any stroke of the step."""
        assert self._plan is not None
        farthest_mm: float = self._tuning.farthest_share * self._plan.fields.length_mm[segment.path]
        return not self._plan.spiral and segment.displacement_mm > farthest_mm

    def _circles(self, segment: Segment) -> bool:
        """Return whether a spiral's drift is that of circles, or of a straight stroke, and not of a hand that hovers."""
        assert self._plan is not None
        turns = abs(segment.turning_rad) / math.tau
        return (
            turns > self._tuning.least_turning_share * segment.time_s / self._plan.turn_s
            or segment.mean_mm_s > self._limits.tuning.segments.moving_mm_s
        )

    def _settle(self, closed: Segment | None, t_s: float) -> list[ClassifiedSegment]:
        if closed is not None and self._counts(closed):
            self._waiting.append(closed)
            self._contact.remember(closed)
        elif not self._waiting:
            return []
        judged = []
        for _ in range(len(self._waiting)):
            segment = self._waiting.popleft()
            kind = self.kind_of(segment)
            if kind in ("across", "against") and segment is not closed and self._contact.tells_little(segment):
                kind = "uncertain"  # what comes later shows where hands touch, not whether this one was just put right
            if kind == "uncertain" and t_s - segment.t_end_s < self._tuning.undecided_s:
                self._waiting.append(segment)
            else:
                judged.append(ClassifiedSegment(segment, kind))
        return judged

    def _counts(self, segment: Segment) -> bool:
        """Return whether a segment is long enough, and not only travelling."""
        assert self._plan is not None
        tuning = self._tuning
        shortest = tuning.shortest_to_and_fro_mm if self._plan.bidirectional else tuning.shortest_mm
        peaks = segment.peak_mm_s > tuning.travel_peak_ratio * tuning.travel_mm_s and segment.zone_share < self._mostly
        quick = segment.mean_mm_s > tuning.travel_mm_s or peaks
        comes_or_goes = quick and not (segment.begins_in_zone and segment.ends_in_zone)
        return segment.travelled_mm >= shortest and segment.mean_mm_s < tuning.arrival_mm_s and not comes_or_goes
