"""Decides whether a hand was on the skin or lifted, by comparison with its own movements.

Three signs add up: a return is quicker than the strokes, it runs beside their way, and its palm looks larger. Both sides of
each comparison share the hand, the face's depth there and the ordinary tilt of the hand, which an absolute size would not. How
a person's returns differ from their strokes is learnt from those that were clearly lifted.
"""

import math
import statistics
from collections import deque
from collections.abc import Iterable
from typing import Literal

from facetrack.coach.strokes.segments import Profile, Segment, Way, add_to
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.tuning import SignTuning

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


class Sign:
    """Weighs one sign of a lift: what a movement shows against what strokes show, and what this person's returns showed."""

    def __init__(self, tuning: SignTuning, count: int, cap: float) -> None:
        self._tuning, self._cap = tuning, cap
        self._returns: deque[float] = deque(maxlen=count)

    def forget(self) -> None:
        """Forget what returns showed."""
        self._returns.clear()

    def learn(self, shown: float) -> None:
        """Take what a movement showed that was clearly lifted; NaN is passed over."""
        if not math.isnan(shown):
            self._returns.append(shown)

    def evidence(self, shown: float, strokes: int, origin: float = 0.0) -> float:
        """Return log odds of a lift, capped; 0 where nothing is shown (NaN).

        strokes: how many it is compared with: their mean is known the better, the more they are. origin: what is subtracted
        from all values.
        """
        tuning, count = self._tuning, len(self._returns)
        if math.isnan(shown):
            return 0.0
        between, within = tuning.people_spread**2, tuning.own_spread**2
        known = count * between / (count * between + within)
        own = sum(self._returns) / count - origin if count else 0.0
        doubt = tuning.touching_spread**2 / strokes if strokes else 0.0
        lifted, variance = tuning.lifted + known * (own - tuning.lifted), within + between * (1.0 - known) + doubt
        touching = tuning.touching_spread**2 + doubt
        # Beyond either mean it says no more than there.
        excess = min(max(shown - origin, tuning.touching), max(lifted, tuning.touching + tuning.own_spread))
        odds = (excess - tuning.touching) ** 2 / touching - (excess - lifted) ** 2 / variance + math.log(touching / variance)
        return min(max(0.5 * odds, -self._cap), self._cap)


