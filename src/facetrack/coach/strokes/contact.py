"""Decides whether a hand was on the skin or lifted, by comparison with its own movements at the same places.

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

ContactState = Literal["contact", "lifted", "uncertain"]


def merged(segments: Iterable[Segment]) -> Profile:
    """Add up the profiles of several segments."""
    known: Profile = {}
    for segment in segments:
        for place, sums in segment.profile.items():
            add_to(known, place, sums)
    return known


def compared(profile: Profile, reference: Profile, least_frames: float) -> tuple[float, float]:
    """Return (nearer, beside): how much larger the palm was than in reference at the same places, and how far beside it ran.

    nearer is a log ratio, beside mm; both are NaN where the two have fewer than least_frames at common places.
    """
    nearer = beside = weight = 0.0
    for place, (palm, x, y, count) in profile.items():
        if place in reference:
            other_palm, other_x, other_y, others = reference[place]
            w = min(count, others)
            nearer += w * (palm / count - other_palm / others)
            beside += w * math.hypot(x / count - other_x / others, y / count - other_y / others)
            weight += w
    return (nearer / weight, beside / weight) if weight >= least_frames else (math.nan, math.nan)


class ContactJudge:
    """Remembers one hand's recent segments that touched, and finds by comparison which others did."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._off_path_deg, self._tuning = thresholds.off_path_deg, thresholds.tuning.contact
        self._touching: deque[Segment] = deque(maxlen=self._tuning.remembered_count)
        self._reference: Profile = {}
        self._speed = 1.0
        self._pace_limit = math.inf
        self._paths_mm: list[float] = []
        self._telling_mm = self._tuning.telling_mm[1]
        self._habit: dict[Way, deque[float]] = {
            way: deque(maxlen=self._tuning.habit_count) for way in ("along", "across", "against")
        }

    def begin(self, pace_limit_mm_s: float, paths_mm: list[float]) -> None:
        """Begin another step, with nothing to compare with. Rushed strokes are no measure of a return's quickness.

        paths_mm: length of each path, chart mm.
        """
        self._pace_limit, self._paths_mm = pace_limit_mm_s, paths_mm
        low, high = self._tuning.telling_mm
        self._telling_mm = min(max(self._tuning.telling_share * max(paths_mm), low), high)
        self._touching.clear()
        self._refer(-math.inf)
        for evidence in self._habit.values():
            evidence.clear()

    def tells_little(self, segment: Segment) -> bool:
        """Return whether a movement is so short against the path that it may be a hand that comes down or is put right."""
        return segment.displacement_mm < self._telling_mm

    def remember(self, segment: Segment) -> None:
        """Keep a closed segment as reference if it touched; what is clearly nearer than it did not touch after all."""
        tuning, evidence = self._tuning, self._own_evidence(segment)
        if (
            not evidence > (tuning.reference_along if self._is_along(segment) else tuning.reference_off)
            and self.judge(segment) == "contact"
        ):
            far = -tuning.nearer_than
            kept = [other for other in self._touching if not self._compared(segment, other.profile)[0] < far]
            self._touching = deque([*kept, segment], maxlen=tuning.remembered_count)
            self._refer(segment.t_end_s - tuning.remembered_s)
        if not math.isnan(evidence):
            self._habit[self._way(segment)].append(evidence)

    def _way(self, segment: Segment) -> Way:
        return segment.way(self._off_path_deg)

    def _is_along(self, segment: Segment) -> bool:
        return self._way(segment) == "along"

    def _goes_back_in_contact(self) -> bool:
        """Return whether the last way back was in contact: only then may a quick movement along the path be a lift."""
        off = self._habit["against"]
        return bool(off) and off[-1] < -self._tuning.back_in_contact_evidence

    def _refer(self, oldest_s: float) -> None:
        references = [other for other in self._touching if other.t_end_s > oldest_s]
        self._reference = merged(references)
        self._speed = statistics.median(other.quickness_mm_s for other in references) if references else math.nan

    def evidence(self, segment: Segment) -> float:
        """Return log evidence that the segment was lifted: > 0 lifted, < 0 in contact, NaN unknown. Open segments are fine.

        People are consistent: what their last movements that way were counts a little.
        """
        habit = self._habit[self._way(segment)]
        usual = sum(habit) / len(habit) if habit else 0.0
        tuning = self._tuning
        weight = tuning.habit_along_weight if self._is_along(segment) else tuning.habit_weight
        return self._own_evidence(segment) + weight * min(max(usual, -tuning.habit_cap), tuning.habit_cap)

    def _own_evidence(self, segment: Segment) -> float:
        evidence = self._quickness(segment) + self._apart(segment)
        if evidence > 0:
            return evidence
        # A hand that comes down to the skin is slow too, and seems to move as far as it was lifted.
        return evidence * min(1.0, segment.displacement_mm / self._telling_mm) ** 2

    def _apart(self, segment: Segment) -> float:
        """Return the evidence of where it ran: nearer to the camera, or beside the strokes' way; 0 where nothing compares."""
        tuning = self._tuning
        nearer, beside = self._compared(segment, self._reference)
        if math.isnan(nearer):
            return 0.0
        # The tracker's error lasts for a while, so a long movement shows more than a short one, however many its frames are.
        independent = max(1.0, segment.time_s / tuning.palm_error_s)
        variance = tuning.palm_ways_spread**2 + tuning.palm_spread**2 / independent
        palm = tuning.lifted_share * (nearer - 0.5 * tuning.lifted_share) / variance
        palm = min(max(palm, -tuning.palm_cap), tuning.palm_cap)
        if self._way(segment) == "across":  # what goes across runs beside by its nature
            return palm - tuning.across_share * tuning.on_way_cap
        path = (beside - tuning.beside_mm) / tuning.beside_spread_mm
        return palm + min(max(path, -tuning.on_way_cap), tuning.beside_cap)

    def _compared(self, segment: Segment, reference: Profile) -> tuple[float, float]:
        return compared(segment.profile, reference, self._tuning.common_frames)

    def _quickness(self, segment: Segment) -> float:
        """Return the evidence of its speed against the strokes', or the step's usual one; NaN where neither is known."""
        tuning = self._tuning
        usual = self._speed if not math.isnan(self._speed) else tuning.usual_pace_share * self._pace_limit
        if math.isinf(usual):
            return math.nan
        speed = max(min(usual, self._pace_limit), tuning.slowest_mm_s)
        ratio = math.log(max(segment.quickness_mm_s, tuning.slowest_mm_s) / speed)
        evidence = min(max(tuning.quick_weight * (ratio - tuning.quick_ratio), -tuning.slow_cap), tuning.quick_cap)
        return 0.0 if evidence > 0 and math.isnan(self._speed) else evidence  # who is quick from the start may rush

    def _lifts_off(self, segment: Segment) -> bool:
        """Return whether it is the hand leaving: quick, and begun only near the path's end.

        At the side of the head that looks as if it went along the path.
        """
        begun = segment.first_progress_mm[segment.path] > self._tuning.late_share * self._paths_mm[segment.path]
        return begun and self._quickness(segment) > 0.0

    def judge(self, segment: Segment) -> ContactState:
        """Decide whether it touched: along the path unless it is clearly lifted; off the path it must show which."""
        tuning = self._tuning
        along = self._is_along(segment)
        if along and math.isinf(self._pace_limit):
            return "contact"  # nobody circles in the air
        if along and not self._goes_back_in_contact():  # then what is quick is rushed
            if self._lifts_off(segment):
                return "lifted"
            aside = self._apart(segment) > tuning.along_lifted_evidence
            return "lifted" if aside and not self._quickness(segment) < 0.0 else "contact"  # a slow one strokes beside its way
        evidence = self.evidence(segment)
        if math.isnan(evidence):
            return "contact" if along else "uncertain"
        if evidence > (tuning.along_lifted_evidence if along else tuning.lifted_evidence):
            return "lifted"
        if along or evidence < -tuning.contact_evidence:
            return "contact"
        return "uncertain"
