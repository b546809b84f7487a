"""One half of the face in one step: its checks, its counts, and what is found wrong with it."""

import math

import numpy as np

from facetrack.coach.checks.direction import DirectionCheck
from facetrack.coach.checks.pace import PaceCheck
from facetrack.coach.checks.zone import ZoneCheck
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.feedback.messages import direction_message, pace_message, zone_message
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import Judged, StrokeJudge
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.repetitions import Repetitions
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import STROKING, SideVerdict, Stroke, StrokeKind, WithheldReason
from facetrack.geometry.chart.zones import nearest_in_zone
from facetrack.routine.compiled import Kind

_PACED_ZONE_SHARE = 0.5
"""A movement that is mostly outside the zone is a hand that comes or goes, whatever its pace."""
_PACED_MM = 8.0
"""A shorter one is as often the tracker's noise while the hand rests, which would water the pace down."""
_HEAD_HALF_MM, _JAW_MM = 90.0, -100.0
"""No head is wider than this (half, with the ears; chart mm), down to the jaw."""
_WAITS_S = 1.5
"""A hand that was lifted to go back is put down within this time."""
_DRIFT_TURNS = 1.5
"""Turns of a spiral whose drift must be off the path: fewer hardly drift."""


class SideCoach:
    """Judges one side with whichever hand works on it. ``begin`` starts a step; then ``stroke`` and ``update`` each frame."""

    def __init__(self, side: int, thresholds: Thresholds) -> None:
        self.side, self._limits = side, thresholds
        self._zone = ZoneCheck(thresholds)
        self._direction = DirectionCheck(thresholds)
        self._pace = PaceCheck(thresholds)

    def begin(self, plan: StepPlan) -> None:
        """Another step."""
        self._plan = plan
        self._repetitions = Repetitions(plan, self._limits.repetition_share)
        self.forgive()
        self.path_mm = self.told_path_mm = 0.0
        self.worked = False
        self.withheld_s = 0.0
        self._placed_s = self._unplaced_s = 0.0
        self.cycle_s = math.nan
        self._last_start_s = math.nan

    def forgive(self) -> None:
        """Forget what the checks have gathered; counts stay."""
        self._zone.reset()
        self._pace.begin(self._plan.spiral)
        turns_s = _DRIFT_TURNS * self._plan.turn_s if self._plan.spiral else 0.0
        least_mm = max(self._limits.shortest_stroke_mm, self._plan.loop_mm)
        self._direction.begin(max(self._limits.off_path_s, turns_s), least_mm)
        self._told: dict[Kind, Finding] = {}
        self._air_s = 0.0

    @property
    def repetitions(self) -> int:
        return self._repetitions.count

    @property
    def unplaced_share(self) -> float:
        """Of the time in which its hand was seen at the face: 0..1, how much of it without a place."""
        seen_s = self._placed_s + self._unplaced_s
        return self._unplaced_s / seen_s if seen_s > 0 else 0.0

    def followed(self, placed: bool, unplaced: bool, dt_s: float) -> None:
        """Take a frame: whether a hand works here, or is seen without its place being told."""
        self._placed_s += dt_s if placed else 0.0
        self._unplaced_s += dt_s if unplaced and not placed else 0.0

    def stroke(self, judged: Judged) -> Stroke:
        """Take a stroke of this side that was decided."""
        segment, kind = judged.segment, judged.kind
        counted = False
        if kind == "along":
            counted = segment.zone_share >= 0.5 and self._repetitions.stroke(segment)
            self.cycle_s = segment.t_start_s - self._last_start_s
            self._last_start_s = segment.t_start_s
        if kind in STROKING:
            self.path_mm += segment.travelled_mm
            self.told_path_mm += segment.told_mm
            self.worked = True
            if segment.zone_share >= _PACED_ZONE_SHARE and segment.travelled_mm >= _PACED_MM:
                self._pace.stroke(segment)
        if not self._plan.either_way:
            self._direction.stroke(judged)
        return _told(judged, counted, self._plan.either_way)

    def update(
        self, sample: HandSample | None, strokes: StrokeJudge | None, in_zone: bool, gone_on: bool, t_s: float, dt_s: float
    ) -> list[Finding]:
        """Take a frame; gives what is wrong now.

        sample: of the hand on this side, strokes: its judge; None where no hand is near the face here. gone_on: the user
        works on the next step already, which is no wrong place.
        """
        limits, plan = self._limits, self._plan
        segment, kind = self._under_way(strokes)
        if sample is None:
            self._zone.update(None, False, False, False, dt_s)
        else:
            lifted = gone_on or self._in_the_air(kind, dt_s) or _beside_the_head(sample)
            self._zone.update(in_zone, lifted, sample.speed > limits.arrival_mm_s, kind in STROKING, dt_s)
        if segment is not None and kind is not None:
            angle = segment.off_path_deg
            self._direction.update(kind, segment.length_mm, segment.time_s, segment.zone_share, angle, t_s)
        else:
            self._direction.update(None, 0.0, 0.0, 0.0, math.nan, t_s)
        self._pace.update(segment if kind in STROKING else None, plan.pace_limits[1], t_s)
        if sample is not None and not plan.moving:
            self._repetitions.hold(in_zone and sample.speed < limits.hold_mm_s, dt_s)
            self.worked = self.worked or in_zone
        return self._findings(sample)

    def _in_the_air(self, kind: StrokeKind | None, dt_s: float) -> bool:
        """After a return the hand stays lifted until it strokes, or for as long as one waits."""
        if kind == "return":
            self._air_s = _WAITS_S
        elif kind in STROKING:
            self._air_s = 0.0
        else:
            self._air_s -= dt_s
        return self._air_s > 0.0

    def _findings(self, sample: HandSample | None) -> list[Finding]:
        """What is wrong now; its words and value are those of when it was found."""
        judge, plan = self._plan.step.judge, self._plan
        wrong: dict[Kind, bool] = {
            "zone": self._zone.wrong and "zone" in judge,
            "direction": self._direction.wrong and "direction" in judge and bool(plan.moving) and not plan.either_way,
            "pace": self._pace.wrong and "pace" in judge and bool(plan.moving),
        }
        for kind, is_wrong in wrong.items():
            if not is_wrong:
                self._told.pop(kind, None)
            elif kind not in self._told:
                self._told[kind] = self._finding(kind, sample)
        return list(self._told.values())

    def _finding(self, kind: Kind, sample: HandSample | None) -> Finding:
        plan = self._plan
        if kind == "direction":
            message_id, message = direction_message(plan, 0, self._direction.sliding)
            value = self._direction.off_path_deg
            return Finding(kind, self.side, value, self._limits.off_path_deg, message_id, message)
        if kind == "pace":
            message_id, message = pace_message(plan)
            return Finding(kind, self.side, self._pace.median, plan.pace_limits[1], message_id, message)
        if sample is None:
            return Finding(kind, self.side, math.nan, plan.step.tolerance_mm, "zone.back", f"Back to {plan.step.title.lower()}")
        here = np.array([sample.x, sample.y])
        aim = nearest_in_zone(here, plan.step.zone) - here
        message_id, message = zone_message(plan, float(aim[0]), float(aim[1]))
        return Finding(kind, self.side, float(np.hypot(*aim)), plan.step.tolerance_mm, message_id, message)

    def stroked_mm(self, strokes: StrokeJudge | None) -> float:
        """Travelled in contact since the step began, the stroke under way included."""
        segment = self._stroke_under_way(strokes)
        return self.path_mm + segment.travelled_mm if segment is not None else self.path_mm

    def _told_mm(self, strokes: StrokeJudge | None) -> float:
        """``stroked_mm`` as figures tell it."""
        segment = self._stroke_under_way(strokes)
        return self.told_path_mm + segment.told_mm if segment is not None else self.told_path_mm

    def _stroke_under_way(self, strokes: StrokeJudge | None) -> Segment | None:
        segment, kind = self._under_way(strokes)
        return segment if kind in STROKING else None

    def _under_way(self, strokes: StrokeJudge | None) -> tuple[Segment | None, StrokeKind | None]:
        """The movement that goes on on this side, and what it is."""
        if strokes is None or strokes.open is None or strokes.open.side != self.side:
            return None, None
        return strokes.open, strokes.open_kind

    def verdict(
        self,
        needed: bool,
        withheld: WithheldReason | None,
        sample: HandSample | None,
        strokes: StrokeJudge | None,
        in_zone: bool,
    ) -> SideVerdict:
        """The side's part of the frame's verdict."""
        segment, kind = self._under_way(strokes)
        touching = None if sample is None or kind == "uncertain" else kind != "return"
        return SideVerdict(
            needed=needed,
            withheld=withheld,
            hand=None if sample is None else ("left", "right")[sample.hand],
            working_mm=np.array(sample.chart if sample is not None else (np.nan, np.nan)),
            in_zone=None if sample is None else in_zone,
            in_contact=touching,
            stroking=None if sample is None else segment is not None and kind != "return",
            speed_mm_s=math.nan if sample is None else sample.on_skin,
            acceleration_mm_s2=math.nan if sample is None else sample.acceleration_mm_s2,
            off_path_deg=math.nan if segment is None else segment.off_path_deg,
            pace=self._pace.median,
            repetitions=self.repetitions,
            path_mm=self._told_mm(strokes),
        )


