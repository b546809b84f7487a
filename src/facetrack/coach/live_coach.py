"""Adds the user's commands to the coach: pause, resume, skip the step, repeat it. A journal keeps each."""

import math
from dataclasses import replace

from facetrack.coach.coach import Coach
from facetrack.coach.step_plan import StepPlan
from facetrack.coach.thresholds import CoachOptions
from facetrack.coach.verdict import Correction, SideVerdict, Stroke, Verdict
from facetrack.geometry.face_points import FacePoints
from facetrack.routine.compiled import CompiledRoutine


class LiveCoach(Coach):
    """Judges as ``Coach`` does, and obeys commands between two frames.

    Commands take the time of the frame that follows them, which is the first that they hold for.
    """

    def __init__(self, routine: CompiledRoutine, options: CoachOptions | None = None) -> None:
        super().__init__(routine, options)
        self._paused = False
        self._pausing = False  # what was open is closed with the next frame
        self._resumed_s = -math.inf

    def command(self, name: str, t_s: float) -> None:
        """Obey a command as a journal has it: a method's name, with ``:`` and an argument where it takes one."""
        method, _, argument = name.partition(":")
        commands = {"pause": self.pause, "resume": self.resume, "skip": self.skip, "mute": self.mute, "unmute": self.unmute}
        if method == "again":
            self.again(t_s, argument or None)
        else:
            commands[method](t_s)

    def pause(self, _t_s: float) -> None:
        """Judge nothing and stop the step's clock until ``resume``."""
        if not self._paused and not self._finished:
            self._paused = self._pausing = True

    def resume(self, t_s: float) -> None:
        """Continue where ``pause`` stopped. Hands have as long to come back as after a change of step."""
        if self._paused:
            self._paused, self._pausing = False, False
            self._frame_rate.restart()
            self._resumed_s = t_s if self._position >= 0 else -math.inf

    def skip(self, _t_s: float) -> None:
        """End the running step as skipped."""
        if self._position >= 0 and not self._finished:
            self._progress.skipped = True

    def again(self, t_s: float, step_id: str | None = None) -> None:
        """Do a step (None: the running one) once more: next, or at once where the routine is finished."""
        if self._position < 0:
            return
        plan = self._plan if step_id is None else StepPlan.of(self.routine.step(step_id), self._plan.atlas)
        self._order.insert(self._position + 1, plan)
        if self._finished:
            self._finished = False
            self._begin(self._position + 1, t_s)

    def mute(self, _t_s: float) -> None:
        """Show cues, but do not speak them any more."""
        self._cues.voice = False

    def unmute(self, _t_s: float) -> None:
        """Speak cues again, if there is a voice at all."""
        self._cues.voice = self.options.voice

    def update(self, points: FacePoints) -> Verdict:
        """Judge a frame. points.t_s must rise."""
        if not self._paused or self._finished:
            return super().update(points)
        if self._position < 0:
            self._last_t_s = points.t_s
            return self._empty(points.t_s, "paused")
        self._progress.pause(0.0 if math.isnan(self._last_t_s) else points.t_s - self._last_t_s)
        self._last_t_s = points.t_s
        strokes, changed = self._let_go(points.t_s) if self._pausing else ((), ())
        self._pausing = False
        verdict = self._verdict(points.t_s, self._at_rest(), strokes, changed, None, (), None)
        self._last_verdict = replace(verdict, state="paused")
        return self._last_verdict

    def _settled(self, t_s: float) -> bool:
        return super()._settled(t_s) and t_s - self._resumed_s >= self._tuning.steps.settle_s

    def _let_go(self, t_s: float) -> tuple[tuple[Stroke, ...], tuple[Correction, ...]]:
        """Close what a pause interrupts: strokes under way, open corrections, and all that the checks had gathered."""
        strokes = tuple(self._end_open_strokes())
        changed = self._log.end(t_s)
        self._cues.update([], (), t_s)
        for track in self._tracks:
            track.reset()
        self._checks.reset()
        return strokes, tuple(changed)

    def _at_rest(self) -> tuple[SideVerdict, SideVerdict]:
        """Return the sides of a paused frame: nothing is asked of them, what they have done stays on the screen."""
        empty = self._empty(math.nan, "paused").sides
        left, right = (
            replace(nobody, repetitions=side.repetitions, path_mm=side.path_mm)
            for nobody, side in zip(empty, self._sides, strict=True)
        )
        return left, right
