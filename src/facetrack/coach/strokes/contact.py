"""Contact: was the hand on the skin or lifted? Told from comparison with the same hand's movements at the same places.

Three signs add up. A return nearer to the camera shows a larger palm. One off the side of the face does not come nearer, but
runs beside the way that the strokes took. And a return is quick. Both sides of each comparison share the hand, the face's
depth there and the ordinary tilt of the hand, which an absolute size would not.
"""

import math
import statistics
from collections import deque
from collections.abc import Iterable
from typing import Literal

from facetrack.coach.strokes.segments import Profile, Segment, Way, add_to
from facetrack.coach.thresholds import Thresholds

Contact = Literal["contact", "lifted", "uncertain"]
_REMEMBERED = 6
_REMEMBERED_S = 25.0
"""Older references may have been made in another posture."""
_COMMON_FRAMES = 4
"""A comparison rests on at least so many frames at common places."""
_BESIDE_LIMITS = (0.7, 2.0)
"""Running beside the strokes' way says more than running on it."""
_HABIT = 3
_HABIT_WEIGHT, _HABIT_LIMIT = 0.5, 2.0
"""The mean evidence of the last few movements that way, weighted, so that a clear change outweighs it at once."""
_QUICKNESS_LIMITS = (-0.5, 1.0)
"""Natural logarithm of the speed ratio beyond which quickness says nothing more."""
_REFERENCE_ALONG, _REFERENCE_OFF = 0.5, -2.0
"""Evidence above which a movement is no reference for others, along the path and off it: one wrong reference breeds more."""
_BACK_IN_CONTACT = 1.2
_USUAL_SHARE = 0.56
"""Of a step's highest pace: what strokes are made at until some of this hand are known."""
_TELLING_SHARE, _TELLING_MM = 0.35, (12.0, 40.0)
"""A movement over this share of the path (within limits) tells all of its contact; a shorter one may be a hand put right."""
_NEAR_THE_END = 0.5
"""Share of a path after which no stroke sets out."""
_PALM_LIMIT = 1.2
"""A hand that tilts changes its image more than a lift does: the palm alone must not outvote a return of thrice the speed."""


def merged(segments: Iterable[Segment]) -> Profile:
    """The profile of several segments together."""
    known: Profile = {}
    for segment in segments:
        for place, sums in segment.profile.items():
            add_to(known, place, sums)
    return known


def compared(profile: Profile, reference: Profile) -> tuple[float, float]:
    """(nearer, beside): how much larger the palm was than in reference at the same places (log ratio), and how far beside its
    way it ran (mm). NaN where they have too few places in common."""
    nearer = beside = weight = 0.0
    for place, (palm, x, y, count) in profile.items():
        if place in reference:
            other_palm, other_x, other_y, others = reference[place]
            w = min(count, others)
            nearer += w * (palm / count - other_palm / others)
            beside += w * math.hypot(x / count - other_x / others, y / count - other_y / others)
            weight += w
    return (nearer / weight, beside / weight) if weight >= _COMMON_FRAMES else (math.nan, math.nan)


