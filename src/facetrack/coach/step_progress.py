"""Decides when a step ends (by repetitions, time, or hands that work on the next one) and how it was done."""

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import StepStatus


class StepProgress:
    """Keeps one step's time; repetitions are counted elsewhere.

    Time runs on whatever is seen. Only while the face lies open, with no hand at it, it stands still for a while.
    """

    def __init__(self, plan: StepPlan, thresholds: Thresholds, endless: bool, t_s: float) -> None:
        self._plan, self._endless = plan, endless
        self._tuning = thresholds.tuning.steps
        self.t_start_s = t_s
        self.first_hand_s: float | None = None
        self._total_s = self._open_s = self._at_face_s = self._waited_s = 0.0
        self._watched_s = self._withheld_s = self._next_s = self._held_s = 0.0
        self.skipped = False
        """Whether the user has skipped the step."""
        self.due = False
        """Whether its repetitions or its time have been reached."""

    def pause(self, dt_s: float) -> None:
        """Leave out time that the user has paused for."""
        self._held_s += dt_s

    def elapsed_s(self, t_s: float) -> float:
        """Return the time since the step began, without its pauses and the time that was waited for hands."""
        return max(0.0, t_s - self.t_start_s - self._held_s - self._waited_s)  # the first frame waits since the one before

    @property
    def withheld_share(self) -> float:
        """The share of the time since the first hand was seen that was withheld; NaN where no hand was."""
        return self._withheld_s / self._watched_s if self._watched_s > 0 else float("nan")

    @property
    def planned_s(self) -> float:
        return self._plan.step.seconds or self._plan.step.planned_s

    def attend(self, at_face: bool, open_face: bool, dt_s: float) -> None:
        """Note a frame in which a hand was at the face, or the face lay open with no hand at it."""
        self._total_s += dt_s
        self._at_face_s += dt_s if at_face else 0.0
        self._open_s += dt_s if open_face else 0.0
        if open_face:
            self._waited_s = min(self._waited_s + dt_s, self._tuning.waits_s)

    def update(self, hand_seen: bool, withheld: bool, on_next: bool | None, t_s: float, dt_s: float) -> None:
        """Process a frame. on_next: a hand works validly on the next step (True), on this one (False), or neither (None)."""
        if hand_seen and self.first_hand_s is None:
            self.first_hand_s = t_s
        if self.first_hand_s is not None:
            self._watched_s += dt_s
            self._withheld_s += dt_s if withheld else 0.0
        if on_next is not None:
            self._next_s = self._next_s + dt_s if on_next else max(0.0, self._next_s - dt_s)

    def status(self, repetitions: float, t_s: float) -> StepStatus | None:
        """Return how the step ends now, or None. repetitions: of the side that has fewest among those that count."""
        if self.skipped:
            return "skipped"
        target = self._plan.step.repetitions
        by_work: StepStatus | None = "done" if target is not None and repetitions >= target else self._by_time(t_s)
        self.due = self.due or by_work in ("done", "partial")
        if self._endless:
            return None
        if by_work != "done" and self.gone_on:
            return "partial" if self._at_face_s - self._next_s >= self._tuning.worked_s else "skipped"
        return by_work

    @property
    def gone_on(self) -> bool:
        """Whether a hand works on the next step; of a step that is due a short work shows it."""
        return self._next_s >= (self._tuning.next_zone_due_s if self.due else self._tuning.next_zone_s)

    def _by_time(self, t_s: float) -> StepStatus | None:
        missed = self._missed
        limit = self.planned_s
        if self._plan.step.seconds is None and missed is None:
            limit *= self._tuning.overtime_ratio
        if self.elapsed_s(t_s) < limit:
            return None
        return missed or ("done" if self._plan.step.repetitions is None else "partial")

    @property
    def _missed(self) -> StepStatus | None:
        """Whether nobody did the step, or nobody could see it."""
        share = self._tuning.unseen_share
        if self._open_s >= share * self._total_s > 0.0 and self._at_face_s < self._tuning.worked_s:
            return "skipped"
        if self.first_hand_s is None or self.withheld_share >= share:
            return "unseen"
        return None

    def stopped(self) -> StepStatus:
        """Return how a step ends that the session's end breaks off; a lone step that fills the whole clip is done by it."""
        return self._missed or ("done" if self._endless else "stopped")
