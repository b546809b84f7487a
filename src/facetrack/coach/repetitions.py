"""Counting repetitions of one side: strokes along the path, whole ones, however often they pause on the way."""

from facetrack.coach.plan import StepPlan
from facetrack.coach.segment import Segment

_WENT_BACK = 0.25
"""A stroke that begins this share of the path before the last one's end is another repetition."""


class Repetitions:
    """Counts for one side. A repetition covers ``least_share`` of the (last) path; there and back is one of back-and-forth;
    a hold counts when it has lasted."""

    def __init__(self, plan: StepPlan, least_share: float) -> None:
        self._plan, self._least_share = plan, least_share
        self._half = 0
        self._advanced_mm = 0.0
        self._reached_mm = -1e9
        self._counted_this = False
        self._held_s = 0.0
        self.count = 0

    def stroke(self, segment: Segment) -> bool:
        """Take a stroke along the path; whether it completed a repetition."""
        lengths = self._plan.fields.length_mm
        last = len(lengths) - 1
        path = segment.path if self._plan.either_way else last
        length = float(lengths[path])
        advance = segment.along_mm[path]
        if self._plan.either_way:
            if abs(advance) < self._least_share * length:
                return False
            self._half += 1
            if self._half % 2:
                return False
            self.count += 1
            return True
        if segment.path != last:  # on the way of an earlier phase: the repetition's last stroke is still to come
            self._reached_mm = -1e9
            return False
        if segment.first_progress_mm[path] < self._reached_mm - _WENT_BACK * length or self._reached_mm < 0:
            self._advanced_mm = 0.0
            self._counted_this = False
        self._reached_mm = segment.last_progress_mm[path]
        self._advanced_mm += max(advance, 0.0)
        if self._counted_this or self._advanced_mm < self._least_share * length:
            return False
        self._counted_this = True
        self.count += 1
        return True

    def hold(self, still_in_zone: bool, dt_s: float) -> None:
        """Take a frame of a step that only holds."""
        if not still_in_zone:
            return
        self._held_s += dt_s
        if self._held_s >= self._plan.hold_s > 0:
            self._held_s -= self._plan.hold_s
            self.count += 1
