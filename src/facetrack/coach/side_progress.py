"""Counts what one half of the face has done in a step, and makes its part of each frame's verdict."""

import math

import numpy as np

from facetrack.coach.frame_context import SideFrame
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.strokes.repetitions import Repetitions
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import STROKING, SideVerdict, Stroke, WithheldReason
from facetrack.packets import SIDES


class SideProgress:
    """Counts what one side has done: ``begin_step`` once, then ``on_movement`` and ``update`` in each frame."""

    def __init__(self, side: int, thresholds: Thresholds) -> None:
        self.side, self._tuning = side, thresholds.tuning

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step: all counts are 0."""
        self._plan = plan
        self._repetitions = Repetitions(plan, self._tuning.repetitions)
        self.path_mm = 0.0
        self.worked = False
        self.withheld_s = 0.0
        self._all_s = self._unplaced_s = 0.0

    @property
    def repetitions(self) -> int:
        return self._repetitions.count

    @property
    def unplaced_share(self) -> float:
        """The share, 0..1, of the step in which its hand was at the face, but its place was not known."""
        return self._unplaced_s / self._all_s if self._all_s > 0 else 0.0

    def on_movement(self, judged: ClassifiedSegment) -> Stroke:
        """Take a movement of this side that has ended, once it is decided what it was."""
        segment, kind = judged.segment, judged.kind
        counted = kind == "along" and segment.zone_share >= self._tuning.mostly and self._repetitions.stroke(segment)
        if kind in STROKING:
            self.path_mm += segment.told_mm
            self.worked = True
        return _reported(judged, counted, self._plan.bidirectional)

    def update(self, here: SideFrame, unplaced: bool, dt_s: float) -> None:
        """Process a frame. unplaced: the side's own hand is at the face, but its place there is not known."""
        sample = here.sample
        self._all_s += dt_s
        if sample is None:
            self._unplaced_s += dt_s if unplaced else 0.0
        else:
            if not self._plan.moving:
                self._repetitions.hold(here.in_zone is not False and sample.speed < self._tuning.repetitions.hold_mm_s, dt_s)
                self.worked = self.worked or here.in_zone is not False

    def verdict(self, here: SideFrame, needed: bool, withheld: WithheldReason | None, pace: float) -> SideVerdict:
        """Make the side's part of the frame's verdict. pace: as the check of pace has it."""
        sample, movement, kind = here.sample, here.movement, here.kind
        return SideVerdict(
            needed=needed,
            withheld=withheld,
            hand=None if sample is None else SIDES[sample.hand],
            working_mm=np.array(here.working_chart),
            in_zone=None if sample is None else here.in_zone,
            in_contact=None if sample is None or kind == "uncertain" else kind != "return",
            stroking=None if sample is None else movement is not None and kind != "return",
            speed_mm_s=math.nan if sample is None else sample.on_skin,
            acceleration_mm_s2=math.nan if sample is None else sample.acceleration_mm_s2,
            off_path_deg=math.nan if movement is None else movement.off_path_deg,
            pace=pace,
            repetitions=self.repetitions,
            contact=None if here.place is None else here.place.contact,
            path_mm=self.path_mm + (0.0 if here.stroke is None else here.stroke.told_mm),
        )


def _reported(judged: ClassifiedSegment, counted: bool, bidirectional: bool) -> Stroke:
    segment: Segment = judged.segment
    contact = {"return": 0.0, "uncertain": math.nan}.get(judged.kind, 1.0)
    angle = segment.off_path_deg
    return Stroke(
        side=SIDES[segment.side],
        hand=SIDES[segment.hand],
        t_start_s=segment.t_start_s,
        t_end_s=segment.t_end_s,
        length_mm=segment.told_mm,
        mean_mm_s=segment.told_mm / segment.time_s if segment.time_s > 0 else 0.0,
        peak_mm_s=segment.peak_mm_s * segment.relief,
        off_path_deg=min(angle, 180.0 - angle) if bidirectional else angle,
        straightness=min(segment.displacement_mm / segment.chart_mm, 1.0) if segment.chart_mm > 0 else math.nan,
        turning_rad=segment.turning_rad,
        zone_share=segment.zone_share if segment.zone_known else math.nan,
        contact_share=contact,
        kind=judged.kind,
        counted=counted,
        start_mm=segment.start_chart,
        end_mm=segment.end_chart,
    )
