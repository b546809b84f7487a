"""One lesson's figures: what was learnt against what was shown, and how the learnt routine judges others."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from benchmarks.accuracy.cases import performance_of
from benchmarks.accuracy.clips import observed
from benchmarks.accuracy.expected import Unit, expected_units
from benchmarks.accuracy.judging import judge
from benchmarks.accuracy.scoring import Matches, match
from benchmarks.accuracy.truth_level import observations_of
from benchmarks.accuracy.truth_signals import MOVING_MM_S, Signals
from benchmarks.learning.cases import Lesson, TaughtCase, taught_performance
from facetrack.errors import FacetrackError
from facetrack.geometry import FaceMapper, FacePoints
from facetrack.geometry.quantisation import quantise
from facetrack.learn.movements import resampled
from facetrack.learn.parts import joined_parts
from facetrack.learn.routine import LearntRoutine, write_routine
from facetrack.learn.step import learn_step
from facetrack.mannequin import Performance
from facetrack.mannequin.performance.mistakes import outside_mm
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep
from facetrack.routine.file.load import read_routine

_GRID_MM: Final = 2.0
_MEASURED: Final = 50
"""Points at which paths are compared."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """motions, hands: as told and as shown. path_mm: mean distance of the learnt path from the shown one; way_deg: mean angle
    between their directions; both of the worst phase, NaN where the motions are wrong or nothing moves. zone_area: as a
    multiple of the shown step's. pace_held: the shown pace lies within the learnt limits. lines: of the step in the file."""

    motions: tuple[str, ...]
    true_motions: tuple[str, ...]
    hands: str
    true_hands: str
    path_mm: float
    way_deg: float
    zone_area: float
    pace_held: bool
    lines: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What the learnt routine says of another's performance. zone_share: of the true working points in the learnt zone, and
    within its tolerance; of a right one. false: kinds and sides of corrections that nothing explains. due, told: by kind.
    false_by_own, told_by_own: the same by the step's own routine, as far as can be reached."""

    what: str
    slow_and_low: bool  # goes back as slowly as it strokes, and hardly lifted: counted apart, as by benchmarks.accuracy
    minutes: float
    zone_share: float
    tolerated_share: float
    false: tuple[str, ...]
    due: tuple[str, ...]
    told: tuple[str, ...]
    false_by_own: tuple[str, ...]
    told_by_own: tuple[str, ...]


def figures_of(lesson: Lesson) -> dict[str, Any]:
    """Learn the step and let it judge everybody. ``problem`` where nothing was learnt."""
    performance = taught_performance(lesson)
    try:
        routine, text = learnt_routine([frames_of(lesson.teacher, performance, lesson.pixels)])
    except FacetrackError as error:
        return {"step": lesson.name, "problem": str(error)}
    pupils = [_judged(routine, pupil, lesson.pixels) for pupil in lesson.pupils]
    return {
        "step": lesson.name,
        "learnt": asdict(_learnt(routine.steps[0], text, performance)),
        "pupils": [asdict(pupil) for pupil in pupils],
        "text": text,
    }


def frames_of(case: TaughtCase, performance: Performance, pixels: bool = False) -> list[FacePoints]:
    """Where the hands are seen, once the face is known."""
    return [one for one in _all_frames(case, performance, pixels) if one.calibration != "running"]


def _all_frames(case: TaughtCase, performance: Performance, pixels: bool) -> list[FacePoints]:
    if pixels:
        observations = observed(case, performance, case.conditions.times_s(performance.duration_s))
    else:
        observations, _ = observations_of(case, performance)
    mapper = FaceMapper()
    return [quantise(mapper.update(observation)[0]) for observation in observations]


def learnt_routine(performances: Sequence[Sequence[FacePoints]]) -> tuple[CompiledRoutine, str]:
    """Learn one step as ``routines learn --step-id`` does; the routine that is read from its file, and the file's text."""
    learnt = LearntRoutine((learn_step([joined_parts(frames) for frames in performances]),))
    with TemporaryDirectory() as folder:
        out = write_routine(learnt, Path(folder) / "learnt.toml", title=None, language="en", step_id="step")
        return read_routine(out), out.read_text(encoding="utf-8")


