"""Adds up the figures of one side of one step as its verdicts come."""

import math
from array import array
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import STROKING, SideVerdict, Stroke
from facetrack.packets import Float
from facetrack.session.document import Pace, SideFigures
from facetrack.session.metrics.entropy import approximate_entropy, binned


def ratio(part: float, whole: float) -> float:
    """Return part / whole; NaN where the whole is nothing."""
    return part / whole if whole > 0 else math.nan


@dataclass(slots=True)
class PaceSeconds:
    """Adds up the seconds of stroking whose pace is known, and those of them within the range and not above it."""

    known_s: float = 0.0
    in_range_s: float = 0.0
    not_above_s: float = 0.0

    def add(self, dt: float, pace: float, limits: tuple[float, float]) -> None:
        self.known_s += dt
        self.not_above_s += dt * (pace <= limits[1])
        self.in_range_s += dt * (limits[0] <= pace <= limits[1])


_MOVING_MM_S: Final = Thresholds().tuning.segments.moving_mm_s
"""A hand that is slower than this rests at a stroke's ends."""
_TOOL_SHARE: Final = 0.5
"""Share of the contact: with a tool for more of it the coverage is not known, since the tool touched, not the fingers."""


class SideMetrics:
    """Adds up one side; only time in which it was judged counts. Times in s, lengths in the user's mm."""

    def __init__(self, pace_range: tuple[float, float]) -> None:
        self._pace_range = pace_range
        self.needed = False
        self.judged_s = 0.0
        self.unjudged_s = 0.0
        self.contact_s = 0.0
        self.tool_s = 0.0
        self.zone_known_s = 0.0
        self.zone_s = 0.0
        self.pace = PaceSeconds()
        self.repetitions = 0
        self.path_mm = 0.0
        self.acceleration_sum = 0.0
        self.acceleration_s = 0.0
        self.strokes: list[Stroke] = []
        self._times = array("d")
        self._seconds = array("d")
        self._seconds_with_other = array("d")
        self._speed_times = array("d")
        self._speeds = array("d")
        self._speed_weights = array("d")
        self._accelerations = array("d")
        self._acceleration_ends = array("d")

    def add(self, dt: float, t_s: float, side: SideVerdict, other_judged: bool) -> None:
        """Add a frame at ``t_s`` that stands for ``dt`` seconds."""
        self.needed |= side.needed
        self._times.append(t_s)
        self._seconds.append(dt)
        self._seconds_with_other.append(dt * (other_judged and side.withheld is None))
        if side.path_mm > 0:  # 0 while nothing is judged; it falls where what looked like a stroke turns out to be a return
            self.path_mm = side.path_mm
        if side.withheld is not None:
            self.unjudged_s += dt * side.needed
            return
        self.repetitions = max(self.repetitions, side.repetitions)
        if not (side.needed or side.in_contact):
            return
        self.judged_s += dt
        if side.stroking is not None and math.isfinite(side.speed_mm_s):
            self._speed_times.append(t_s)
            self._speeds.append(side.speed_mm_s)
            self._speed_weights.append(dt)
        if not side.in_contact:
            return
        self.contact_s += dt
        self.tool_s += dt * (side.contact == "tool")
        if side.in_zone is not None:
            self.zone_known_s += dt
            self.zone_s += dt * side.in_zone
        if math.isfinite(side.acceleration_mm_s2):
            self.acceleration_sum += dt * side.acceleration_mm_s2
            self.acceleration_s += dt
            self._accelerations.append(side.acceleration_mm_s2)
            self._acceleration_ends.append(self.acceleration_s)
        if side.stroking and math.isfinite(side.pace) and math.isfinite(self._pace_range[1]):
            self.pace.add(dt, side.pace, self._pace_range)

    def add_stroke(self, stroke: Stroke) -> None:
        self.strokes.append(stroke)

    @property
    def judged_strokes(self) -> list[Stroke]:
        return [stroke for stroke in self.strokes if stroke.kind in STROKING]

    @property
    def repetitions_done(self) -> int:
        """Return the repetitions that the coach counted, those of strokes that ended the step among them."""
        return max(self.repetitions, sum(stroke.counted for stroke in self.strokes))

    def direction(self) -> tuple[float, float]:
        """Return the sum of length x max(0, cos(angle off the path)) over strokes, and that of their lengths, mm."""
        angled = [s for s in self.judged_strokes if math.isfinite(s.off_path_deg)]
        along = sum(s.length_mm * max(0.0, math.cos(math.radians(s.off_path_deg))) for s in angled)
        return along, sum(s.length_mm for s in angled)

    def path_with_other(self) -> float:
        """Add up the judged strokes' lengths in mm, of each as much as the share of its time in which the other side could be
        judged too."""
        spans = np.array([(s.t_start_s, s.t_end_s) for s in self.judged_strokes]).reshape(-1, 2)
        frames = np.searchsorted(np.frombuffer(self._times), spans, "right")
        whole, both = (
            np.diff(np.concatenate([[0.0], np.cumsum(seconds)])[frames])[:, 0]
            for seconds in (np.frombuffer(self._seconds), np.frombuffer(self._seconds_with_other))
        )
        lengths = np.array([s.length_mm for s in self.judged_strokes])
        return float(np.sum(lengths * both / np.where(whole > 0, whole, np.inf)))

    def figures(self, coverage: float) -> SideFigures:
        """Return the side's block of session.json."""
        if self.judged_s == 0 and not self.strokes:
            return SideFigures()
        median, p90 = self._speed_quantiles((0.5, 0.9))
        return SideFigures(
            repetitions=self.repetitions_done,
            strokes=len(self.judged_strokes),
            path_mm=self.path_mm,
            zone_share=ratio(self.zone_s, self.zone_known_s),
            direction_score=ratio(*self.direction()),
            pace_mm_s=Pace(median=median, p90=p90, in_range_share=ratio(self.pace.in_range_s, self.pace.known_s)),
            coverage=math.nan if self.tool_s > _TOOL_SHARE * self.contact_s else coverage,
            mean_acceleration_mm_s2=ratio(self.acceleration_sum, self.acceleration_s),
            approximate_entropy=self._entropy(),
        )

    def _speed_quantiles(self, at: tuple[float, ...]) -> tuple[float, ...]:
        """Return quantiles over the strokes as they were decided, without the time in which the hand rests at their ends.

        What looked like a stroke for a moment (a return, a hand put right) is none.
        """
        times = np.frombuffer(self._speed_times)
        starts, ends = (np.array([getattr(s, name) for s in self.judged_strokes]) for name in ("t_start_s", "t_end_s"))
        within = np.searchsorted(np.sort(starts), times, "right") > np.searchsorted(np.sort(ends), times, "left")
        within &= np.frombuffer(self._speeds) >= _MOVING_MM_S
        return weighted_quantiles(np.frombuffer(self._speeds)[within], np.frombuffer(self._speed_weights)[within], at)

    def _entropy(self) -> float:
        series = binned(np.frombuffer(self._accelerations), np.frombuffer(self._acceleration_ends))
        return approximate_entropy(series)


def weighted_quantiles(values: Float, weights: Float, at: tuple[float, ...]) -> tuple[float, ...]:
    """Return the smallest value with at least that share of the weight at or below it; NaN where there is no weight."""
    if not weights.sum() > 0:
        return (math.nan,) * len(at)
    shares = np.array(at) - 1e-12  # sums of equal weights fall short of an exact share by a rounding
    return tuple(np.quantile(values, shares, weights=weights, method="inverted_cdf").tolist())
