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
_REMEMBERED = 4
_COMMON_BINS = 2


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
    """Remembers one hand's recent segments along and off the path and tells which of them were lifted."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self._along: deque[Segment] = deque(maxlen=_REMEMBERED)
        self._off: deque[Segment] = deque(maxlen=_REMEMBERED)

    def reset(self) -> None:
        """Another step, another comparison."""
        self._along.clear()
        self._off.clear()

    def remember(self, segment: Segment) -> None:
        """Keep a closed segment as reference for those to come."""
        (self._along if segment.off_path_deg <= self._limits.off_path_deg else self._off).append(segment)

    def evidence(self, segment: Segment) -> float:
        """Log evidence that the segment was lifted: > 0 lifted, < 0 in contact, NaN unknown. Open segments are fine."""
        along = segment.off_path_deg <= self._limits.off_path_deg
        references = [other for other in (self._off if along else self._along) if other is not segment]
        nearer = nearer_share(segment, references)
        if math.isnan(nearer):
            return math.nan
        limits = self._limits
        speed = sum(other.mean_mm_s for other in references) / len(references)
        quickness = math.log(max(segment.mean_mm_s, 1.0) / max(speed, 1.0) / limits.quicker)
        if along:  # lifted only if it is clearly nearer than what goes the other way
            return (nearer - limits.lifted_share) / limits.lifted_spread + min(quickness, 0.0)
        return (nearer - limits.lifted_share) / limits.lifted_spread + limits.quickness_weight * max(-1.0, min(quickness, 1.0))

    def judge(self, segment: Segment) -> Contact:
        """A segment along the path touches unless it is clearly lifted; one off the path must show which it is."""
        evidence = self.evidence(segment)
        along = segment.off_path_deg <= self._limits.off_path_deg
        if math.isnan(evidence):
            return "contact" if along else "uncertain"
        if evidence > self._limits.sure:
            return "lifted"
        if along or evidence < -self._limits.sure:
            return "contact"
        return "uncertain"
