"""Contact: was the hand on the skin or lifted? Told from the palm's image size, place by place, and from quickness.

A return nearer to the camera shows a larger palm than the same hand's strokes at the same places; both sides of the
comparison share the hand, the face's depth there and the tilt of the hand, which an absolute size would not.
"""

import math
from collections import deque
from collections.abc import Iterable
from typing import Literal

from facetrack.coach.segment import Segment
from facetrack.coach.settings import Thresholds

Contact = Literal["contact", "lifted", "uncertain"]
_REMEMBERED = 6
_REMEMBERED_S = 25.0
"""Older references may have been made in another posture."""
_COMMON_BINS = 2
_QUICKNESS_LIMITS = (-0.5, 0.7)
"""Natural logarithm of the speed ratio beyond which quickness says nothing more."""


def nearer_share(segment: Segment, references: Iterable[Segment]) -> float:
    """How much larger the palm was in segment than in references at the same places (log ratio); NaN: no common place."""
    total = weight = 0.0
    bins = 0
    known: dict[tuple[int, int], tuple[float, int]] = {}
    for reference in references:
        for place, (value, count) in reference.palm.items():
            before, counted = known.get(place, (0.0, 0))
            known[place] = before + value, counted + count
    for place, (value, count) in segment.palm.items():
        if place in known:
            other, others = known[place]
            w = min(count, others)
            total += w * (value / count - other / others)
            weight += w
            bins += 1
    return total / weight if bins >= _COMMON_BINS else math.nan


class ContactJudge:
    """Remembers one hand's recent segments that touched and tells by comparison which others did."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self._touching: deque[Segment] = deque(maxlen=_REMEMBERED)

    def reset(self) -> None:
        """Another step, another comparison."""
        self._touching.clear()

    def remember(self, segment: Segment) -> None:
        """Keep a closed segment as reference if it touched; what is clearly nearer than it did not touch after all."""
        contact = self.judge(segment)
        if contact == "contact":
            far = -2.0 * self._limits.lifted_share
            kept = [other for other in self._touching if not nearer_share(segment, [other]) < far]
            self._touching = deque([*kept, segment], maxlen=_REMEMBERED)

    def evidence(self, segment: Segment) -> float:
        """Log evidence that the segment was lifted: > 0 lifted, < 0 in contact, NaN unknown. Open segments are fine."""
        oldest = segment.t_start_s - _REMEMBERED_S
        references = [other for other in self._touching if other is not segment and other.t_end_s > oldest]
        nearer = nearer_share(segment, references)
        if math.isnan(nearer):
            return math.nan
        limits = self._limits
        speed = sum(other.mean_mm_s for other in references) / len(references)
        quickness = math.log(max(segment.mean_mm_s, 1.0) / max(speed, 1.0) / limits.quicker)
        low, high = _QUICKNESS_LIMITS
        return (nearer - limits.lifted_share) / limits.lifted_spread + limits.quickness_weight * min(max(quickness, low), high)

    def judge(self, segment: Segment) -> Contact:
        """A segment along the path touches unless it is clearly lifted; one off the path must show which it is."""
        evidence = self.evidence(segment)
        along = segment.off_path_deg <= self._limits.off_path_deg
        if math.isnan(evidence):
            return "contact" if along else "uncertain"
        if evidence > (2.0 if along else 1.0) * self._limits.sure:
            return "lifted"
        if along or evidence < -self._limits.sure:
            return "contact"
        return "uncertain"