class ContactJudge:
    """Remembers one hand's recent segments that touched, and finds by comparison which others did."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._off_path_deg, self._tuning = thresholds.surely_off_path_deg, thresholds.tuning.contact
        self._much_quicker = math.log(thresholds.tuning.strokes.reposition_ratio)
        tuning = self._tuning
        self._touching: deque[Segment] = deque(maxlen=tuning.remembered_count)
        self._quick, self._beside, self._nearer = (
            Sign(sign, tuning.remembered_count, tuning.sign_cap) for sign in (tuning.quick, tuning.beside, tuning.nearer)
        )
        self._reference: Profile = {}
        self._references: list[Segment] = []
        self._pace_limit = math.inf
        self._paths_mm: list[float] = []
        self._telling_mm = self._tuning.telling_mm[1]
        self._habit: dict[Way, float] = {}

    def begin(self, pace_limit_mm_s: float, paths_mm: list[float]) -> None:
        """Begin another step, with nothing to compare with. Rushed strokes are no measure of a return's quickness.

        paths_mm: length of each path, chart mm.
        """
        self._pace_limit, self._paths_mm = pace_limit_mm_s, paths_mm
        low, high = self._tuning.telling_mm
        self._telling_mm = min(max(self._tuning.telling_share * max(paths_mm), low), high)
        self._touching.clear()
        self._refer(-math.inf)
        for sign in (self._quick, self._beside, self._nearer):
            sign.forget()
        lifted = self._tuning.lifted_evidence  # until the contrary is seen, it is done right
        self._habit = {"along": self._after(-self._tuning.sign_cap), "across": 0.0, "against": lifted}

    def tells_little(self, segment: Segment) -> bool:
        """Return whether a movement is so short against the path that it may be a hand that comes down or is put right."""
        return segment.displacement_mm < self._telling_mm

    def remember(self, segment: Segment) -> None:
        """Keep a closed segment: as reference if it touched, as an example of a return if it was lifted."""
        tuning, way, odds = self._tuning, self._way(segment), self._signs(segment)
        contact = self.judge(segment)
        if contact == "lifted" and way != "along":
            nearer, beside = self._shown(segment)
            self._quick.learn(self._log_quickness(segment))
            self._beside.learn(beside)
            self._nearer.learn(nearer)
        elif contact == "contact" and not odds > 0 and not self._quickness(segment) > 0:
            slower = self._log_quickness(segment)
            kept = [one for one in self._touching if not self._log_quickness(one) - slower > tuning.quick.lifted]
            self._touching = deque([*kept, segment], maxlen=tuning.remembered_count)  # what is so much quicker did not touch
            self._refer(segment.t_end_s - tuning.remembered_s)
        if not math.isnan(odds):
            self._habit[way] = self._after(self._habit[way] + odds)

    def _after(self, odds: float) -> float:
        """Return the log odds that the next movement is lifted, of one with these: people seldom change their ways."""
        lifted, changes = 1.0 / (1.0 + math.exp(-odds)), self._tuning.changes_share
        next_one = lifted * (1.0 - changes) + (1.0 - lifted) * changes
        return math.log(next_one / (1.0 - next_one))

    def _way(self, segment: Segment) -> Way:
        return segment.way(self._off_path_deg)

    def _refer(self, oldest_s: float) -> None:
        self._references = [other for other in self._touching if other.t_end_s > oldest_s]
        self._reference = merged(self._references)

    def _strokes_log(self, segment: Segment) -> float:
        """Return the median log quickness of the strokes when they were as old as the segment is; NaN: none is known."""
        if not self._references:
            return math.nan
        age_s = math.inf if segment.ended else segment.time_s
        return statistics.median(self._log(other.quickness_until(age_s)) for other in self._references)

    def _compares(self, segment: Segment) -> bool:
        """Return whether strokes are known that the segment can be compared with: much quicker ones were none."""
        return self._strokes_log(segment) - self._log_quickness(segment) < self._much_quicker

    def _log(self, speed_mm_s: float) -> float:
        return math.log(max(speed_mm_s, self._tuning.slowest_mm_s))

    def _log_quickness(self, segment: Segment) -> float:
        return self._log(segment.quickness_mm_s)

    def evidence(self, segment: Segment) -> float:
        """Return log odds that the segment was lifted: > 0 lifted, < 0 in contact, NaN unknown. Open segments are fine."""
        way = self._way(segment)
        # Who slid back once is not taken to slide back again: that too must show itself.
        habit = max(self._habit[way], 0.0) if way == "against" else self._habit[way]
        return habit + self._signs(segment)

    def _signs(self, segment: Segment) -> float:
        """Return what it shows itself."""
        way, quick = self._way(segment), self._quickness(segment)
        compares = not quick < 0 or self._compares(segment)
        if way == "along" and not self._habit["against"] < -self._tuning.lifted_evidence:
            quick = min(quick, 0.0)  # who does not go back in contact rushes
        odds = quick + (self._apart(segment) if compares else 0.0)
        if odds > 0 or way == "along":
            return odds
        # A hand that comes down to the skin is slow too, and seems to move as far as it was lifted.
        return odds * min(1.0, segment.displacement_mm / self._telling_mm) ** 2

    def _shown(self, segment: Segment) -> tuple[float, float]:
        """Return how much larger the palm was than in the strokes (log ratio), and how far beside them it ran (log mm)."""
        nearer, beside = compared(segment.profile, self._reference, self._tuning.common_frames)
        across = self._way(segment) == "across"  # what goes across runs beside by its nature
        return nearer, math.nan if across else math.log(max(beside, self._tuning.least_beside_mm))

    def _apart(self, segment: Segment) -> float:
        """Return the evidence of where it ran: nearer to the camera, or beside the strokes' way; 0 where nothing compares."""
        nearer, beside = self._shown(segment)
        return self._nearer.evidence(nearer, len(self._references)) + self._beside.evidence(beside, len(self._references))

    def _quickness(self, segment: Segment) -> float:
        """Return the evidence of its speed against the strokes', or the step's usual one; NaN where neither is known."""
        own = self._strokes_log(segment)
        known = not math.isnan(own)
        if math.isinf(self._pace_limit):
            return math.nan
        limit = math.log(self._pace_limit)
        usual = own if known else limit + math.log(self._tuning.usual_pace_share)
        strokes = len(self._references) if self._compares(segment) else 0
        evidence = self._quick.evidence(self._log_quickness(segment), strokes, min(usual, limit))
        return evidence if known else min(evidence, 0.0)  # who is quick from the start may rush

    def _lifts_off(self, segment: Segment) -> bool:
        """Return whether it is the hand leaving: quick, and begun only near the path's end.

        At the side of the head that looks as if it went along the path.
        """
        begun = segment.first_progress_mm[segment.path] > self._tuning.late_share * self._paths_mm[segment.path]
        return begun and self._quickness(segment) > 0.0

    def judge(self, segment: Segment) -> ContactState:
        """Decide whether it touched: along the path unless it is clearly lifted; off the path it must show which."""
        tuning = self._tuning
        along = self._way(segment) == "along"
        if along and math.isinf(self._pace_limit):
            return "contact"  # nobody circles in the air
        if along and self._lifts_off(segment):
            return "lifted"
        evidence = self.evidence(segment)
        if evidence > (tuning.contact_evidence if along else tuning.lifted_evidence):
            return "lifted"
        compares = self._way(segment) == "against" and self._compares(segment)
        needed = tuning.slid_evidence if compares else tuning.contact_evidence
        if along or evidence < -needed:
            return "contact"
        return "uncertain"
