"""Hands that do what they are told on a flat face, as FacePoints: no picture, no tracker. Written for the left side, in
continuous time, so that the same movements can be seen at any frame rate."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from facetrack.coach import Coach, CoachOptions, Correction, StepEnd, Stroke, Verdict
from facetrack.coach.frame_context import FrameContext, SideFrame
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import Segment
from facetrack.geometry.face_points import POINT_NAMES, FacePoints
from facetrack.packets import LEFT, RIGHT, Float
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep, MotionType
from facetrack.routine.kinds import KINDS

NAN = math.nan
FPS = 30.0
NOISE_MM = 0.3
PALM_NOISE = 0.003
PALM_MM = 30.0
LIFT = 0.07
"""How much larger the palm is in the picture at the top of a lifted return."""
PATH = ((8.0, 40.0), (58.0, 40.0))
WAY = np.array([[20.0, -25.0], [-9.0, 0.0], [0.0, 0.0], [9.0, -3.0], [17.0, -8.0], [0.0, -35.0], [0.0, -80.0]])
"""Of a left hand's seven points from its middle fingertip."""


# -- routines ----------------------------------------------------------------------------------------------------------


def phase(motion: MotionType = "stroke", path: Sequence[tuple[float, float]] = PATH, **changes: Any) -> CompiledPhase:
    """By default a stroke of 50 mm outward over the left brow, at 20 to 80 mm/s."""
    spiral = motion == "spiral"
    made = CompiledPhase(
        motion=motion,
        path_mm=np.array(path),
        pace_mm_s=(20.0, 80.0),
        turns_s=(0.5, 1.6) if spiral else (NAN, NAN),
        turn_radius_mm=8.0 if spiral else NAN,
        hold_s=1.0 if motion == "hold" else NAN,
        drift_mm=10.0 if spiral else NAN,
    )
    return replace(made, **changes)


def box(path: Float, margin: float = 12.0) -> Float:
    (west, south), (east, north) = path.min(axis=0) - margin, path.max(axis=0) + margin
    return np.array([[west, south], [east, south], [east, north], [west, north]])


def step(name: str = "brow", *phases: CompiledPhase, **changes: Any) -> CompiledStep:
    """A step of 4 repetitions with both hands; its zone lies 12 mm around its paths."""
    phases = phases or (phase(),)
    made = CompiledStep(
        id=name,
        index=0,
        group=1,
        title=name.title(),
        say="",
        point="",
        hands="both",
        contact="fingertips",
        working=np.arange(len(POINT_NAMES)) == POINT_NAMES.index("middle"),
        pressure="light",
        zone=tuple(box(one.path_mm) for one in phases),
        zone_names=(name,),
        tolerance_mm=8.0,
        judge=frozenset(KINDS),
        repetitions=4,
        seconds=None,
        planned_s=20.0,
        optional=False,
        tempo=None,
        phases=phases,
    )
    return replace(made, **changes)


def routine(*steps: CompiledStep) -> CompiledRoutine:
    numbered = tuple(replace(one, index=k) for k, one in enumerate(steps or (step(),)))
    return CompiledRoutine("own", 1, "0" * 64, "Own", "en", (), (), (), (), None, "", numbered)


# -- hands -------------------------------------------------------------------------------------------------------------


