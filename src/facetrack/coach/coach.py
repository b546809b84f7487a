"""The coach: FacePoints in, Verdict out. It reads no clock and no pixel, so a replay gives the same verdicts."""

import math

from facetrack.coach.checks.side import SideCoach
from facetrack.coach.checks.symmetry import SymmetryCheck
from facetrack.coach.checks.visibility import SightMemory, serving_hands, withheld_reason
from facetrack.coach.empty_verdict import empty_verdict
from facetrack.coach.feedback.arbiter import CueChooser
from facetrack.coach.feedback.corrections import CorrectionBook, Finding
from facetrack.coach.feedback.lift_request import LiftRequest
from facetrack.coach.feedback.messages import HINTS, symmetry_message, totals_message
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.step_progress import StepClock
from facetrack.coach.strokes.classifier import StrokeJudge
from facetrack.coach.strokes.hand_motion import HandSample, HandTrack
from facetrack.coach.strokes.segments import PathHere
from facetrack.coach.thresholds import CoachOptions
from facetrack.coach.verdict import Correction, Cue, Phase, SideVerdict, StepEnd, StepStatus, Stroke, Verdict, WithheldReason
from facetrack.geometry.face_points import FacePoints
from facetrack.packets import LEFT, RIGHT, SIDES
from facetrack.routine.compiled import CompiledRoutine

_TURNS_CALM = 2.0
"""Steps whose sides take turns are compared over windows this much longer."""
_LONGEST_STEP_S = 0.25
_MOSTLY = 0.5
_UNPLACED = 0.1
"""Share of a hand's time on the face in which its place could not be told, above which its path is no measure of its work."""
_CLEARLY_NEARER_MM = 8.0
"""Where the zones of two steps overlap, the path that a hand is so much nearer to tells which step it does."""


