"""Decides when a step ends (by repetitions, time, or hands that work on the next one) and how much of it was not seen."""

from facetrack.coach.step_plan import StepPlan
from facetrack.coach.thresholds import Thresholds
from facetrack.coach.verdict import StepStatus


class StepProgress:
    """Keeps one step's time, which runs on whatever is seen; repetitions are counted elsewhere."""

    def __init__(self, plan: StepPlan, thresholds: Thresholds, endless: bool, t_s: float) -> None:
        self._plan, self._endless = plan, endless
        self._tuning, self._mostly = thresholds.tuning.steps, thresholds.tuning.mostly
        self.t_start_s = t_s
        self.first_hand_s: float | None = None
        self._watched_s = self._withheld_s = self._next_s = self._held_s = 0.0
        self.skipped = False
        """Whether the user has skipped the step."""

    def pause(self, dt_s: float) -> None:
        """Leave out time that the user has paused for."""
        self._held_s += dt_s

    def elapsed_s(self, t_s: float) -> float:
        """Return the time since the step began, without its pauses."""
        return t_s - self.t_start_s - self._held_s

    @property
    def withheld_share(self) -> float:
        """The share of the time since the first hand was seen that was withheld; NaN where no hand was."""
        return self._withheld_s / self._watched_s if self._watched_s > 0 else float("nan")

    @property
    def planned_s(self) -> float:
        return self._plan.step.seconds or self._plan.step.planned_s

    def update(self, hand_seen: bool, withheld: bool, on_next: bool | None, t_s: float, dt_s: float) -> None:
        """Process a frame. on_next: a hand works validly on the next step (True), on this one (False), or neither (None)."""
        if hand_seen and self.first_hand_s is None:
            self.first_hand_s = t_s
        if self.first_hand_s is not None:
            self._watched_s += dt_s
            self._withheld_s += dt_s if withheld else 0.0
        if on_next is not None:
            self._next_s = self._next_s + dt_s if on_next else 0.0

    def status(self, repetitions: float, t_s: float) -> StepStatus | None:
        """Return how the step ends now, or None. repetitions: of the side that has fewest among those that count."""
        if self.skipped:
            return "skipped"
        if self._endless:
            return None
        elapsed = self.elapsed_s(t_s)
        target = self._plan.step.repetitions
        if target is not None and repetitions >= target:
            return "done"
        if self._next_s >= self._tuning.next_zone_s:
            return "done" if target is None or repetitions >= self._mostly * target else "skipped"
        unseen = self.unseen
        limit = self.planned_s
        if self._plan.step.seconds is None and not unseen:
            limit *= self._tuning.overtime_ratio
        if elapsed < limit:
            return None
        return "unseen" if unseen else "done"

    @property
    def unseen(self) -> bool:
        return self.first_hand_s is None or self.withheld_share > self._tuning.unseen_share

    def stopped(self) -> StepStatus:
        """Return how a step ends that the session's end breaks off; a lone step that fills the whole clip is done by it."""
        if self.unseen:
            return "unseen"
        return "done" if self._endless else "stopped"
