"""Direction is wrong when strokes in contact go more than 60 degrees off the path: one long one, two in a row, or a second."""

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

_OFF_PATH: tuple[StrokeKind, ...] = ("against", "across")


class DirectionCheck(SideCheck):
    """Counts strokes off the path and their time; what is under way counts as it goes.

    returning_in_contact: the strokes are right, but the hand slides back where it should be lifted.
    """

    kind: ClassVar[Kind] = "direction"

    def __init__(self, side: int, thresholds: Thresholds) -> None:
        super().__init__(side, thresholds)
        self._timing, self._tuning = thresholds.direction, thresholds.tuning.direction
        self._mostly, self._reposition_ratio = thresholds.tuning.mostly, thresholds.tuning.strokes.reposition_ratio

    def begin_step(self, plan: StepPlan) -> None:
        """Begin another step. Of a spiral only a drift counts that is as long as its loops are wide."""
        self._least_mm = max(self._limits.tuning.strokes.shortest_mm, plan.loop_diameter_mm)
        self._long_mm = max(self._limits.off_path_mm(max(plan.fields.length_mm.tolist())), self._least_mm)
        super().begin_step(plan)

    def reset(self) -> None:
        """Forget all evidence."""
        super().reset()
        self.returning_in_contact = False
        self.off_path_deg = float("nan")
        self._path = 0
        self._off_s = 0.0
        self._off_strokes = 0
        self._previous: StrokeKind | None = None
        self._previous_mm_s = 0.0

    def _applies(self, plan: StepPlan) -> bool:
        return super()._applies(plan) and bool(plan.moving) and not plan.bidirectional

    def _add(self, movement: ClassifiedSegment) -> None:
        segment, kind = movement.segment, movement.kind
        if segment.zone_share < self._mostly or kind == "uncertain":
            return
        if kind in _OFF_PATH:
            if segment.travelled_mm < self._least_mm:
                return
            self._take_wrong(segment, segment.t_end_s)
            self._off_s += segment.time_s
            self._off_strokes += 1
        elif kind == "along":
            self._off_strokes = 0
            if self._previous == "along":
                self._clear()
            elif not self.returning_in_contact:
                self._take_right(segment)
        elif self._lifts_back(kind) and self.wrong:
            self._take_right(segment)
        elif self._lifts_back(kind):  # a clean cycle
            self._clear()
        self._previous, self._previous_mm_s = kind, segment.mean_mm_s

    def _follow(self, frame: FrameContext, here: SideFrame) -> None:
        movement, kind = here.movement, here.kind
        if movement is None or movement.zone_share < self._mostly:
            return
        if kind in _OFF_PATH:
            self._take_wrong(movement, frame.t_s)
        elif self.wrong and (self._lifts_back(kind) if self.returning_in_contact else kind == "along"):
            self._take_right(movement)

    def _lifts_back(self, kind: StrokeKind | None) -> bool:
        """Return whether a movement goes back lifted after a right stroke."""
        return kind == "return" and self._previous == "along"

    def _take_wrong(self, movement: Segment, t_s: float) -> None:
        """Take a stroke off the path, under way or ended, as evidence if it is enough, with those before it."""
        if movement.travelled_mm < self._least_mm or not (self.wrong or self._enough(movement)):
            return
        if not self.wrong:
            # A right stroke, and then back without a lift.
            self.returning_in_contact = (
                self._previous == "along" and self._previous_mm_s < self._reposition_ratio * movement.mean_mm_s
            )
            self.off_path_deg, self._path = movement.off_path_deg, movement.path
        self.wrong, self.seen_s = True, max(t_s, self.seen_s)

    def _enough(self, movement: Segment) -> bool:
        """Return whether a stroke off the path is evidence, with those before it.

        A single one aside is none: a lifted way back that goes round the stroke's way looks like it, in parts.
        """
        aside = movement.way(self._limits.surely_off_path_deg) == "across"
        if aside and not self._off_strokes:
            return False
        in_all = self._off_s + movement.time_s >= self._timing.onset_s or self._off_strokes + 1 >= self._limits.off_path_strokes
        shown = movement.ended or movement.time_s >= self._tuning.shown_s or (aside and self._previous == "across")
        return (in_all and shown) or movement.travelled_mm >= self._long_mm

    def _take_right(self, movement: Segment) -> None:
        """Take the contrary: half a second or half a path of a right stroke, half a path of a lifted return."""
        lasts = movement.time_s >= self._timing.release_s and movement.travelled_mm >= self._tuning.release_mm
        if (lasts and not self.returning_in_contact) or movement.travelled_mm >= self._long_mm:
            self._clear()

    def _clear(self) -> None:
        self.wrong = False
        self._off_s = 0.0
        self._off_strokes = 0

    def _describe(self, _here: SideFrame) -> Finding:
        message = direction_message(self._plan, self._path, self.returning_in_contact)
        return Finding(self.kind, self._side, self.off_path_deg, self._limits.off_path_deg, *message, self.seen_s)