class ContactJudge:
    """Remembers one hand's recent segments that touched and tells by comparison which others did."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._limits = thresholds
        self._touching: deque[Segment] = deque(maxlen=_REMEMBERED)
        self._reference: Profile = {}
        self._speed = 1.0
        self._pace_limit = math.inf
        self._paths_mm: list[float] = []
        self._telling_mm = _TELLING_MM[1]
        self._habit: dict[Way, deque[float]] = {way: deque(maxlen=_HABIT) for way in ("along", "across", "against")}

    def begin(self, pace_limit_mm_s: float, paths_mm: list[float]) -> None:
        """Another step, another comparison. Strokes that are rushed are no measure of a return's quickness.

        paths_mm: length of each path, chart mm.
        """
        self._pace_limit, self._paths_mm = pace_limit_mm_s, paths_mm
        low, high = _TELLING_MM
        self._telling_mm = min(max(_TELLING_SHARE * max(paths_mm), low), high)
        self._touching.clear()
        self._refer(-math.inf)
        for evidence in self._habit.values():
            evidence.clear()

    def tells_little(self, segment: Segment) -> bool:
        """A movement so short against the path may be a hand that comes down or is put right."""
        return segment.displacement_mm < self._telling_mm

    def remember(self, segment: Segment) -> None:
        """Keep a closed segment as reference if it touched; what is clearly nearer than it did not touch after all."""
        evidence = self._own_evidence(segment)
        if (
            not evidence > (_REFERENCE_ALONG if self._is_along(segment) else _REFERENCE_OFF)
            and self.judge(segment) == "contact"
        ):
            far = -2.0 * self._limits.lifted_share
            kept = [other for other in self._touching if not compared(segment.profile, other.profile)[0] < far]
            self._touching = deque([*kept, segment], maxlen=_REMEMBERED)
            self._refer(segment.t_end_s - _REMEMBERED_S)
        if not math.isnan(evidence):
            self._habit[self._way(segment)].append(evidence)

    def _way(self, segment: Segment) -> Way:
        return segment.way(self._limits.off_path_deg)

    def _is_along(self, segment: Segment) -> bool:
        return self._way(segment) == "along"

    def _goes_back_in_contact(self) -> bool:
        """Only who works against the path lifts along it: otherwise what is quick there is rushed."""
        off = self._habit["against"]
        return bool(off) and off[-1] < -_BACK_IN_CONTACT

    def _refer(self, oldest_s: float) -> None:
        references = [other for other in self._touching if other.t_end_s > oldest_s]
        self._reference = merged(references)
        self._speed = statistics.median(other.quickness_mm_s for other in references) if references else math.nan

    def evidence(self, segment: Segment) -> float:
        """Log evidence that the segment was lifted: > 0 lifted, < 0 in contact, NaN unknown. Open segments are fine.

        People are consistent: what their last movements that way were counts a little.
        """
        habit = self._habit[self._way(segment)]
        usual = sum(habit) / len(habit) if habit else 0.0
        weight = _HABIT_WEIGHT if not self._is_along(segment) else 0.5 * _HABIT_WEIGHT
        return self._own_evidence(segment) + weight * min(max(usual, -_HABIT_LIMIT), _HABIT_LIMIT)

    def _own_evidence(self, segment: Segment) -> float:
        evidence = self._quickness(segment) + self._apart(segment)
        if evidence > 0:
            return evidence
        # A hand that comes down to the skin is slow too, and seems to move as far as it was lifted.
        return evidence * min(1.0, segment.displacement_mm / self._telling_mm) ** 2

    def _apart(self, segment: Segment) -> float:
        """Evidence of where it ran: nearer to the camera than the strokes, or beside their way; 0 where nothing compares."""
        limits = self._limits
        nearer, beside = compared(segment.profile, self._reference)
        if math.isnan(nearer):
            return 0.0
        palm = (abs(nearer) - limits.lifted_share) / limits.lifted_spread
        # Farther away than the strokes: another posture, which tells neither contact nor lift.
        palm = min(max(palm, -_PALM_LIMIT), _PALM_LIMIT if nearer > 0 else 0.0)
        if self._way(segment) == "across":  # what goes across runs beside by its nature
            return palm
        path = (beside - limits.beside_mm) / limits.beside_spread_mm
        return palm + min(max(path, -_BESIDE_LIMITS[0]), _BESIDE_LIMITS[1])

    def _quickness(self, segment: Segment) -> float:
        """Evidence of its speed against the strokes', or against what is usual in the step; NaN where neither is known."""
        limits = self._limits
        usual = self._speed if not math.isnan(self._speed) else _USUAL_SHARE * self._pace_limit
        if math.isinf(usual):
            return math.nan
        speed = max(min(usual, self._pace_limit), 1.0)
        low, high = _QUICKNESS_LIMITS
        quickness = min(max(math.log(max(segment.quickness_mm_s, 1.0) / speed / limits.quicker), low), high)
        if quickness > 0 and math.isnan(self._speed):
            return 0.0  # who is quick from the start may rush
        return quickness * (limits.quickness_weight if quickness > 0 else limits.slowness_weight)

    def _lifts_off(self, segment: Segment) -> bool:
        """A quick movement that only begins near the path's end is the hand leaving: at the side of the head that looks as if
        it went on along the path."""
        begun = segment.first_progress_mm[segment.path] > _NEAR_THE_END * self._paths_mm[segment.path]
        return begun and self._quickness(segment) > 0.0

    def judge(self, segment: Segment) -> Contact:
        """A segment along the path touches unless it is clearly lifted; one off the path must show which it is."""
        limits = self._limits
        along = self._is_along(segment)
        if along and math.isinf(self._pace_limit):
            return "contact"  # nobody circles in the air
        if along and not self._goes_back_in_contact():  # then what is quick is rushed
            if self._lifts_off(segment):
                return "lifted"
            aside = self._apart(segment) > limits.sure_along_is_lifted
            return "lifted" if aside and not self._quickness(segment) < 0.0 else "contact"  # a slow one strokes beside its way
        evidence = self.evidence(segment)
        if math.isnan(evidence):
            return "contact" if along else "uncertain"
        if evidence > (limits.sure_along_is_lifted if along else limits.sure_lifted):
            return "lifted"
        if along or evidence < -limits.sure_contact:
            return "contact"
        return "uncertain"
