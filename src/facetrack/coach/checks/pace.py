"""Pace: rushed where the median over 1.5 s of stroking is above the step's limit."""

import math
from collections import deque
from operator import itemgetter
from typing import ClassVar

from facetrack.coach.checks.check import SideCheck
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.feedback.messages import pace_message
from facetrack.coach.frame_context import FrameContext, SideFrame
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import Judged
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.verdict import STROKING
from facetrack.routine.compiled import Kind

_STALE_S = 4.0
_ENOUGH = 0.95
"""Share of the window that must be filled."""
_STROKES_ENOUGH = 3
"""The one under way and two whole ones tell the pace however quick they were."""
_STROKES_KEPT = 12
_OLDEST_S = 12.0
"""Who rests between strokes has made the third only after so long."""
_WHOLE_SHARE = 0.3
"""Of the longest stroke's length: a shorter movement is a hand that settles, lifts off or sways, which would blur the pace."""
_SURELY = 1.1
"""Times the limit: a median over so short a time is known to a tenth."""
_FLANK = 0.16
"""Slower than this share of a stroke's peak the hand settles or hovers before and after it."""
_YOUNG_S = 0.3
"""The first of a movement under way may be a hand that is about to lift."""
_LIFT_OFF_S, _LONG_S = 0.2, 1.0
"""The end of a long stroke may be a hand that lifts off, which is quick."""
_PACED_ZONE_SHARE = 0.5
"""A movement that is mostly outside the zone is a hand that comes or goes, whatever its pace."""
_PACED_MM = 8.0
"""A shorter one is as often the tracker's noise while the hand rests, which would water the pace down."""


def median_over(samples: list[tuple[float, float]]) -> float:
    """Median of (duration, value) samples weighted by duration; NaN of none."""
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
    """Judges one side's latest stroking: the last 1.5 s of it, or two strokes where these are shorter."""

    kind: ClassVar[Kind] = "pace"

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step. A spiral's drift is not cut into strokes that could be compared with each other."""
        self._whole_share = 0.0 if plan.spiral else _WHOLE_SHARE
        super().begin_step(plan)

    def reset(self) -> None:
        """Forget all evidence."""
        super().reset()
        self.median = math.nan
        self._closed: deque[Segment] = deque(maxlen=_STROKES_KEPT)
        self._last_t_s = -math.inf
        self._changed = False

    def _applies(self, plan: StepPlan) -> bool:
        return super()._applies(plan) and bool(plan.moving)

    def _add(self, stroke: Judged) -> None:
        segment = stroke.segment
        if stroke.kind in STROKING and segment.zone_share >= _PACED_ZONE_SHARE and segment.travelled_mm >= _PACED_MM:
            self._closed.append(segment)
            self._changed = True
            self._last_t_s = max(self._last_t_s, segment.t_end_s)

    def _follow(self, frame: FrameContext, here: SideFrame) -> None:
        t_s, under_way, limit = frame.t_s, here.stroke, self._plan.pace_limits[1]
        if under_way is None and not self._changed:
            self.wrong = self.wrong and t_s - self._last_t_s <= _STALE_S
            return
        self._changed = False
        if under_way is not None:
            self._last_t_s = t_s
        window, filled, strokes = self._window(under_way, t_s)
        enough = filled >= _ENOUGH * self._limits.pace_window_s or strokes >= _STROKES_ENOUGH
        self.median = median_over(window) if enough else math.nan
        if enough and (self.wrong or self.median > _SURELY * limit):
            recent, recent_s = [], 0.0
            for sample in window:
                if recent_s >= self._limits.pace_mend_s:
                    break
                recent.append(sample)
                recent_s += sample[0]
            recently = median_over(recent)
            if self.median > _SURELY * limit and recently > limit:
                self.wrong = True
            elif recently <= limit:
                if self.wrong:
                    self._closed.clear()  # to be raised again it takes new evidence
                self.wrong = False

    def _describe(self, _here: SideFrame) -> Finding:
        limit, message = self._plan.pace_limits[1], pace_message(self._plan)
        return Finding(self.kind, self._side, self.median, limit, *message, confirm_s=self._limits.stands_s)

    def _window(self, under_way: Segment | None, t_s: float) -> tuple[list[tuple[float, float]], float, int]:
        """Latest (duration, pace) samples, newest first, their time in all, and over how many strokes they reach."""
        samples: list[tuple[float, float]] = []
        filled, strokes, enough_s = 0.0, 0, self._limits.pace_window_s
        recent = [segment for segment in reversed(self._closed) if t_s - segment.t_end_s <= _OLDEST_S]
        least_mm = self._whole_share * max((segment.travelled_mm for segment in recent), default=0.0)
        recent = [segment for segment in recent if segment.travelled_mm >= least_mm]
        if under_way is not None and under_way.time_s > _YOUNG_S:
            recent.insert(0, under_way)
        for segment in recent:
            strokes += 1
            slowest = _FLANK * segment.top_pace
            until_s = segment.t_end_s - (_LIFT_OFF_S if segment.time_s > _LONG_S else 0.0)
            for at_s, duration, value in reversed(segment.speeds):
                if at_s > until_s:
                    continue
                if filled >= enough_s:
                    return samples, filled, strokes
                if value >= slowest:
                    samples.append((duration, value))
                    filled += duration
        return samples, filled, strokes
