"""Synchrony of a mannequin that keeps to the beat and of one that does not, through geometry and coach."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import project
from facetrack.flow.tempo import PulseRate, beat_of
from facetrack.mannequin import (
    Appearance,
    Camera,
    HeadMotion,
    MannequinSource,
    Performance,
    Scene,
    SensorArtifacts,
    Style,
    perform,
)
from facetrack.mannequin.performance.style import comfortable_turns_s
from facetrack.packets import Observation
from facetrack.pipeline.judge import Judge
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine
from facetrack.session import SessionMetrics
from facetrack.tracking import Tracker

FPS: Final = 30.0
TRACKED_FPS: Final = 20.0
SECONDS: Final = 40.0
NEUTRAL_S: Final = 3.0
WAVERING: Final = 2.5
"""Variation of those who go at will: each pass and stroke at a pace of its own, a fifth apart."""
OFF_PACE: Final = 0.15
"""Their usual pace is so far off the beat's at least: who by chance has its pace is in time with it."""
RESTS_S: Final = 0.8
"""And rests for up to so long between movements."""
STEPS: Final = (("japanese", "spiral-out"), ("japanese", "cheeks"), ("fascia", "forehead"))
"""The two that ask for the pulse, and strokes, which are asked to here."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A session: whose step, at which pulse, and what synchrony was found; NaN: none."""

    step: str
    bpm: float
    on_beat: bool
    synchrony: float


def _paced(routine_id: str, step_id: str) -> CompiledRoutine:
    """The routine with nothing but this step, in time with the pulse and long enough for a dozen strokes."""
    routine = load_routine(routine_id)
    step = replace(routine.step(step_id), index=0, tempo="pulse", repetitions=None, seconds=SECONDS)
    return replace(routine, steps=(step,))


def _performance(routine: CompiledRoutine, bpm: float, on_beat: bool, seed: int) -> Performance:
    step = routine.steps[0]
    beat = beat_of(step, bpm)
    assert beat is not None
    style = Style(seed=seed, order="together", beat_s=beat.move_s)
    if not on_beat:
        rng = np.random.default_rng(seed)
        tempo = float(rng.uniform(0.75, 1.3))
        while beat.turns and abs(comfortable_turns_s(step.phases[0]) * tempo * beat.move_s - 1.0) < OFF_PACE:
            tempo = float(rng.uniform(0.75, 1.3))
        style = Style(seed=seed, order="together", variation=WAVERING, tempo=tempo, pause_s=RESTS_S)
    return perform(step, (), style, neutral_s=NEUTRAL_S, seconds=SECONDS)


def sessions(each: int) -> Iterator[Kept]:
    """At truth level: exact landmarks with a tracker's errors."""
    for number, (routine_id, step_id) in enumerate(STEPS):
        for on_beat in (True, False):
            for k in range(each):
                rng = np.random.default_rng((77, number, on_beat, k))
                routine, bpm = _paced(routine_id, step_id), float(rng.uniform(50.0, 130.0))
                play = _performance(routine, bpm, on_beat, int(rng.integers(1000)))
                times_s = np.arange(0.0, play.duration_s, 1.0 / FPS) + rng.uniform(0.0, 0.006)
                head = HeadMotion(sway_deg=2.0, sway_mm=4.0, still_until_s=NEUTRAL_S, seed=k)
                seen = observe(project(play, times_s, head, Camera()), k)
                yield Kept(step_id, bpm, on_beat, _synchrony(routine, bpm, seen))


def tracked_sessions() -> Iterator[Kept]:
    """Rendered, through MediaPipe."""
    for on_beat in (True, False):
        for k, (routine_id, step_id) in enumerate(STEPS):
            routine, bpm = _paced(routine_id, step_id), 64.0 + 17.0 * k
            play = _performance(routine, bpm, on_beat, 40 + k)
            scene = Scene(Appearance(tone=3 + 2 * k), flaws=SensorArtifacts(jpeg_quality=85), seed=k)
            yield Kept(step_id, bpm, on_beat, _synchrony(routine, bpm, _tracked(play, scene)))


def _tracked(play: Performance, scene: Scene) -> Iterator[Observation]:
    with Tracker() as tracker:
        for frame in MannequinSource(play, scene, fps=TRACKED_FPS).frames():
            yield tracker.update(frame)


def _synchrony(routine: CompiledRoutine, bpm: float, seen: Iterable[Observation]) -> float:
    judge, metrics = Judge.for_routine(routine), SessionMetrics(routine)
    metrics.pulse = PulseRate(bpm, "typed")
    t_s = 0.0
    for observation in seen:
        points, _ = judge.locate(observation)
        metrics.add(points, judge.coach.update(points))
        t_s = points.t_s
    metrics.finish(judge.finish(t_s))
    figures = metrics.pulse_figures()
    assert figures is not None
    assert figures.synchrony is not None
    return figures.synchrony


def figures(kept: Iterable[Kept]) -> dict[str, Any]:
    """Of each kind: how many, the figure's spread, and how often there was none."""
    every = list(kept)
    told: dict[str, Any] = {}
    for name, on_beat in (("on_the_beat", True), ("at_will", False)):
        mine = [one for one in every if one.on_beat == on_beat]
        told[name] = _spread(mine) | {step: _spread([o for o in mine if o.step == step]) for _, step in STEPS}
    return told


def _spread(kept: list[Kept]) -> dict[str, Any]:
    known = np.array([one.synchrony for one in kept if not np.isnan(one.synchrony)])
    if not len(known):
        return {"sessions": len(kept), "without_a_figure": len(kept)}
    rng = np.random.default_rng(0)
    means = rng.choice(known, (2000, len(known))).mean(axis=1)
    return {
        "sessions": len(kept),
        "without_a_figure": len(kept) - len(known),
        "mean": round(float(known.mean()), 3),
        "mean_interval_95": [round(float(q), 3) for q in np.percentile(means, [2.5, 97.5])],
        "at_least_0.9": int((known >= 0.9).sum()),
        "at_most_0.3": int((known <= 0.3).sum()),
        "min": round(float(known.min()), 3),
        "max": round(float(known.max()), 3),
    }
