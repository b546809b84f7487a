"""Whole routines in one recording: which of their steps are found, in their order, and what is invented."""

from collections.abc import Iterator
from typing import Any, Final, get_args

import numpy as np

from benchmarks.accuracy.cases import ROUTINES, routine_of
from benchmarks.accuracy.conditions import Conditions
from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import project
from benchmarks.learning.cases import REPETITIONS
from facetrack.geometry import FaceMapper
from facetrack.geometry.quantisation import quantise
from facetrack.learn.movements import resampled
from facetrack.learn.parts import learn_shown
from facetrack.learn.step import LearntStep
from facetrack.mannequin import Style, perform_steps
from facetrack.mannequin.performance.style import Order
from facetrack.routine.compiled import CompiledStep

_NEAR_MM: Final = 12.0
"""A learnt path as near to a step's, with the same motion, is that step's."""
_POINTS: Final = 30
_FPS: Final = 20.0


def whole_routines(seed: int) -> Iterator[dict[str, Any]]:
    """Each shipped routine, both sides together and one after the other."""
    for name in ROUTINES:
        for order in get_args(Order)[:2]:
            yield {"routine": name, "order": order, **_parted(name, order, seed)}


def _parted(name: str, order: Order, seed: int) -> dict[str, Any]:
    routine = routine_of(name)
    performance = perform_steps(routine.steps, (), Style(seed=seed, order=order), repetitions=REPETITIONS)
    conditions = Conditions("ordinary", seed=seed, fps=_FPS)
    times_s = conditions.times_s(performance.duration_s)
    seen = observe(project(performance, times_s, conditions.head, conditions.camera), seed)
    mapper = FaceMapper()
    frames = [quantise(mapper.update(observation)[0]) for observation in seen]
    learnt = learn_shown([[[one for one in frames if one.calibration != "running"]]])
    found = _found(routine.steps, learnt)
    return {"steps": len(routine.steps), "found": found, "invented": len(learnt) - found}


def _found(steps: tuple[CompiledStep, ...], learnt: list[LearntStep]) -> int:
    """Count the steps that are found in their order: the longest common sequence."""
    longest = np.zeros((len(steps) + 1, len(learnt) + 1), dtype=int)
    for k, step in enumerate(steps):
        for n, one in enumerate(learnt):
            here = longest[k, n] + 1 if _is(step, one) else 0
            longest[k + 1, n + 1] = max(here, longest[k, n + 1], longest[k + 1, n])
    return int(longest[-1, -1])


def _is(step: CompiledStep, learnt: LearntStep) -> bool:
    """Whether both have the same first motion, and the step's path lies near the learnt one."""
    shown, first = step.asked[0], learnt.phases[0]
    if shown.motion != first.motion:
        return False
    apart = np.hypot(*(resampled(shown.path_mm, _POINTS)[:, None] - first.path_mm[None]).transpose(2, 0, 1))
    return bool(apart.min(axis=1).mean() < _NEAR_MM)
