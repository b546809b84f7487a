"""Cuts motion into segments where it rests or turns back. What a segment is (a stroke, a return, nothing) is decided later."""

import bisect
import math
from dataclasses import dataclass, field
from typing import Literal

from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.tuning import SegmentTuning

Way = Literal["along", "across", "against"]
Place = tuple[int, int]
"""(path, bin along it)."""
Profile = dict[Place, tuple[float, float, float, int]]
"""At each place the sums of the palm's log size, of x and of y, and how many they are."""


def add_to(profile: Profile, place: Place, sums: tuple[float, float, float, int]) -> None:
    """Add sums at a place."""
    palm, x, y, count = profile.get(place, (0.0, 0.0, 0.0, 0))
    profile[place] = palm + sums[0], x + sums[1], y + sums[2], count + sums[3]


PathHere = list[list[float]]
"""For each path of the step: tangent x, tangent y, progress, distance at the working point (PathFields.at)."""


@dataclass(slots=True)
class Segment:
    """Adds up an unbroken movement one way. Lengths are the user's mm unless the name says chart."""

    hand: int
    side: int
    t_start_s: float
    t_end_s: float
    start_chart: tuple[float, float]
    end_chart: tuple[float, float]
    begun_xy: tuple[float, float]
    here_xy: tuple[float, float]
    length_mm: float = 0.0
    skin_mm: float = 0.0  # length_mm with the face's relief
    chart_mm: float = 0.0
    peak_mm_s: float = 0.0
    speed_integral_mm2_s: float = 0.0  # speed integrated over length, mm/s x mm
    time_s: float = 0.0
    zone_s: float = 0.0
    zone_known: bool = True  # whether it was known all the time where the hand touches
    settles: bool = False  # it began as the end of a quick movement
    ended: bool = False
    ends_return: bool = False  # it follows without a rest on a way back that was lifted: the hand comes down
    begins_in_zone: bool = False
    ends_in_zone: bool = False
    turning_rad: float = 0.0
    along_mm: list[float] = field(default_factory=list)  # per path: chart mm along its tangents
    across_mm: list[float] = field(default_factory=list)
    off_path_mm_seconds: list[float] = field(default_factory=list)  # per path: distance off it, integrated over time
    reach_mm: list[float] = field(default_factory=list)  # per path: the farthest that it came from its start, chart mm
    reach_xy: tuple[float, float] = (math.nan, math.nan)  # where that was
    first_progress_mm: list[float] = field(default_factory=list)
    last_progress_mm: list[float] = field(default_factory=list)
    profile: Profile = field(default_factory=dict)
    speeds: list[tuple[float, float, float]] = field(default_factory=list)  # t_s, dt_s, pace
    squares: list[tuple[float, float]] = field(default_factory=list)  # its age, and the square of its speed up to then, mm2/s
    tuning: SegmentTuning = field(default_factory=SegmentTuning, repr=False)
    # Asked for many times a frame, so kept until the next one comes.
    _path: int | None = field(default=None, init=False, repr=False)
    _off_path_deg: float | None = field(default=None, init=False, repr=False)
    _top: tuple[int, float] = field(
        default=(0, -math.inf), init=False, repr=False
    )  # how many speeds were looked at, and the highest of them

    @property
    def zone_share(self) -> float:
        return self.zone_s / self.time_s if self.time_s > 0 else 0.0

    @property
    def mean_mm_s(self) -> float:
        return self.length_mm / self.time_s if self.time_s > 0 else 0.0

    @property
    def travelling_mm_s(self) -> float:
        """Speed at which its length was covered: what hovers before and after a quick movement hardly counts."""
        return self.speed_integral_mm2_s / self.length_mm if self.length_mm > 0 else 0.0

    @property
    def quickness_mm_s(self) -> float:
        """Geometric mean of its speed over time and over length: steadier than either."""
        return math.sqrt(self.mean_mm_s * self.travelling_mm_s)

    def quickness_until(self, age_s: float) -> float:
        """Return the same of its first age_s: every movement begins slowly, and is compared with others as young."""
        if age_s >= self.time_s:
            return self.quickness_mm_s
        at = bisect.bisect_left(self.squares, (age_s, 0.0))
        time_s, squares = self.squares[min(at, len(self.squares) - 1)]
        return math.sqrt(squares / time_s) if time_s > 0 else 0.0

    @property
    def travelled_mm(self) -> float:
        """How far it came along its path and off it, on the softened skin. Noise, which goes to and fro, cancels in it."""
        stretch = self.length_mm / self.chart_mm if self.chart_mm > 0 else 1.0
        return stretch * self.reach_mm[self.path]

    @property
    def relief(self) -> float:
        """Ratio of its length with the face's relief to that without. Reports use it; what is judged needs steadiness more."""
        return self.skin_mm / self.length_mm if self.length_mm > 0 else 1.0

    @property
    def told_mm(self) -> float:
        return self.travelled_mm * self.relief

    @property
    def displacement_mm(self) -> float:
        """Straight distance in chart mm."""
        return math.dist(self.begun_xy, self.here_xy)

    @property
    def path(self) -> int:
        """The path that it followed best: least angle among those about as near as the nearest."""
        if self._path is None:
            farthest = min(self.off_path_mm_seconds) + self.tuning.near_path_mm * max(self.time_s, 1e-9)
            near = [k for k, away in enumerate(self.off_path_mm_seconds) if away <= farthest]
            self._path = near[0] if len(near) == 1 else min(near, key=self.angle_to)
        return self._path

    def angle_to(self, path: int) -> float:
        """Return the degrees between its movement and a path; NaN where the path has no direction."""
        return math.degrees(math.atan2(abs(self.across_mm[path]), self.along_mm[path]))

    @property
    def off_path_deg(self) -> float:
        if self._off_path_deg is None:
            self._off_path_deg = self.angle_to(self.path)
        return self._off_path_deg

    def way(self, off_path_deg: float) -> Way:
        """Return whether it goes along its path, or more than ``off_path_deg`` off it: across, or against."""
        angle = self.off_path_deg
        return "along" if angle <= off_path_deg else "against" if angle > 180.0 - off_path_deg else "across"

    @property
    def top_pace(self) -> float:
        """The highest of its paces."""
        known, top = self._top
        for _, _, pace in self.speeds[known:]:
            top = max(top, pace)
        self._top = len(self.speeds), top
        return top

    def add(self, sample: HandSample, here: PathHere, in_zone: bool | None, pace: float, turned_rad: float) -> None:
        """Take one more frame of the movement."""
        dt, speed = sample.dt_s, sample.speed
        self._path = self._off_path_deg = None
        self.t_end_s, self.end_chart = sample.t_s, sample.chart
        step_x, step_y = sample.x - self.here_xy[0], sample.y - self.here_xy[1]
        self.here_xy = sample.x, sample.y
        self.time_s += dt
        self.length_mm += speed * dt
        self.skin_mm += speed * sample.relief * dt
        self.chart_mm += math.hypot(step_x, step_y)
        self.peak_mm_s = max(self.peak_mm_s, speed)
        self.speed_integral_mm2_s += speed * speed * dt
        self.squares.append((self.time_s, self.speed_integral_mm2_s))
        self.zone_known = self.zone_known and in_zone is not None
        in_zone = in_zone is not False
        self.zone_s += dt if in_zone else 0.0
        self.begins_in_zone = in_zone if len(self.speeds) == 0 else self.begins_in_zone
        self.ends_in_zone = in_zone
        self.turning_rad += turned_rad
        self.speeds.append((sample.t_s, dt, pace))
        nearest, least = 0, math.inf
        for k, (tx, ty, progress, away) in enumerate(here):
            self.along_mm[k] += step_x * tx + step_y * ty
            self.across_mm[k] += step_y * tx - step_x * ty
            reach = math.hypot(self.along_mm[k], self.across_mm[k])
            if reach > self.reach_mm[k]:
                self.reach_mm[k], self.reach_xy = reach, self.here_xy
            self.off_path_mm_seconds[k] += away * dt
            self.last_progress_mm[k] = progress
            if away < least:
                nearest, least = k, away
        if not math.isnan(sample.log_palm):
            add_to(
                self.profile,
                (nearest, int(here[nearest][2] / self.tuning.profile_bin_mm)),
                (sample.log_palm, sample.x, sample.y, 1),
            )


