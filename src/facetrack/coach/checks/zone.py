"""Zone is wrong when the working point is on or near the face, but outside the step's zone, for a while in all."""

from typing import ClassVar

import numpy as np

from facetrack.coach.checks.check import SideCheck
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.feedback.messages import zone_message
from facetrack.coach.frame_context import FrameContext, SideFrame
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.thresholds import TIME_TOLERANCE_S, Thresholds
from facetrack.coach.verdict import STROKING, StrokeKind
from facetrack.routine.compiled import Kind


class ZoneCheck(SideCheck):
    """Runs a clock while the hand is outside the zone: all the time while it strokes, at half the speed while it waits.

    What is shorter than a stroke is waited for: a hand that scratches moves to and fro by less.
    """

    kind: ClassVar[Kind] = "zone"

    def __init__(self, side: int, thresholds: Thresholds) -> None:
        super().__init__(side, thresholds)
        self._timing, self._tuning = thresholds.zone, thresholds.tuning.zone
        self._travels_mm_s = thresholds.tuning.strokes.arrival_mm_s

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step. A spiral's drift is no measure of what its circles travel."""
        strokes = self._limits.tuning.strokes
        self._shortest_mm = strokes.shortest_to_and_fro_mm if plan.bidirectional else strokes.shortest_mm
        self._shortest_mm *= not plan.spiral
        super().begin_step(plan)

    def reset(self) -> None:
        """Forget all evidence."""
        super().reset()
        self._forget()
        self._air_s = 0.0

    def _forget(self) -> None:
        self._outside_s = self._hovering_s = self._due_s = self._inside_s = self._gone_s = 0.0
        self._short_s = 0.0

    def _follow(self, frame: FrameContext, here: SideFrame) -> None:
        sample = here.sample
        if sample is None:
            self._gone_s += frame.dt_s
            if self._gone_s > self._tuning.gone_s:
                self._forget()
            return
        exempt = frame.on_next_step or self._in_the_air(here.kind, frame.dt_s) or self._beside_the_head(sample)
        self._gone_s = 0.0
        if here.in_zone is not False:  # a tool that was not shown could be there
            self._inside(here.stroke is not None, frame.dt_s)
        elif not exempt and sample.speed <= self._travels_mm_s:
            self._outside(here.stroke, frame.t_s, frame.dt_s)

    def _outside(self, stroke: Segment | None, t_s: float, dt_s: float) -> None:
        self._inside_s = 0.0
        due = self._outside_s + self._tuning.hovering_share * self._hovering_s >= self._timing.onset_s
        self._due_s = self._due_s + dt_s if due else 0.0
        self._hovering_s += dt_s
        self._short_s = 0.0 if stroke is None else min(self._short_s + dt_s, stroke.time_s)
        if stroke is not None and stroke.travelled_mm >= self._shortest_mm:
            self._outside_s += self._short_s
            self._hovering_s -= self._short_s
            self._short_s = 0.0
        # The wait is for a hand that comes down beside its zone: it has moved into it by then.
        self.wrong = self.wrong or self._due_s >= self._tuning.confirm_s - TIME_TOLERANCE_S
        self.seen_s = t_s

    def _inside(self, stroking: bool, dt_s: float) -> None:
        self._inside_s += dt_s
        if stroking:
            self._hovering_s = max(0.0, self._hovering_s - self._tuning.work_forgives_ratio * dt_s)
        if self._inside_s >= self._timing.release_s:
            self.wrong = False
        if self._inside_s >= self._tuning.reset_s:
            self._outside_s = self._hovering_s = self._due_s = 0.0

    def _in_the_air(self, kind: StrokeKind | None, dt_s: float) -> bool:
        """Return whether the hand is lifted: after a return it stays so until it strokes, or for a while."""
        if kind == "return":
            self._air_s = self._tuning.lifted_s
        elif kind in STROKING:
            self._air_s = 0.0
        else:
            self._air_s -= dt_s
        return self._air_s > 0.0

    def _describe(self, here: SideFrame) -> Finding:
        assert here.place is not None
        step, limit_mm = self._plan.step, here.place.allowed_mm(self._plan)
        message = zone_message(step, np.array([here.place.x, here.place.y]))
        return Finding(self.kind, self._side, here.place.outside_mm(self._plan), limit_mm, *message, self.seen_s)

    def _beside_the_head(self, sample: HandSample) -> bool:
        """Return whether the hand is where there is no skin to be wrong on."""
        return sample.x > self._tuning.head_half_mm and sample.y > self._tuning.jaw_mm
