"""Counts repetitions of one side: whole strokes along the path, however often they pause or are lost on the way."""

import math

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.tuning import RepetitionTuning


class Repetitions:
    """Counts one side's repetitions.

    A repetition covers a least share of the (last) path. There and back is one of back-and-forth, also where one of the two
    was not seen. A hold counts when it has lasted.
    """

    def __init__(self, plan: StepPlan, tuning: RepetitionTuning) -> None:
        self._plan, self._tuning = plan, tuning
        self._half, self._onward = 0, 0.0
        self._advanced_mm = 0.0
        self._began_mm = 0.0
        self._reached_mm = -1e9
        self._counted_this = False
        self._held_s = 0.0
        self.count = 0

    def stroke(self, segment: Segment) -> bool:
        """Take a stroke along the path. Return whether it completed a repetition."""
        lengths = self._plan.fields.length_mm
        also = bool(self._plan.moving) and self._plan.moving[segment.path].also
        last = segment.path if also else self._plan.last_asked
        path = segment.path if self._plan.bidirectional else last
        length = float(lengths[path])
        advance = segment.along_mm[path]
        if self._plan.bidirectional:
            return abs(advance) >= self._tuning.least_share * length and self._to_or_fro(segment, path, length)
        if segment.path != last:  # on the way of an earlier phase: the repetition's last stroke is still to come
            self._reached_mm = -1e9
            return False
        if segment.first_progress_mm[path] < self._reached_mm - self._tuning.went_back_share * length or self._reached_mm < 0:
            self._advanced_mm = 0.0
            self._began_mm = segment.first_progress_mm[path]
            self._counted_this = False
        self._reached_mm = segment.last_progress_mm[path]
        self._advanced_mm += max(advance, 0.0)
        if self._counted_this or not self._covered(self._tuning.least_share * length):
            return False
        self._counted_this = True
        self.count += 1
        return True

    def _to_or_fro(self, segment: Segment, path: int, length: float) -> bool:
        """Take half of a back-and-forth. Return whether a repetition is complete with it."""
        onward = math.copysign(1.0, segment.along_mm[path])
        halves = 1
        if onward == self._onward:
            went_back = onward * (self._reached_mm - segment.first_progress_mm[path]) > self._tuning.went_back_share * length
            halves = 2 if went_back else 0  # the way back was not seen; or it paused on its way
        self._onward, self._reached_mm = onward, segment.last_progress_mm[path]
        done = (self._half + halves) // 2 - self._half // 2
        self._half += halves
        self.count += done
        return done > 0

    def _covered(self, least_mm: float) -> bool:
        tuning, span_mm = self._tuning, self._reached_mm - self._began_mm
        spans = span_mm >= tuning.span_ratio * least_mm and self._advanced_mm >= tuning.span_seen_share * least_mm
        return self._advanced_mm >= least_mm or spans

    def hold(self, still_in_zone: bool, dt_s: float) -> None:
        """Process a frame of a step that only holds."""
        if not still_in_zone:
            return
        self._held_s += dt_s
        if self._held_s >= self._tuning.held_share * self._plan.hold_s > 0:
            self._held_s -= self._plan.hold_s
            self.count += 1
