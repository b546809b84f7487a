"""Direction is wrong when strokes in contact go more than 60 degrees off the path, two in a row or for a second in all."""

from typing import ClassVar

from facetrack.coach.checks.check import SideCheck
from facetrack.coach.feedback.corrections import Finding
from facetrack.coach.feedback.messages import direction_message
from facetrack.coach.frame_context import FrameContext, SideFrame
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import StrokeKind
from facetrack.routine.compiled import Kind


class DirectionCheck(SideCheck):
    """Counts strokes off the path and their time.

    returning_in_contact: the strokes are right, but the hand slides back where it should be lifted.
    """

    kind: ClassVar[Kind] = "direction"

    def __init__(self, side: int, thresholds: Thresholds) -> None:
        super().__init__(side, thresholds)
        self._timing, self._tuning = thresholds.direction, thresholds.tuning.direction
        self._mostly = thresholds.tuning.mostly

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step. Of a spiral it takes a few turns of drift, farther than its loops are wide."""
        onset_s = self._timing.onset_s
        self._enough_s = max(onset_s, self._tuning.drift_turns * plan.turn_s) if plan.spiral else onset_s
        self._least_mm = max(self._limits.tuning.strokes.shortest_mm, plan.loop_diameter_mm)
        super().begin_step(plan)

    def reset(self) -> None:
        """Forget all evidence."""
        super().reset()
        self.returning_in_contact = False
        self.off_path_deg = float("nan")
        self._path = 0
        self._off_s = 0.0
        self._off_strokes = 0
        self._last_off_t_s = 0.0
        self._previous: StrokeKind | None = None
        self._previous_mm_s = 0.0

    def _applies(self, plan: StepPlan) -> bool:
        return super()._applies(plan) and bool(plan.moving) and not plan.bidirectional

    def _add(self, movement: ClassifiedSegment) -> None:
        segment, kind = movement.segment, movement.kind
        if segment.zone_share < self._mostly or kind == "uncertain":
            return
        if kind in ("against", "across"):
            if segment.length_mm < self._least_mm:
                return
            self._off_s += segment.time_s
            self._off_strokes += 1
            self._last_off_t_s = segment.t_end_s
            if self._off_strokes >= self._limits.off_path_strokes or self._off_s >= self._enough_s:
                self._flag_wrong(segment)
        elif kind == "along":
            self._off_strokes = 0
            if self._previous == "along" or (self.wrong and not self.returning_in_contact):
                self._clear()
        elif self._previous == "along":  # a lifted return after a right stroke: a clean cycle
            self._clear()
        self._previous, self._previous_mm_s = kind, segment.mean_mm_s

    def _follow(self, frame: FrameContext, here: SideFrame) -> None:
        movement, kind = here.movement, here.kind
        in_zone = movement is not None and movement.zone_share >= self._mostly
        if movement is not None and kind in ("against", "across") and in_zone and movement.length_mm >= self._least_mm:
            self._last_off_t_s = frame.t_s
            if self._off_s + movement.time_s >= self._enough_s:
                self._flag_wrong(movement)
        elif movement is not None and self.wrong and not self.returning_in_contact and kind == "along" and in_zone:
            if movement.length_mm >= self._tuning.release_mm and movement.time_s >= self._timing.release_s:
                self._clear()
        elif self.wrong and self.returning_in_contact and kind == "return" and self._previous == "along":
            self._clear()
        if self.wrong and frame.t_s - self._last_off_t_s > self._timing.expiry_s:
            self._clear()

    def _flag_wrong(self, movement: Segment) -> None:
        if not self.wrong:
            # A right stroke, and then back without a lift.
            self.returning_in_contact = (
                self._previous == "along" and self._previous_mm_s < self._tuning.reposition_ratio * movement.mean_mm_s
            )
        self.wrong = True
        self.off_path_deg, self._path = movement.off_path_deg, movement.path

    def _clear(self) -> None:
        self.wrong = False
        self._off_s = 0.0
        self._off_strokes = 0

    def _describe(self, _here: SideFrame) -> Finding:
        limits, message = self._limits, direction_message(self._plan, self._path, self.returning_in_contact)
        return Finding(
            self.kind, self._side, self.off_path_deg, limits.off_path_deg, *message, confirm_s=self._timing.confirm_s
        )