@dataclass
class Hand:
    """A script for one hand: calls follow each other in time. Chart mm of the left side; the right hand mirrors them."""

    now_s: float = 0.0
    times: list[float] = field(default_factory=list)
    places: list[tuple[float, float]] = field(default_factory=list)
    lifts: list[tuple[float, float]] = field(default_factory=list)
    circles: list[tuple[float, float, float, float]] = field(default_factory=list)
    unseen: list[tuple[float, float]] = field(default_factory=list)

    def at(self, place: tuple[float, float]) -> "Hand":
        """Be there now."""
        self.times.append(self.now_s)
        self.places.append(place)
        return self

    def rest(self, seconds: float) -> "Hand":
        self.now_s += seconds
        return self.at(self.places[-1])

    def go(self, *way: tuple[float, float], mm_s: float = 45.0) -> "Hand":
        """Along a polyline, in contact."""
        for place in way:
            length = math.dist(self.places[-1], place)
            self.now_s += length / mm_s
            self.at(place)
        return self

    def back(self, place: tuple[float, float], mm_s: float = 180.0, lifted: bool = True) -> "Hand":
        """Straight back, through the air unless told otherwise."""
        start = self.now_s
        self.go(place, mm_s=mm_s)
        if lifted:
            self.lifts.append((start, self.now_s))
        return self

    def strokes(self, count: int, path: Sequence[tuple[float, float]] = PATH, mm_s: float = 45.0, **how: Any) -> "Hand":
        """Strokes along a path, each followed by a way back (as ``back`` makes it)."""
        if not self.places or math.dist(self.places[-1], path[0]) > 1e-6:
            self.at(path[0])
        for _ in range(count):
            self.go(*path[1:], mm_s=mm_s).rest(0.1).back(path[0], **how).rest(0.1)
        return self

    def spiral(self, to: tuple[float, float], seconds: float, turns_s: float = 1.0, radius: float = 8.0) -> "Hand":
        self.circles.append((self.now_s, self.now_s + seconds, turns_s, radius))
        self.now_s += seconds
        return self.at(to)

    def gone(self, seconds: float) -> "Hand":
        """Out of sight."""
        self.unseen.append((self.now_s, self.now_s + seconds))
        return self.rest(seconds)

    def seen_at(self, t_s: float) -> bool:
        return bool(self.times) and self.times[0] <= t_s and not any(start <= t_s < end for start, end in self.unseen)

    def place_at(self, t_s: float) -> Float:
        after = bisect_right(self.times, t_s)
        (x, y), (to_x, to_y) = self.places[max(after - 1, 0)], self.places[min(after, len(self.places) - 1)]
        if 0 < after < len(self.times):
            share = (t_s - self.times[after - 1]) / (self.times[after] - self.times[after - 1])
            x, y = x + share * (to_x - x), y + share * (to_y - y)
        for start, end, turns_s, radius in self.circles:
            if start <= t_s < end:
                angle = math.tau * turns_s * (t_s - start)
                x, y = x + radius * math.cos(angle), y + radius * math.sin(angle)
        return np.array([x, y])

    def palm_at(self, t_s: float) -> float:
        for start, end in self.lifts:
            if start < t_s < end:
                return PALM_MM * (1.0 + LIFT * math.sin(math.pi * (t_s - start) / (end - start)) ** 0.5)
        return PALM_MM


NOBODY = Hand()


@cache
def _noise(seed: int, at: int) -> Float:
    """(2, 15) of unit variance for the first and the second hand that is seen: seven points, and the palm's size."""
    return np.random.default_rng([seed, at]).standard_normal((2, 15))


def frame(t_s: float, left: Hand | None = None, right: Hand | None = None, seed: int = 0, **changes: Any) -> FacePoints:
    """What the mapper would say at that time. The noise depends on seed and time alone."""
    noises = iter(_noise(seed, round(t_s * 1e5)))
    hands = (left or NOBODY, right or NOBODY)
    seen = np.array([hand.seen_at(t_s) for hand in hands])
    points, palm = np.full((2, 7, 2), NAN), np.full(2, NAN)
    for k, hand in enumerate(hands):
        if seen[k]:
            noise = next(noises)
            points[k] = hand.place_at(t_s) + WAY + NOISE_MM * noise[:14].reshape(7, 2)
            palm[k] = hand.palm_at(t_s) * (1 + PALM_NOISE * noise[14])
    points[RIGHT, :, 0] *= -1.0
    made = FacePoints(
        t_s=t_s,
        points_mm=points,
        metric_tensor=np.where(seen[:, None], [1.0, 0.0, 1.0], NAN),
        palm_mm=palm,
        near_face=seen.copy(),
        face_seen=True,
        hand_seen=seen.copy(),
        mm_per_px=0.7,
        calibration="neutral",
        calibrated_share=1.0,
    )
    return replace(made, **changes)


def film(
    left: Hand | None, right: Hand | None, seconds: float | None = None, fps: float = FPS, seed: int = 0
) -> list[FacePoints]:
    """All frames of a performance."""
    end_s = seconds if seconds is not None else max(hand.now_s for hand in (left, right) if hand is not None)
    return [frame(k / fps, left, right, seed) for k in range(math.ceil(end_s * fps))]


def blind(points: FacePoints) -> FacePoints:
    """The same moment with everything missing."""
    return replace(
        points,
        points_mm=np.full((2, 7, 2), NAN),
        metric_tensor=np.full((2, 3), NAN),
        palm_mm=np.full(2, NAN),
        near_face=np.zeros(2, bool),
        face_seen=False,
        hand_seen=np.zeros(2, bool),
        mm_per_px=NAN,
    )


