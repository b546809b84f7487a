"""Counting repetitions of one side: strokes along the path, whole ones, however often they pause or are lost on the way."""

import math

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.segments import Segment

_WENT_BACK = 0.25
"""A stroke that begins this share of the path before the last one's end is another repetition."""
_SPAN = 1.25
_SEEN = 0.5
"""Times the least share: pieces that span so much more than it, with this much of it seen as strokes, make up a repetition.
What lies between them is a movement that the tracker lost or cut."""
_HELD = 0.9
"""Of a hold's time after which it counts: it begins before the hand is known to be still, and a twitch is not held."""


class Repetitions:
    """Counts for one side. A repetition covers ``least_share`` of the (last) path; there and back is one of back-and-forth,
    also where one of the two was not seen; a hold counts when it has lasted."""

    def __init__(self, plan: StepPlan, least_share: float) -> None:
        self._plan, self._least_share = plan, least_share
        self._half, self._onward = 0, 0.0
        self._advanced_mm = 0.0
        self._began_mm = 0.0
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
            return abs(advance) >= self._least_share * length and self._to_or_fro(segment, path, length)
        if segment.path != last:  # on the way of an earlier phase: the repetition's last stroke is still to come
            self._reached_mm = -1e9
            return False
        if segment.first_progress_mm[path] < self._reached_mm - _WENT_BACK * length or self._reached_mm < 0:
            self._advanced_mm = 0.0
            self._began_mm = segment.first_progress_mm[path]
            self._counted_this = False
        self._reached_mm = segment.last_progress_mm[path]
        self._advanced_mm += max(advance, 0.0)
        if self._counted_this or not self._covered(self._least_share * length):
            return False
        self._counted_this = True
        self.count += 1
        return True

    def _to_or_fro(self, segment: Segment, path: int, length: float) -> bool:
        """Take half of a back-and-forth; whether a repetition is complete with it."""
        onward = math.copysign(1.0, segment.along_mm[path])
        halves = 1
        if onward == self._onward:
            went_back = onward * (self._reached_mm - segment.first_progress_mm[path]) > _WENT_BACK * length
            halves = 2 if went_back else 0  # the way back was not seen; or it paused on its way
        self._onward, self._reached_mm = onward, segment.last_progress_mm[path]
        done = (self._half + halves) // 2 - self._half // 2
        self._half += halves
        self.count += done
        return done > 0

    def _covered(self, least_mm: float) -> bool:
        spans = self._reached_mm - self._began_mm >= _SPAN * least_mm and self._advanced_mm >= _SEEN * least_mm
        return self._advanced_mm >= least_mm or spans

    def hold(self, still_in_zone: bool, dt_s: float) -> None:
        """Take a frame of a step that only holds."""
        if not still_in_zone:
            return
        self._held_s += dt_s
        if self._held_s >= _HELD * self._plan.hold_s > 0:
            self._held_s -= self._plan.hold_s
            self.count += 1