def begin_segment(sample: HandSample, here: PathHere, tuning: SegmentTuning) -> Segment:
    """Make an empty segment that starts where the hand is."""
    paths = len(here)
    progress = [row[2] for row in here]
    return Segment(
        hand=sample.hand,
        side=sample.side,
        t_start_s=sample.t_s,
        t_end_s=sample.t_s,
        start_chart=sample.chart,
        end_chart=sample.chart,
        begun_xy=(sample.x, sample.y),
        here_xy=(sample.x, sample.y),
        along_mm=[0.0] * paths,
        across_mm=[0.0] * paths,
        reach_mm=[0.0] * paths,
        reach_xy=(sample.x, sample.y),
        off_path_mm_seconds=[0.0] * paths,
        first_progress_mm=progress,
        last_progress_mm=list(progress),
        tuning=tuning,
    )


class SegmentCutter:
    """Cuts one hand's motion into segments by speed with hysteresis, reversals, changes of side and gaps in sight."""

    def __init__(self, thresholds: Thresholds, moving_mm_s: float, still_mm_s: float) -> None:
        self._tuning, self._moving, self._still = thresholds.tuning.segments, moving_mm_s, still_mm_s
        self._travel_mm_s = thresholds.tuning.strokes.travel_mm_s
        self._aside_cosine = math.cos(math.radians(thresholds.off_path_deg))
        self.open: Segment | None = None
        self._quiet_s = self._slow_s = 0.0
        self._faded = False
        self._dx = self._dy = 0.0
        self._rested: tuple[float, float] | None = None

    def reset(self) -> Segment | None:
        """Close what is open (the hand was lost, the step changed)."""
        closed, self.open = self.open, None
        if closed is not None:
            closed.ended = True
        self._quiet_s = 0.0
        self._rested = None
        return closed

    def update(
        self, sample: HandSample, here: PathHere, in_zone: bool | None, pace: float, turned_rad: float = 0.0
    ) -> Segment | None:
        """Process a frame. Return the segment that ended with it, if any. pace: what this step's pace is judged by."""
        closed: Segment | None = None
        if self.open is not None and (sample.fresh or sample.side != self.open.side):
            closed = self.reset()
        if self.open is None:
            if sample.speed >= self._moving and not sample.fresh:
                self._begin(sample, here, in_zone, pace, turned_rad, self._rested)
            elif sample.fresh or sample.speed < self._still:
                self._rested = sample.x, sample.y
            return closed
        self._quiet_s = self._quiet_s + sample.dt_s if sample.speed < self._still else 0.0
        if self._quiet_s >= self._tuning.pause_s:
            return self.reset()
        if self._slowed(sample):
            closed = self.reset()
            self._begin(sample, here, in_zone, pace, turned_rad)
            self.open.settles = True
            return closed
        if self._dashes_off(sample):
            closed = self.reset()
            self._begin(sample, here, in_zone, pace, turned_rad)
            return closed
        if sample.speed >= self._moving and (self._turned_back(sample, here) or self._arrived(in_zone)):
            turned_at = self.open.reach_xy
            closed = self.reset()
            self._begin(sample, here, in_zone, pace, turned_rad, turned_at)
            return closed
        if self._quiet_s == 0.0:
            self.open.add(sample, here, in_zone, pace, turned_rad)
            self._follow(sample)
        return closed

    def _begin(
        self,
        sample: HandSample,
        here: PathHere,
        in_zone: bool | None,
        pace: float,
        turned_rad: float,
        rested: tuple[float, float] | None = None,
    ) -> None:
        """Begin a segment.

        rested: where the hand was when it set out or turned back: the first millimetres are too slow to be noticed.
        """
        self.open = begin_segment(sample, here, self._tuning)
        if rested is not None and math.dist(rested, self.open.here_xy) < self._tuning.sets_out_mm:
            self.open.begun_xy = self.open.here_xy = rested
        self.open.add(sample, here, in_zone, pace, turned_rad)
        self._dx, self._dy = sample.vx, sample.vy
        self._quiet_s = self._slow_s = 0.0
        self._faded = False

    def _follow(self, sample: HandSample) -> None:
        a = sample.dt_s / (sample.dt_s + self._tuning.direction_s)
        self._dx += a * (sample.vx - self._dx)
        self._dy += a * (sample.vy - self._dy)

    def _slowed(self, sample: HandSample) -> bool:
        """Return whether a hand that travelled has arrived: what follows slowly is another movement, even the same way."""
        assert self.open is not None
        slow = (
            self.open.peak_mm_s > self._travel_mm_s
            and self._moving <= sample.speed < self._tuning.faded_share * self.open.peak_mm_s
        )
        self._slow_s = self._slow_s + sample.dt_s if slow else 0.0
        return self._slow_s >= self._tuning.pause_s

    def _dashes_off(self, sample: HandSample) -> bool:
        """Return whether the hand lifts off: a stroke that has all but ended does not continue at twice its speed."""
        assert self.open is not None
        top = self.open.peak_mm_s
        self._faded = self._faded or sample.speed < self._tuning.faded_share * top
        return self._faded and sample.speed > max(self._tuning.dash_ratio * top, self._travel_mm_s)

    def _turned_back(self, sample: HandSample, here: PathHere) -> bool:
        assert self.open is not None
        dot = sample.vx * self._dx + sample.vy * self._dy
        size = math.hypot(sample.vx, sample.vy) * math.hypot(self._dx, self._dy)
        if dot < self._tuning.reversed_cosine * size:
            return True
        path = self.open.path
        tx, ty = here[path][:2]
        onward, advance = sample.vx * tx + sample.vy * ty, self.open.along_mm[path]
        turned = abs(advance) > self._tuning.turned_round_mm and onward * advance < 0
        return turned and abs(onward) > self._aside_cosine * math.hypot(sample.vx, sample.vy)

    def _arrived(self, in_zone: bool | None) -> bool:
        """Return whether the hand came from elsewhere and enters the zone: its stroke begins there."""
        return (
            self.open is not None
            and in_zone is True
            and self.open.zone_s == 0.0
            and self.open.time_s > self._tuning.arrives_after_s
        )