def _learnt(step: CompiledStep, text: str, performance: Performance) -> Learnt:
    shown = performance.steps[0]
    motions, true_motions = (tuple(phase.motion for phase in one.asked) for one in (step, shown))
    compared = [_compared(a, b) for a, b in zip(step.asked, shown.asked, strict=False)] if motions == true_motions else []
    moving = [two for two in compared if two is not None]
    return Learnt(
        motions,
        true_motions,
        step.hands,
        shown.hands,
        max((path for path, _ in moving), default=np.nan),
        max((way for _, way in moving), default=np.nan),
        area_mm2(step) / area_mm2(shown),
        _pace_held(step, performance),
        len(text.split("[[step]]")[1].splitlines()),
    )


def _compared(learnt: CompiledPhase, shown: CompiledPhase) -> tuple[float, float] | None:
    """Mean distance of two paths, the larger of both ways, and mean angle between their directions at the same progress."""
    if learnt.motion == "hold":
        return None
    a, b = (resampled(phase.path_mm, _MEASURED) for phase in (learnt, shown))
    apart = np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1))
    along, true_along = np.diff(a, axis=0), np.diff(b, axis=0)
    nearest = np.minimum(apart[:-1].argmin(axis=1), len(true_along) - 1)
    cosine = (along * true_along[nearest]).sum(axis=1) / (np.hypot(*along.T) * np.hypot(*true_along[nearest].T))
    way = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))).mean())
    if learnt.motion == "back-and-forth":  # either end may be its first
        way = min(way, 180.0 - way)
    return float(max(apart.min(axis=0).mean(), apart.min(axis=1).mean())), way


def area_mm2(step: CompiledStep) -> float:
    """Of the zone on the left half of the face."""
    x, y = np.arange(0.0, 150.0, _GRID_MM), np.arange(-320.0, 120.0, _GRID_MM)
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return float(np.count_nonzero(outside_mm(points, step.zone) <= 0.0)) * _GRID_MM**2


def _pace_held(step: CompiledStep, performance: Performance) -> bool:
    signals = Signals.of(performance)
    stroking = signals.pace[(signals.speed_mm_s > MOVING_MM_S) & ~np.isnan(signals.pace)]
    if len(stroking) == 0:
        return True
    low, high = step.pace_limits
    return bool(low <= np.median(stroking) <= high)


def _judged(routine: CompiledRoutine, pupil: TaughtCase, pixels: bool) -> Judged:
    performance = performance_of(pupil)
    signals = Signals.of(performance)
    frames = _all_frames(pupil, performance, pixels)
    units = expected_units(signals)
    own, step = pupil.compiled()
    own = replace(own, steps=(replace(step, index=0),), sha256=f"{own.sha256} {step.hands}")
    by_learnt, by_own = (_matches(frames, units, one) for one in (routine, own))
    start, end = signals.work_s
    tracks = performance.tracks
    outside = outside_mm(tracks.working_mm[tracks.contact], routine.steps[0].zone)
    return Judged(
        pupil.id.split("/")[-2],
        pupil.slow_and_low,
        (end - start) / 60,
        float((outside <= 0.0).mean()) if pupil.right else np.nan,
        float((outside <= routine.steps[0].tolerance_mm).mean()) if pupil.right else np.nan,
        _named(by_learnt),
        tuple(hit.unit.kind for hit in by_learnt.hits),
        tuple(hit.unit.kind for hit in by_learnt.hits if hit.found),
        _named(by_own),
        tuple(hit.unit.kind for hit in by_own.hits if hit.found),
    )


def _matches(frames: Sequence[FacePoints], units: Sequence[Unit], routine: CompiledRoutine) -> Matches:
    judgement = judge(frames, routine, routine.steps[0].id)
    return match(judgement.events, units, frames[-1].t_s, judgement.unjudged)


def _named(matches: Matches) -> tuple[str, ...]:
    return tuple(f"{event.kind} {event.side} {event.t_start_s:.1f}" for event in matches.false)