def mirrored(points: FacePoints) -> FacePoints:
    """What is seen of the mirror image of that person."""
    return replace(
        points,
        points_mm=points.points_mm[::-1] * (-1.0, 1.0),
        metric_tensor=points.metric_tensor[::-1] * (1.0, -1.0, 1.0),
        palm_mm=points.palm_mm[::-1].copy(),
        near_face=points.near_face[::-1].copy(),
        hand_seen=points.hand_seen[::-1].copy(),
    )


# -- judging -----------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """All that a coach said."""

    coach: Coach
    verdicts: list[Verdict]

    @property
    def corrections(self) -> list[Correction]:
        """Each event once, as it was last told."""
        last = {event.index: event for verdict in self.verdicts for event in verdict.changed}
        return [last[index] for index in sorted(last)]

    def of(self, kind: str) -> list[Correction]:
        return [event for event in self.corrections if event.kind == kind]

    @property
    def strokes(self) -> list[Stroke]:
        return [stroke for verdict in self.verdicts for stroke in verdict.strokes]

    @property
    def ended(self) -> list[StepEnd]:
        return [end for verdict in self.verdicts for end in verdict.ended]


def judged(
    frames: Iterable[FacePoints], *steps: CompiledStep, options: CoachOptions | None = None, finish: bool = True
) -> Told:
    """Have frames judged, by default as one step that never ends."""
    made = routine(*steps)
    coach = Coach(made, options or CoachOptions(step_id=made.steps[0].id))
    verdicts = [coach.update(points) for points in frames]
    if finish:
        verdicts.append(coach.finish(verdicts[-1].t_s))
    return Told(coach, verdicts)


# -- parts -------------------------------------------------------------------------------------------------------------


def segment(
    length_mm: float = 40.0,
    time_s: float = 0.8,
    end_s: float = 10.0,
    off_deg: float = 0.0,
    zone_share: float = 1.0,
    side: int = LEFT,
    pace: float | None = None,
    begin_mm: float = 0.0,
    ended: bool = True,
) -> Segment:
    """A movement with these figures; off_deg from its path, which it begins at begin_mm."""
    frames = max(1, round(time_s * FPS))
    dt = time_s / frames
    along = length_mm * math.cos(math.radians(off_deg))
    return Segment(
        hand=side,
        side=side,
        t_start_s=end_s - time_s,
        t_end_s=end_s,
        start_chart=(0.0, 0.0),
        end_chart=(along, 0.0),
        begun_xy=(0.0, 0.0),
        here_xy=(along, 0.0),
        length_mm=length_mm,
        chart_mm=length_mm,
        peak_mm_s=length_mm / time_s,
        time_s=time_s,
        zone_s=zone_share * time_s,
        ended=ended,
        along_mm=[along],
        across_mm=[length_mm * math.sin(math.radians(off_deg))],
        reach_mm=[length_mm],
        off_path_mm_seconds=[0.0],
        first_progress_mm=[begin_mm],
        last_progress_mm=[begin_mm + along],
        speeds=[(end_s - time_s + dt * (k + 1), dt, pace if pace is not None else length_mm / time_s) for k in range(frames)],
    )


def hand_sample(t_s: float = 10.0, side: int = LEFT, **changes: Any) -> HandSample:
    """A hand that rests on the skin."""
    made = HandSample(
        hand=side,
        side=side,
        t_s=t_s,
        dt_s=1 / FPS,
        x=20.0,
        y=40.0,
        vx=0.0,
        vy=0.0,
        speed=0.0,
        quick=0.0,
        on_skin=0.0,
        relief=1.0,
        log_palm=NAN,
        near_face=True,
        fresh=False,
    )
    return replace(made, **changes)


NOBODY_HERE = SideFrame(None, False, None, None)


def context(
    t_s: float, left: SideFrame = NOBODY_HERE, right: SideFrame = NOBODY_HERE, dt_s: float = 1 / FPS, **changes: Any
) -> FrameContext:
    """A frame as the checks see it; all in view unless said otherwise."""
    made = FrameContext(t_s=t_s, dt_s=dt_s, sides=(left, right), in_view=True, on_next_step=False)
    return replace(made, **changes)


def plan_of(*steps: CompiledStep) -> StepPlan:
    """The first of the steps, as the coach asks for it."""
    made = routine(*steps)
    return StepPlan.of(made.steps[0], atlas_of(made))
