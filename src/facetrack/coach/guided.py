"""Leads through a routine by its planned times, and judges nothing."""

import math
from dataclasses import dataclass, replace

from facetrack.coach.empty_verdict import empty_verdict
from facetrack.coach.thresholds import CoachOptions
from facetrack.coach.verdict import SessionState, StepEnd, StepStatus, Verdict
from facetrack.geometry.face_points import FacePoints
from facetrack.routine.compiled import CompiledRoutine, CompiledStep


@dataclass(slots=True)
class _StepRun:
    step: CompiledStep
    t_start_s: float
    elapsed_s: float = 0.0

    @property
    def planned_s(self) -> float:
        return self.step.seconds or self.step.planned_s


class GuideCoach:
    """Does what ``LiveCoach`` does but judge: steps end as ``done`` at their planned times, nothing is corrected or counted."""

    def __init__(self, routine: CompiledRoutine, options: CoachOptions | None = None) -> None:
        options = options or CoachOptions()
        steps = routine.steps if options.step_id is None else (routine.step(options.step_id),)
        self._routine = routine
        self._order = [*steps, *(routine.step(name) for name in options.again)]
        self._position = -1
        self._run: _StepRun | None = None
        self._paused = self._skipped = False
        self._last_t_s = math.nan

    def command(self, name: str, t_s: float) -> None:
        """Obey a command, as ``LiveCoach.command`` does."""
        method, _, argument = name.partition(":")
        if method in ("pause", "resume"):
            self._paused = method == "pause"
        elif method == "skip":
            self._skipped = self._run is not None
        elif method == "again" and self._position >= 0:
            step = self._routine.step(argument) if argument else self._order[min(self._position, len(self._order) - 1)]
            self._order.insert(min(self._position + 1, len(self._order)), step)
            if self._run is None:
                self._next(t_s)

    def update(self, points: FacePoints) -> Verdict:
        """Process a frame; only its time counts."""
        t_s = points.t_s
        dt_s = 0.0 if math.isnan(self._last_t_s) else t_s - self._last_t_s
        self._last_t_s = t_s
        if self._paused:
            return self._verdict(t_s, "paused")
        if self._position < 0:
            self._next(t_s)
        elif self._run is not None:
            self._run.elapsed_s += dt_s
        if self._run is None:
            return self._verdict(t_s, "finished")
        verdict = self._verdict(t_s, "working")
        if self._run.elapsed_s >= self._run.planned_s or self._skipped:
            status: StepStatus = "skipped" if self._skipped else "done"
            end = StepEnd(verdict.step, self._run.step.id, status, self._run.t_start_s, t_s, math.nan)
            verdict = replace(verdict, ended=(end,))
            self._next(t_s)
        return verdict

    def finish(self, t_s: float) -> Verdict:
        """End the session."""
        ended: tuple[StepEnd, ...] = ()
        if self._run is not None:
            step = self._run.step
            ended = (StepEnd(step.index, step.id, "stopped", self._run.t_start_s, t_s, math.nan),)
        self._run, self._position = None, len(self._order) - 1
        return replace(self._verdict(t_s, "finished"), ended=ended)

    def _next(self, t_s: float) -> None:
        self._position += 1
        self._skipped = False
        self._run = _StepRun(self._order[self._position], t_s) if self._position < len(self._order) else None
        if self._run is None:
            self._position = len(self._order) - 1

    def _verdict(self, t_s: float, state: SessionState) -> Verdict:
        step = -1 if self._position < 0 else self._order[self._position].index
        empty = empty_verdict(t_s, state, step, None, None)
        if self._run is None:
            return empty
        return replace(
            empty,
            phase_index=self._phase_index(self._run),
            step_elapsed_s=self._run.elapsed_s,
            step_left_s=max(0.0, self._run.planned_s - self._run.elapsed_s),
        )

    @staticmethod
    def _phase_index(run: _StepRun) -> int:
        """Return which phase runs: each in turn, once in each repetition's share of the time."""
        count = len(run.step.asked)
        rounds = run.step.repetitions or 1
        share = run.elapsed_s / max(run.planned_s, 1e-9) * rounds
        return int((share % 1.0) * count) if share < rounds else count - 1
