"""Adds up all figures of a session frame by frame; live and from a recording they are the same."""

import math
from dataclasses import asdict, dataclass

from facetrack import __version__
from facetrack.coach.verdict import Correction, Cue, StepEnd, Stroke, Verdict
from facetrack.flow.tempo import PulseRate
from facetrack.geometry.face_points import FacePoints
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session.document import (
    CorrectionEvent,
    CueEvent,
    PulseFigures,
    RoutineReference,
    SessionDocument,
    Source,
    StepFigures,
    rounded_or_none,
)
from facetrack.session.journal.header import SessionIdentity, utc_text
from facetrack.session.metrics.side import ratio
from facetrack.session.metrics.step import StepMetrics
from facetrack.session.metrics.synchrony import synchrony
from facetrack.session.metrics.tracking import TrackingMetrics
from facetrack.session.serialization import to_json


@dataclass(frozen=True, slots=True)
class StepStroke:
    """Holds a stroke and the step that it was made in, by its place in the session's list."""

    place: int
    step_id: str
    stroke: Stroke


class SessionMetrics:
    """Adds up the figures of a session: give it every frame's FacePoints and Verdict in order, then ask for its document."""

    def __init__(self, routine: CompiledRoutine) -> None:
        self._routine = routine
        self._running: StepMetrics | None = None
        self._before_s: float | None = None
        self._corrections: dict[int, Correction] = {}
        self.step_runs: list[StepMetrics] = []
        self.strokes: list[StepStroke] = []
        self.cues: list[Cue] = []
        self.tracking = TrackingMetrics()
        self.pulse: PulseRate | None = None

    def add(self, points: FacePoints, verdict: Verdict) -> None:
        """Add one frame."""
        dt = 0.0 if self._before_s is None else points.t_s - self._before_s
        ended = [self._ending(end) for end in verdict.ended]
        stays = bool(ended) and ended[-1].step.index == verdict.step
        running = ended[-1] if stays else self._run(verdict, points.t_s - dt)
        self._take_events(verdict, ended, running)
        if running is not None:
            running.add(dt, points, verdict)
        self.tracking.add(dt, points, verdict, in_step=running is not None)
        for step_run, end in zip(ended, verdict.ended, strict=True):
            step_run.close(end)
        self._before_s = points.t_s

    def finish(self, verdict: Verdict) -> None:
        """Take the coach's last verdict, after the last frame: it closes what was open and takes no time."""
        ended = [self._ending(end) for end in verdict.ended]
        self._take_events(verdict, ended, self._running)
        for step_run, end in zip(ended, verdict.ended, strict=True):
            step_run.close(end)

    def _take_events(self, verdict: Verdict, ended: list[StepMetrics], running: StepMetrics | None) -> None:
        for correction in verdict.changed:
            self._corrections[correction.index] = correction
        if verdict.cue is not None:
            self.cues.append(verdict.cue)
        for stroke in verdict.strokes:
            self._add_stroke(stroke, ended, running)

    def _ending(self, end: StepEnd) -> StepMetrics:
        """Return the run of a step that this ends; one that never had a frame (skipped over) begins and ends here."""
        if self._running is not None and self._running.step.index == end.index:
            step_run, self._running = self._running, None
            return step_run
        return self._begin(end.index, end.t_start_s)

    def _begin(self, index: int, t_s: float) -> StepMetrics:
        step_run = StepMetrics(self._routine.steps[index], t_s)
        self.step_runs.append(step_run)
        return step_run

    def _run(self, verdict: Verdict, t_s: float) -> StepMetrics | None:
        """Return the run of a step that the frame belongs to, begun if need be."""
        if verdict.step < 0 or verdict.state in ("calibrating", "finished"):
            self._running = None
        elif self._running is None or self._running.step.index != verdict.step:
            self._running = self._begin(verdict.step, t_s)
        return self._running

    def _add_stroke(self, stroke: Stroke, ended: list[StepMetrics], running: StepMetrics | None) -> None:
        """Add a stroke to the step that it began in; one that ends with its step comes in the same frame."""
        step_runs = [step_run for step_run in (running, *ended) if step_run is not None]
        if not step_runs:
            return
        owner = next((step_run for step_run in step_runs if stroke.t_start_s >= step_run.t_start_s), step_runs[0])
        owner.add_stroke(stroke)
        self.strokes.append(StepStroke(self.step_runs.index(owner), owner.step.id, stroke))

    @property
    def corrections(self) -> list[Correction]:
        """Return every correction in the order in which they were raised, each as it was last."""
        return [self._corrections[index] for index in sorted(self._corrections)]

    def document(
        self, identity: SessionIdentity, *, duration_s: float, complete: bool, frames_dropped: int | None
    ) -> SessionDocument:
        """Return session.json's content as it stands. duration_s: s. frames_dropped: None where unknown."""
        corrections = self.corrections
        places = {correction.index: place for place, correction in enumerate(corrections)}
        routine = identity.routine
        return SessionDocument(
            facetrack_version=__version__,
            id=identity.id,
            routine=RoutineReference(id=routine.id, version=routine.version, sha256=routine.sha256),
            models=dict(identity.models),
            settings=to_json(identity.settings),
            labels=dict(identity.labels),
            source=Source(kind=identity.source_kind, name=identity.source_name),
            started_at=utc_text(identity.started_at),
            duration_s=duration_s,
            complete=complete,
            tracking=self.tracking.figures(self.withheld(), frames_dropped),
            score=rounded_or_none(self.score()),
            steps=tuple(self.steps()),
            corrections=tuple(_event(correction) for correction in corrections),
            cues=tuple(
                CueEvent(**asdict(cue) | {"correction": places[cue.correction]})
                for cue in self.cues
                if cue.correction in places
            ),
            pulse=self.pulse_figures(),
        )

    def steps(self) -> list[StepFigures]:
        """Return the steps of session.json, in the order in which they were done."""
        return [step_run.figures(self.bpm) for step_run in self.step_runs]

    @property
    def bpm(self) -> float:
        """Return the user's pulse; NaN: not known."""
        return math.nan if self.pulse is None else self.pulse.bpm

    def pulse_figures(self) -> PulseFigures | None:
        """Return the pulse of session.json; None where it is not known."""
        if self.pulse is None:
            return None
        groups = [group for step_run in self.step_runs for group in step_run.rhythm.phases(self.bpm)]
        return PulseFigures(**asdict(self.pulse), synchrony=synchrony(groups))

    def withheld(self) -> float:
        """Return the withheld share, 0..1, of the steps' time and of what was missed before the first; NaN: no time."""
        pairs = [step_run.withheld_s for step_run in self.step_runs]
        missed = sum(pair[0] for pair in pairs) + self.tracking.before_steps_s
        return ratio(missed, sum(pair[1] for pair in pairs) + self.tracking.before_steps_s)

    def score(self) -> float:
        """Return 0..100, the steps' scores weighted by what was observed of each; NaN: no step has one."""
        scored = [(step_run.score, step_run.observed_s) for step_run in self.step_runs if not math.isnan(step_run.score)]
        return ratio(sum(one * seconds for one, seconds in scored), sum(seconds for _, seconds in scored))


def _event(correction: Correction) -> CorrectionEvent:
    return CorrectionEvent(
        t_start_s=correction.t_start_s,
        t_end_s=correction.t_end_s,
        step=correction.step_id,
        side=correction.side,
        kind=correction.kind,
        value=correction.value,
        limit=correction.limit,
        message_id=correction.message_id,
        message=correction.message,
    )