def _beside_the_head(sample: HandSample) -> bool:
    """There is no skin there that a hand could work on at the wrong place."""
    return sample.x > _HEAD_HALF_MM and sample.y > _JAW_MM


def _told(judged: Judged, counted: bool, either_way: bool) -> Stroke:
    segment: Segment = judged.segment
    contact = {"return": 0.0, "uncertain": math.nan}.get(judged.kind, 1.0)
    angle = segment.off_path_deg
    return Stroke(
        side=("left", "right")[segment.side],
        hand=("left", "right")[segment.hand],
        t_start_s=segment.t_start_s,
        t_end_s=segment.t_end_s,
        length_mm=segment.told_mm,
        mean_mm_s=segment.told_mm / segment.time_s if segment.time_s > 0 else 0.0,
        peak_mm_s=segment.peak_mm_s * segment.relief,
        off_path_deg=min(angle, 180.0 - angle) if either_way else angle,
        straightness=min(segment.displacement_mm / segment.chart_mm, 1.0) if segment.chart_mm > 0 else math.nan,
        turning_rad=segment.turning_rad,
        zone_share=segment.zone_share,
        contact_share=contact,
        kind=judged.kind,
        counted=counted,
        start_mm=segment.start_chart,
        end_mm=segment.end_chart,
    )
