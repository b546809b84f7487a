"""The coach turns FacePoints into Verdicts. It reads no clock and no pixel, so a replay gives the same verdicts."""

import math
from dataclasses import replace

from facetrack.coach.checks.attendance import Attendance
from facetrack.coach.checks.frame_rate import FrameRate
from facetrack.coach.checks.next_step import NextStep
from facetrack.coach.checks.registry import Checks
from facetrack.coach.checks.visibility import VisibilityTracker, hand_for_each_side
from facetrack.coach.empty_verdict import empty_verdict
from facetrack.coach.feedback.arbiter import CueArbiter
from facetrack.coach.feedback.corrections import CorrectionLog, Finding
from facetrack.coach.feedback.lift_request import LiftRequest
from facetrack.coach.feedback.messages import HINTS
from facetrack.coach.frame_context import FrameContext, SideFrame
from facetrack.coach.side_progress import SideProgress
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.step_progress import StepProgress
from facetrack.coach.strokes.classifier import ClassifiedSegment, StrokeJudge
from facetrack.coach.strokes.hand_motion import HandSample, HandTrack
from facetrack.coach.thresholds import CoachOptions
from facetrack.coach.touch.hand_touch import HandTouch
from facetrack.coach.verdict import (
    Correction,
    Cue,
    SessionState,
    SideVerdict,
    StepEnd,
    StepStatus,
    Stroke,
    Verdict,
    WithheldReason,
)
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import LEFT, RIGHT, SIDES
from facetrack.routine.compiled import CompiledRoutine
from facetrack.routine.kinds import KINDS