class Coach:
    """Judges one person doing one routine, frame by frame. ``finish`` ends the session; after that it says no more."""

    def __init__(self, routine: CompiledRoutine, options: CoachOptions | None = None) -> None:
        """Raises KeyError where options name a step that the routine has not."""
        self.routine = routine
        self.options = options or CoachOptions()
        self._limits = self.options.thresholds
        steps = routine.steps if self.options.step_id is None else (routine.step(self.options.step_id),)
        atlas = atlas_of(routine)
        plans = {step.id: StepPlan.of(step, atlas) for step in routine.steps}
        self._order = [plans[step.id] for step in steps] + [plans[routine.step(name).id] for name in self.options.again]
        self._at, self._plan = -1, self._order[0]
        self._tracks = [HandTrack(hand, self._limits) for hand in (LEFT, RIGHT)]
        self._strokes = [StrokeJudge(self._limits) for _ in SIDES]
        self._sides = [SideCoach(side, self._limits) for side in (LEFT, RIGHT)]
        self._sight = SightMemory(self._limits.gap_s)
        self._lift = LiftRequest(self._limits)
        self._symmetry = SymmetryCheck(self._limits)
        self._book = CorrectionBook(self._limits)
        self._cues = CueChooser(self._limits, self.options.voice)
        self._circled_mm = [0.0, 0.0]
        self._last_t_s = math.nan
        self._finished = False
        self._last_verdict: Verdict | None = None

    # -- the line ------------------------------------------------------------------------------------------------------

    def update(self, points: FacePoints) -> Verdict:
        """Judge a frame. points.t_s must rise."""
        t_s = points.t_s
        dt_s = 0.0 if math.isnan(self._last_t_s) else min(t_s - self._last_t_s, _LONGEST_STEP_S)
        self._last_t_s = t_s
        if self._finished:
            return self._empty(t_s, "finished")
        if self._at < 0:
            if points.calibration == "running":
                if points.face_seen:
                    return self._empty(t_s, "calibrating", "calibrating", "calibration")
                return self._empty(t_s, "calibrating", "unseen.face", "face")
            self._begin(0, t_s)
        plan = self._plan
        samples = [track.update(points, plan.working_points) for track in self._tracks]
        self._sight.update(points, samples)
        self._lift.update(samples)
        strokes, in_zone, on_next = self._follow(samples, t_s)
        self._follow_phase(samples, in_zone)
        serving = serving_hands(samples)
        findings = self._judge_sides(samples, serving, in_zone, on_next is True, t_s, dt_s)
        findings += self._judge_symmetry(samples, serving, t_s, dt_s)
        sides = self._side_verdicts(points, samples, serving, in_zone, dt_s)
        self._clock.watch(
            True in points.hand_seen.tolist(), any(side.needed and side.withheld for side in sides), on_next, t_s, dt_s
        )
        status = self._clock.ended(self._repetitions(sides, t_s), t_s)
        ended: tuple[StepEnd, ...] = ()
        closing: list[Correction] = []
        if status is not None:
            once = self._totals_finding() if status in ("done", "stopped") else None
            if once is not None:
                closing.append(self._book.once(once, plan.step.id, t_s))
            findings = []
            ended = (self._step_end(status, t_s),)
        unseen = frozenset(side for side, hand in enumerate(serving) if hand is None)
        raised, changed = self._book.update(findings, plan.step.id, t_s, unseen)
        open_now = self._book.open
        cue = self._cues.update(raised + closing, (*open_now, *closing), t_s)
        verdict = self._verdict(t_s, sides, tuple(strokes), tuple(changed + closing), cue, ended, points)
        if status is not None:
            self._go_on(t_s)
        return verdict

    def finish(self, t_s: float) -> Verdict:
        """End the session: open corrections are withdrawn, the running step ends."""
        last = self._last_verdict
        if self._finished or self._at < 0 or last is None:
            self._finished = True
            return self._empty(t_s, "finished")
        plan = self._plan
        status = self._clock.stopped()
        strokes = [
            self._sides[judged.segment.side].stroke(judged) for judge in self._strokes for judged in judge.lost(math.inf)
        ]
        closing = []
        once = self._totals_finding() if status != "unseen" else None
        if once is not None:
            closing.append(self._book.once(once, plan.step.id, t_s))
        _, changed = self._book.update([], plan.step.id, t_s)
        cue = self._cues.update(closing, tuple(closing), t_s)
        ended = (self._step_end(status, t_s),)
        sides = (last.sides[LEFT], last.sides[RIGHT])
        self._finished = True
        return self._verdict(t_s, sides, tuple(strokes), tuple(changed + closing), cue, ended, None)

    # -- parts of a frame ----------------------------------------------------------------------------------------------

    def _follow(self, samples: list[HandSample | None], t_s: float) -> tuple[list[Stroke], list[bool], bool | None]:
        """Strokes decided in this frame, whether each hand is in the zone, and whether one works on the next step's."""
        plan = self._plan
        in_zone = [one is not None and plan.atlas.holds(one.x, one.y, plan.step.index) for one in samples]
        told: list[Stroke] = []
        for hand, sample in enumerate(samples):
            judge = self._strokes[hand]
            if sample is not None and sample.near_face:
                decided = judge.update(sample, plan.fields.here(sample.x, sample.y), in_zone[hand])
            elif sample is not None or self._sight.hand_lost(hand, t_s):
                decided = judge.lost(t_s)
            else:
                decided = []
            told += [self._sides[judged.segment.side].stroke(judged) for judged in decided]
        return told, in_zone, self._on_next(samples, in_zone)

    def _on_next(self, samples: list[HandSample | None], in_zone: list[bool]) -> bool | None:
        """Whether a hand strokes validly on the next step (True), on this one (False), or none does either (None)."""
        if self.options.step_id is not None or self._at + 1 >= len(self._order):
            return None
        plan, following = self._plan, self._order[self._at + 1]
        answer: bool | None = None
        for sample, inside in zip(samples, in_zone, strict=True):
            if sample is None or sample.speed < self._limits.moving_mm_s:
                continue
            x, y = sample.x, sample.y
            here, there = plan.fields.here(x, y), following.fields.here(x, y)
            nearer = min(row[3] for row in there) + _CLEARLY_NEARER_MM < min(row[3] for row in here)
            if (nearer or not inside) and following.atlas.holds(x, y, following.step.index):
                if following.either_way or _goes_along(there, sample):
                    return True
            elif inside and (plan.either_way or _goes_along(here, sample)):
                answer = False
        return answer

    def _judge_sides(
        self,
        samples: list[HandSample | None],
        serving: list[int | None],
        in_zone: list[bool],
        gone_on: bool,
        t_s: float,
        dt_s: float,
    ) -> list[Finding]:
        settled = self._settled(t_s)
        findings: list[Finding] = []
        for side, hand in zip(self._sides, serving, strict=True):
            if hand is None:
                found = side.update(None, None, False, gone_on, t_s, dt_s)
            else:
                found = side.update(samples[hand], self._strokes[hand], in_zone[hand], gone_on, t_s, dt_s)
            if settled:
                findings += found
            else:
                side.forgive()
        return findings

    def _settled(self, t_s: float) -> bool:
        """After a change of step the hands are still on their way, or have not heard of it."""
        return self._at == 0 or t_s - self._clock.t_start_s >= self._limits.settle_s

    def _judge_symmetry(
        self, samples: list[HandSample | None], serving: list[int | None], t_s: float, dt_s: float
    ) -> list[Finding]:
        plan, step = self._plan, self._plan.step
        if step.hands not in ("both", "alternate") or "symmetry" not in step.judge or not self._settled(t_s):
            return []
        in_view = not self._sight.face_lost(t_s)
        places: list[tuple[float, float] | None] = [None, None]
        speeds = [0.0, 0.0]
        for side, hand in enumerate(serving):
            sample = samples[hand] if hand is not None else None
            if sample is not None:
                places[side] = sample.x, sample.y
                speeds[side] = sample.speed if sample.speed < self._limits.arrival_mm_s else 0.0
            elif self._sight.hand_lost(side, t_s):
                in_view = False
        stroked = [
            side.stroked_mm(self._strokes[hand] if hand is not None else None)
            for side, hand in zip(self._sides, serving, strict=True)
        ]
        if plan.spiral:  # nobody circles in the air
            self._circled_mm = [mm + speed * dt_s for mm, speed in zip(self._circled_mm, speeds, strict=True)]
        left_mm, right_mm = self._circled_mm if plan.spiral else stroked
        calm = _TURNS_CALM if step.hands == "alternate" else 1.0
        cycles = [side.cycle_s for side in self._sides if not math.isnan(side.cycle_s)]
        self._symmetry.stroke_cycle((max(cycles) if cycles else plan.cycle_s) if plan.cycle_s > 0 else 0.0, plan.hold_s)
        weaker = self._symmetry.update(
            (left_mm, right_mm), (speeds[0], speeds[1]), (places[0], places[1]), in_view, dt_s, t_s, calm
        )
        if weaker is None or not plan.moving:
            return []
        balance = self._symmetry.balance
        message_id, message = symmetry_message(SIDES[weaker], self._symmetry.idle)
        return [Finding("symmetry", weaker, balance, self._limits.balance_least, message_id, message)]

    def _side_verdicts(
        self,
        points: FacePoints,
        samples: list[HandSample | None],
        serving: list[int | None],
        in_zone: list[bool],
        dt_s: float,
    ) -> tuple[SideVerdict, SideVerdict]:
        anyone = any(hand is not None for hand in serving)
        verdicts = []
        for side, hand in zip(self._sides, serving, strict=True):
            judge = self._strokes[hand] if hand is not None else None
            needed = self._plan.needs(side.side)
            unplaced = bool(points.hand_seen[side.side]) and samples[side.side] is None
            if self._plan.step.hands == "either":
                needed = hand is not None or unplaced or (not anyone and (side.worked or not self._sides[1 - side.side].worked))
            side.followed(hand is not None, unplaced, dt_s)
            reason = withheld_reason(side.side, hand, points, self._sight, self._plan, judge)
            side.withheld_s += dt_s if needed and reason is not None else 0.0
            sample = samples[hand] if hand is not None else None
            verdicts.append(side.verdict(needed, reason if needed else None, sample, judge, hand is not None and in_zone[hand]))
        return verdicts[0], verdicts[1]

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _begin(self, at: int, t_s: float) -> None:
        self._at, self._plan = at, self._order[at]
        self._clock = StepClock(self._plan, self._limits, self.options.step_id is not None, t_s)
        for track, strokes, side in zip(self._tracks, self._strokes, self._sides, strict=True):
            track.reset()
            strokes.begin(self._plan)
            side.begin(self._plan)
        self._symmetry.reset()
        self._circled_mm = [0.0, 0.0]
        self._cues.reset()
        self._phase_index = 0

    def _follow_phase(self, samples: list[HandSample | None], in_zone: list[bool]) -> None:
        """Which phase of the step runs: that of the movement under way, or the hold while a hand is still in the zone."""
        plan = self._plan
        for judge in self._strokes:
            if judge.open is not None and plan.moving_at:
                self._phase_index = plan.moving_at[judge.open.path]
                return
        still = [sample is not None and sample.speed < self._limits.hold_mm_s for sample in samples]
        if plan.hold_at is not None and any(rests and inside for rests, inside in zip(still, in_zone, strict=True)):
            self._phase_index = plan.hold_at

    def _go_on(self, t_s: float) -> None:
        if self._at + 1 < len(self._order):
            self._begin(self._at + 1, t_s)
        else:
            self._finished = True

    def _repetitions(self, sides: tuple[SideVerdict, SideVerdict], t_s: float) -> int:
        """What counts towards the step's repetitions: the side that has fewer.

        A needed side that could not be judged for most of the step is not waited for.
        """
        step = self._plan.step
        wanted = [side for side in (LEFT, RIGHT) if step.hands == "either" or self._plan.needs(side)]
        elapsed = self._clock.elapsed_s(t_s)
        waited = [side for side in wanted if self._sides[side].withheld_s <= _MOSTLY * elapsed]
        return min(sides[side].repetitions for side in waited or wanted)

    def _step_end(self, status: StepStatus, t_s: float) -> StepEnd:
        step = self._plan.step
        return StepEnd(step.index, step.id, status, self._clock.t_start_s, t_s, self._clock.withheld_share)

    def _totals_finding(self) -> Finding | None:
        """Steps that do one side after the other are compared at their end."""
        step = self._plan.step
        if step.hands != "either" or "symmetry" not in step.judge or not self._plan.moving:
            return None
        paths = [side.path_mm for side in self._sides]
        if max(paths) < self._limits.balance_least_path_mm or any(side.unplaced_share > _UNPLACED for side in self._sides):
            return None
        balance = min(paths) / max(paths)
        if balance >= self._limits.balance_least:
            return None
        weaker = paths.index(min(paths))
        message_id, message = totals_message(SIDES[weaker])
        return Finding("symmetry", weaker, balance, self._limits.balance_least, message_id, message)

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
        elapsed = self._clock.elapsed_s(t_s)
        hint = None if points is None else self._lift.instead_of(_hint(sides), t_s)
        verdict = Verdict(
            t_s=t_s,
            phase="finished" if self._finished else "working",
            step=step.index,
            phase_index=self._phase_index,
            sides=sides,
            balance=self._symmetry.balance,
            corrections=self._book.open,
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

    def _empty(self, t_s: float, phase: Phase, hint: str | None = None, withheld: WithheldReason | None = None) -> Verdict:
        return empty_verdict(t_s, phase, -1 if self._at < 0 else self._plan.step.index, hint, withheld)


def _goes_along(here: PathHere, sample: HandSample) -> bool:
    """Whether a hand moves within 60 degrees of one of the paths at its place."""
    least = 0.5 * math.hypot(sample.vx, sample.vy)
    return any(tx * sample.vx + ty * sample.vy > least for tx, ty, _, _ in here)


def _hint(sides: tuple[SideVerdict, SideVerdict]) -> str | None:
    """The one thing to say about what can't be seen."""
    reasons = [side.withheld if side.needed else None for side in sides]
    if "face" in reasons:
        return "unseen.face"
    if "covered" in reasons:
        return "unseen.covered"
    lost = [reason == "hand" for reason in reasons]
    if all(lost):
        return "unseen.hands"
    return f"unseen.{SIDES[lost.index(True)]}" if any(lost) else None
