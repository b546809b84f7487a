"""Pace is rushed when the median speed of the latest stroking is above the step's limit by more than its error."""

import math
from collections import deque
from operator import itemgetter
from typing import ClassVar

from facetrack.coach.checks.check import SideCheck
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.feedback.messages import pace_message
from facetrack.coach.frame_context import FrameContext, SideFrame
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import STROKING
from facetrack.routine.compiled import Kind


def median_over(samples: list[tuple[float, float]]) -> float:
    """Return the median of (duration, value) samples, weighted by duration; NaN where there are none."""
    if not samples:
        return math.nan
    ordered = sorted(samples, key=itemgetter(1))
    half = sum(map(itemgetter(0), samples)) / 2.0
    for duration, value in ordered:
        half -= duration
        if half <= 0:
            return value
    return ordered[-1][1]


class PaceCheck(SideCheck):
    """Judges one side's latest stroking: over ``pace.onset_s``, or over ``enough_strokes`` where these are shorter."""

    kind: ClassVar[Kind] = "pace"

    def __init__(self, side: int, thresholds: Thresholds) -> None:
        super().__init__(side, thresholds)
        self._timing, self._tuning = thresholds.pace, thresholds.tuning.pace
        self._mostly, self._filled_share = thresholds.tuning.mostly, thresholds.tuning.filled_share

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step. A spiral's drift is not cut into strokes that could be compared with each other."""
        self._whole_share = 0.0 if plan.spiral else self._tuning.whole_share
        super().begin_step(plan)

    def reset(self) -> None:
        """Forget all evidence."""
        super().reset()
        self.median = self._off_path_mm_s = math.nan
        self._mean_mm_s = {True: math.nan, False: math.nan}  # of the last stroke to, and fro
        self._closed: deque[Segment] = deque(maxlen=self._tuning.kept_strokes)
        self._changed = False

    def _applies(self, plan: StepPlan) -> bool:
        return super()._applies(plan) and bool(plan.moving)

    def _add(self, movement: ClassifiedSegment) -> None:
        segment = movement.segment
        shows = segment.zone_share >= self._mostly and segment.travelled_mm >= self._tuning.least_mm
        if movement.kind == "along" and shows:
            if not self._goes_back(segment):
                self._closed.append(segment)
                self._changed = True
            self._mean_mm_s[_forward(segment)] = segment.mean_mm_s
        if movement.kind in STROKING:
            self._off_path_mm_s = math.nan if movement.kind == "along" else segment.mean_mm_s

    def _follow(self, frame: FrameContext, here: SideFrame) -> None:
        t_s, limit = frame.t_s, self._plan.pace_limits[1]
        under_way = here.movement if here.kind == "along" else None
        if under_way is not None and self._goes_back(under_way):
            under_way = None
        with_tool = here.place is not None and here.place.contact == "tool"
        rushed_above = limit * (self._tuning.tool_margin_ratio if with_tool else self._tuning.margin_ratio)
        if under_way is None and not self._changed:
            return
        self._changed = False
        window, filled, strokes = self._window(under_way, t_s)
        enough = filled >= self._filled_share * self._timing.onset_s or strokes >= self._tuning.enough_strokes
        self.median = median_over(window) if enough else math.nan
        if self.median > rushed_above:
            self.wrong, self.seen_s = True, t_s
        elif self.wrong and self.median <= limit:
            self._closed.clear()  # to be raised again it takes new evidence
            self.wrong = False

    def _goes_back(self, segment: Segment) -> bool:
        """Return whether it is a lifted way back: of a stroke off the path, or, to and fro, of the one the other way."""
        if self._plan.bidirectional:
            return segment.mean_mm_s > self._tuning.fro_ratio * self._mean_mm_s[not _forward(segment)]
        return segment.mean_mm_s > self._tuning.back_ratio * self._off_path_mm_s

    def _describe(self, _here: SideFrame) -> Finding:
        limit, message = self._plan.pace_limits[1], pace_message(self._plan)
        return Finding(self.kind, self._side, self.median, limit, *message, self.seen_s)

    def measured(self) -> float:
        """Return the pace that was judged last: mm/s, or turns a second of spirals."""
        return self.median

    def _window(self, under_way: Segment | None, t_s: float) -> tuple[list[tuple[float, float]], float, int]:
        """Return the latest (duration, pace) samples, newest first, their time in all, and how many strokes they are from."""
        samples: list[tuple[float, float]] = []
        filled, strokes, enough_s, tuning = 0.0, 0, self._timing.onset_s, self._tuning
        recent = [segment for segment in reversed(self._closed) if t_s - segment.t_end_s <= tuning.oldest_s]
        least_mm = self._whole_share * max((segment.travelled_mm for segment in recent), default=0.0)
        recent = [segment for segment in recent if segment.travelled_mm >= least_mm]
        # A hand on its way to another place has not begun to rush, but may have calmed down.
        works = under_way is not None and (self.wrong or under_way.zone_share >= self._mostly)
        if under_way is not None and works and under_way.time_s > tuning.young_s:
            recent.insert(0, under_way)
        for segment in recent:
            strokes += segment is not under_way
            slowest = tuning.flank_share * segment.top_pace
            until_s = segment.t_end_s - (tuning.lift_off_s if segment.time_s > tuning.long_s else 0.0)
            for at_s, duration, value in reversed(segment.speeds):
                if at_s > until_s:
                    continue
                if filled >= enough_s:
                    return samples, filled, strokes
                if value >= slowest:
                    samples.append((duration, value))
                    filled += duration
        return samples, filled, strokes


def _forward(segment: Segment) -> bool:
    return segment.along_mm[segment.path] > 0