class Coach:
    """Judges one person doing one routine, frame by frame, by where the hands are on the face.

    ``Judge`` holds one together with a ``FaceMapper``. A session's coach also obeys the user's commands: it is the subclass
    ``LiveCoach``.

    Parameters
    ----------
    routine : CompiledRoutine
        What ``load_routine`` returns.
    options : CoachOptions, optional
        Which step to judge, and by which limits.

    Raises
    ------
    FacetrackError
        If the options name a step that the routine does not have.

    Examples
    --------
    >>> import facetrack
    >>> coach = facetrack.Coach(facetrack.load_routine("fascia"), facetrack.CoachOptions(step_id="forehead"))
    >>> points, _ = facetrack.FaceMapper().update(facetrack.Observation.empty(0.0, (640, 480)))
    >>> coach.update(points).corrections
    ()
    """

    def __init__(self, routine: CompiledRoutine, options: CoachOptions | None = None) -> None:
        self.routine = routine
        self.options = options or CoachOptions()
        limits = self.options.thresholds
        self._tuning = limits.tuning
        steps = routine.steps if self.options.step_id is None else (routine.step(self.options.step_id),)
        atlas = atlas_of(routine)
        plans = {step.id: StepPlan.of(step, atlas) for step in routine.steps}
        self._order = [plans[step.id] for step in steps] + [plans[routine.step(name).id] for name in self.options.again]
        self._position, self._plan = -1, self._order[0]
        self._tracks = [HandTrack(hand, limits) for hand in (LEFT, RIGHT)]
        self._touches = [HandTouch(hand, self._tuning) for hand in (LEFT, RIGHT)]
        self._strokes = [StrokeJudge(limits) for _ in SIDES]
        self._sides = [SideProgress(side, limits) for side in (LEFT, RIGHT)]
        self._checks = Checks(limits)
        self._visibility, self._attendance = VisibilityTracker(limits), Attendance(limits)
        self._next_step = NextStep(limits)
        self._frame_rate = FrameRate(limits)
        self._lift = LiftRequest(limits)
        self._log = CorrectionLog(limits)
        self._cues = CueArbiter(limits, KINDS, self.options.voice)
        self._last_t_s = math.nan
        self._finished = False
        self._last_verdict: Verdict | None = None
        self._last_frame: FrameContext | None = None

    # -- the line ------------------------------------------------------------------------------------------------------

    def update(self, points: FacePoints) -> Verdict:
        """Judge a frame; ``points.t_s`` must rise. After ``finish`` nothing is judged any more."""
        t_s = points.t_s
        dt_s = 0.0 if math.isnan(self._last_t_s) else min(t_s - self._last_t_s, self._tuning.hand.longest_frame_s)
        self._last_t_s = t_s
        doubt: WithheldReason | None = "frame-rate" if self._frame_rate.update(t_s, points.repeated) else None
        doubt = points.doubt or doubt
        if self._finished:
            return self._empty(t_s, "finished")
        if self._position < 0:
            if points.calibration == "running":
                return self._calibrating(points, doubt)
            self._begin(0, t_s)
        plan = self._plan
        samples = self._follow_hands(points)
        if doubt is None:
            self._attendance.update(points, samples, plan)
            self._progress.attend(self._attendance.at_face, self._attendance.open, dt_s)
        else:
            samples = [None, None]
            self._progress.attend(False, False, dt_s)
        self._visibility.update(points, samples, doubt)
        strokes, in_zone = self._classify_strokes(samples, t_s)
        self._follow_phase(samples, in_zone)
        places = [touch.place for touch in self._touches]
        on_next = self._next_step.update(points, samples, places, in_zone, plan, self._following)
        gone_on = self._next_step.at_work(t_s) or (self._waited_for_side_s > 0.0 and self._next_step.reached)
        frame = self._last_frame = self._context(samples, in_zone, gone_on, t_s, dt_s)
        findings = self._findings(frame)
        sides = self._side_verdicts(points, samples, frame)
        self._progress.update(
            True in points.hand_seen.tolist(), any(side.needed and side.withheld for side in sides), on_next, t_s, dt_s
        )
        status = self._unless_waiting(self._progress.status(self._repetitions(sides, t_s), t_s), dt_s)
        ended: tuple[StepEnd, ...] = ()
        step_end_corrections: list[Correction] = []
        if status is not None:
            step_end_corrections = self._look_back(frame) if status in ("done", "partial", "stopped") else []
            ended = (self._step_end(status, t_s),)
        unseen = frozenset(side for side, here in enumerate(frame.sides) if here.sample is None)
        raised, changed = self._log.update(findings, plan.step.id, t_s, unseen) if status is None else ([], self._log.end(t_s))
        open_now = self._log.open
        at_work = any(here.sample is not None for here in frame.sides)
        cue = self._cues.update(raised + step_end_corrections, (*open_now, *step_end_corrections), t_s, at_work)
        verdict = self._verdict(t_s, sides, tuple(strokes), tuple(changed + step_end_corrections), cue, ended, points)
        if status is not None:
            self._advance(t_s)
        return verdict

    def _calibrating(self, points: FacePoints, doubt: WithheldReason | None) -> Verdict:
        if doubt is not None:
            return self._empty(points.t_s, "calibrating", f"unseen.{doubt}", doubt)
        if points.face_seen:
            return self._empty(points.t_s, "calibrating", "calibrating", "calibration")
        return self._empty(points.t_s, "calibrating", "unseen.face", "face")

    def finish(self, t_s: float) -> Verdict:
        """End the session: open corrections are withdrawn, the running step ends."""
        last = self._last_verdict
        frame = self._last_frame
        if self._finished or self._position < 0 or last is None or frame is None:
            self._finished = True
            return self._empty(t_s, "finished")
        status = self._progress.stopped()
        strokes = self._end_open_strokes()
        rest = SideFrame(None, False, None, None)  # what was under way has ended and counts already
        frame = replace(frame, t_s=t_s, sides=(rest, rest))
        step_end_corrections = self._look_back(frame) if status not in ("unseen", "skipped") else []
        changed = self._log.end(t_s)
        cue = self._cues.update(step_end_corrections, tuple(step_end_corrections), t_s)
        ended = (self._step_end(status, t_s),)
        sides = (last.sides[LEFT], last.sides[RIGHT])
        self._finished = True
        return self._verdict(t_s, sides, tuple(strokes), tuple(changed + step_end_corrections), cue, ended, None)

    def _follow_hands(self, points: FacePoints) -> list[HandSample | None]:
        """Return each hand's motion, and find out what of it touches, and where."""
        samples: list[HandSample | None] = []
        for track, touch in zip(self._tracks, self._touches, strict=True):
            working = touch.working_points(points, self._plan)
            samples.append(track.update(points, working, touch.edge_x(points)))
            touch.update(points, samples[-1])
        return samples

    # -- parts of a frame ----------------------------------------------------------------------------------------------

    def _classify_strokes(self, samples: list[HandSample | None], t_s: float) -> tuple[list[Stroke], list[bool | None]]:
        """Return the strokes that were decided in this frame, and whether each hand is in the zone; None: not known."""
        plan = self._plan
        in_zone = [sample is not None and touch.in_zone(plan) for sample, touch in zip(samples, self._touches, strict=True)]
        decided: list[ClassifiedSegment] = []
        for hand, sample in enumerate(samples):
            judge, place = self._strokes[hand], self._touches[hand].place
            if sample is not None and place is not None and sample.near_face:
                decided += judge.update(sample, plan.fields.here(place.x, place.y), in_zone[hand])
            elif sample is not None or self._visibility.hand_lost(hand, t_s):
                decided += judge.lost(t_s)
        return self._take_strokes(decided), in_zone

    def _take_strokes(self, decided: list[ClassifiedSegment]) -> list[Stroke]:
        for movement in decided:
            self._checks.on_movement(movement)
        return [self._sides[movement.segment.side].on_movement(movement) for movement in decided]

    def _end_open_strokes(self) -> list[Stroke]:
        """End whatever is under way."""
        return self._take_strokes([stroke for judge in self._strokes for stroke in judge.lost(math.inf)])

    def _context(
        self, samples: list[HandSample | None], in_zone: list[bool | None], on_next_step: bool, t_s: float, dt_s: float
    ) -> FrameContext:
        left, right = (
            SideFrame(None, False, None, None) if hand is None else self._side_frame(side, samples[hand], hand, in_zone[hand])
            for side, hand in enumerate(hand_for_each_side(samples))
        )
        in_view = self._visibility.in_view([left.sample, right.sample], t_s)
        unplaced_share = self._sides[LEFT].unplaced_share, self._sides[RIGHT].unplaced_share
        return FrameContext(t_s, dt_s, (left, right), in_view, on_next_step, self._progress.due, unplaced_share)

    def _side_frame(self, side: int, sample: HandSample | None, hand: int, in_zone: bool | None) -> SideFrame:
        judge, place = self._strokes[hand], self._touches[hand].place
        movement, waiting = judge.open, tuple(one for one in judge.waiting if one.side == side)
        if movement is None or movement.side != side:
            return SideFrame(sample, in_zone, None, None, place, waiting)
        return SideFrame(sample, in_zone, movement, judge.open_kind, place, waiting)

    def _findings(self, frame: FrameContext) -> list[Finding]:
        if self._settled(frame.t_s):
            return self._checks.update(frame)
        self._checks.reset()
        return []

    def _settled(self, t_s: float) -> bool:
        """Return whether the hands have had time to begin: after a change of step, or once a tool was shown, they are still on
        their way."""
        begun_s = -math.inf if self._position == 0 else self._progress.t_start_s
        return t_s - max(begun_s, *(touch.shown_s for touch in self._touches)) >= self._tuning.steps.settle_s

    def _side_verdicts(
        self, points: FacePoints, samples: list[HandSample | None], frame: FrameContext
    ) -> tuple[SideVerdict, SideVerdict]:
        t_s = points.t_s
        unplaced = [
            sample is None and (bool(points.hand_seen[hand]) or self._attendance.lost(hand, t_s))
            for hand, sample in enumerate(samples)
        ]
        for side, here in zip(self._sides, frame.sides, strict=True):
            side.update(here, unplaced[side.side], frame.dt_s)
        anyone = any(here.sample is not None for here in frame.sides)
        verdicts = []
        for side, here in zip(self._sides, frame.sides, strict=True):
            needed = self._plan.requires(side.side)
            if self._plan.step.hands in ("either", "any"):
                turn = not anyone and (side.worked or not self._sides[1 - side.side].worked)
                needed = here.sample is not None or unplaced[side.side] or turn
            reason = self._visibility.withheld_reason(side.side, here, points, self._plan) if needed else None
            side.withheld_s += frame.dt_s if reason is not None else 0.0
            verdicts.append(side.verdict(here, needed, reason, self._checks.measured("pace", side.side)))
        return verdicts[0], verdicts[1]

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _begin(self, at: int, t_s: float) -> None:
        self._position, self._plan = at, self._order[at]
        self._progress = StepProgress(self._plan, self.options.thresholds, self.options.step_id is not None, t_s)
        for track, strokes, side in zip(self._tracks, self._strokes, self._sides, strict=True):
            track.reset()
            strokes.begin(self._plan)
            side.begin_step(self._plan)
        self._checks.begin_step(self._plan)
        self._waited_for_side_s = 0.0
        self._cues.reset()
        self._phase_index = 0

    def _follow_phase(self, samples: list[HandSample | None], in_zone: list[bool | None]) -> None:
        """Find which phase of the step runs: that of the movement under way, or the hold while a hand is still in the zone."""
        plan = self._plan
        for judge in self._strokes:
            if judge.open is not None and plan.moving_at:
                self._phase_index = plan.moving_at[judge.open.path]
                return
        still = [sample is not None and sample.speed < self._tuning.repetitions.hold_mm_s for sample in samples]
        if plan.hold_at is not None and any(
            rests and inside is not False for rests, inside in zip(still, in_zone, strict=True)
        ):
            self._phase_index = plan.hold_at

    @property
    def _following(self) -> StepPlan | None:
        """The step that comes after the running one, where there is one."""
        follows = self.options.step_id is None and self._position + 1 < len(self._order)
        return self._order[self._position + 1] if follows else None

    def _advance(self, t_s: float) -> None:
        if self._position + 1 < len(self._order):
            self._begin(self._position + 1, t_s)
        else:
            self._finished = True

    def _repetitions(self, sides: tuple[SideVerdict, SideVerdict], t_s: float) -> int:
        """Return the repetitions that count: those of the side that has fewer.

        A needed side that could not be judged for most of the step is not waited for.
        """
        step = self._plan.step
        if step.hands == "any":
            return max(side.repetitions for side in sides)
        wanted = [side for side in (LEFT, RIGHT) if step.hands == "either" or self._plan.requires(side)]
        elapsed = self._progress.elapsed_s(t_s)
        waited = [side for side in wanted if self._sides[side].withheld_s <= self._tuning.mostly * elapsed]
        return min(sides[side].repetitions for side in waited or wanted)

    def _look_back(self, frame: FrameContext) -> list[Correction]:
        """Record what only the whole step shows: the sides of one that does one after the other are compared at its end."""
        found = self._checks.at_step_end(frame)
        return [self._log.record_instant(finding, self._plan.step.id, frame.t_s) for finding in found]

    def _unless_waiting(self, status: StepStatus | None, dt_s: float) -> StepStatus | None:
        """Return how the step ends, or None while it waits for the side that got less."""
        if status not in ("done", "partial") or self._progress.gone_on or not self._checks.waits:
            return status
        self._waited_for_side_s += dt_s
        return None if self._waited_for_side_s < self._tuning.steps.waits_for_side_s else status

    def _step_end(self, status: StepStatus, t_s: float) -> StepEnd:
        step = self._plan.step
        return StepEnd(step.index, step.id, status, self._progress.t_start_s, t_s, self._progress.withheld_share)

    # -- verdicts ------------------------------------------------------------------------------------------------------

    def _verdict(
        self,
        t_s: float,
        sides: tuple[SideVerdict, SideVerdict],
        strokes: tuple[Stroke, ...],
        changed: tuple[Correction, ...],
        cue: Cue | None,
        ended: tuple[StepEnd, ...],
        points: FacePoints | None,
    ) -> Verdict:
        step = self._plan.step
        elapsed = self._progress.elapsed_s(t_s)
        lost = [self._attendance.lost(hand, t_s) for hand in (LEFT, RIGHT)]
        hint = None if points is None else self._lift.instead_of(_hint(sides), lost, t_s)
        verdict = Verdict(
            t_s=t_s,
            state="finished" if self._finished else "working",
            step=step.index,
            phase_index=self._phase_index,
            sides=sides,
            balance=self._checks.measured("symmetry"),
            corrections=self._log.open,
            changed=changed,
            shown=self._cues.shown,
            cue=cue,
            strokes=strokes,
            ended=ended,
            step_elapsed_s=elapsed,
            step_left_s=math.nan if step.seconds is None else max(0.0, step.seconds - elapsed),
            target=step.repetitions,
            hint_id=hint,
            hint=HINTS[hint] if hint else None,
        )
        self._last_verdict = verdict
        return verdict

    def _empty(
        self, t_s: float, state: SessionState, hint: str | None = None, withheld: WithheldReason | None = None
    ) -> Verdict:
        return empty_verdict(t_s, state, -1 if self._position < 0 else self._plan.step.index, hint, withheld)


def _hint(sides: tuple[SideVerdict, SideVerdict]) -> str | None:
    """Return the one thing to say about what can't be seen."""
    reasons = [side.withheld if side.needed else None for side in sides]
    for whole in ("picture", "person", "frame-rate", "face", "covered"):
        if whole in reasons:
            return f"unseen.{whole}"
    lost = [reason == "hand" for reason in reasons]
    if all(lost):
        return "unseen.hands"
    return f"unseen.{SIDES[lost.index(True)]}" if any(lost) else None
