"""The coach's own step, frame by frame: beside inference, beside the textbook way, and with many zones."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np

from facetrack.bench.figures import figures
from facetrack.bench.pipeline_times import COACH, GEOMETRY, PipelineTimes, time_pipeline
from facetrack.coach import Verdict
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.geometry import FacePoints
from facetrack.geometry.face_points import TIPS
from facetrack.packets import Float, Observation
from facetrack.pipeline.judge import Judge
from facetrack.routine import load_routine
from facetrack.routine.compiled import CompiledRoutine, CompiledStep
from tests.geometry.reference.frames import plain_geometry
from tests.geometry.reference.zones import path_at, zone_members

ROUTINE: Final = "fascia"
STEP: Final = "jawline"
SAME_MM: Final = 1e-6
FEW_ZONES, MANY_ZONES = 10, 60


def beside_inference(frames: int) -> tuple[dict[str, Any], PipelineTimes]:
    """Geometry and coach against serial face+hand inference on the same frames, one after the other."""
    times = time_pipeline(frames)
    told = figures(times)
    inference_s = float(np.median(times.inference_s()))
    wall_s = times.watch.wall_s(GEOMETRY, COACH)
    told["coach_step_wall_ratio"] = {
        "p50": float(np.median(wall_s)) / inference_s,
        "p99": float(np.percentile(wall_s, 99)) / inference_s,
    }
    ratio = told["ratio_to_inference"]["geometry_and_coach"]
    told["coach_step_ratio"] = {"p50": ratio["median"], "p99": ratio["p99"]}
    return told, times


class Step:
    """One way of doing a frame: mapping, labels of all fingertips in all zones and along the step's path, judgement."""

    def __init__(self, routine: CompiledRoutine) -> None:
        self._judge = Judge.for_routine(routine, step=STEP)
        self._atlas = atlas_of(routine)
        self._plan = StepPlan.of(routine.step(STEP), self._atlas)
        self._plan.fields  # noqa: B018  laid out once, as the coach does

    def take(self, observation: Observation) -> tuple[FacePoints, Any, Any, Verdict]:
        points, _ = self._judge.locate(observation)
        tips = mirrored(points.points_mm[:, TIPS].reshape(-1, 2))
        return points, self._atlas.members(tips), self._plan.fields.at(tips)[0], self._judge.coach.update(points)


class PlainStep:
    """The same with the textbook's loops. The coach's own rules are plain Python in both."""

    def __init__(self, routine: CompiledRoutine) -> None:
        self._judge = Judge.for_routine(routine, step=STEP)
        self._zones = [[polygon.tolist() for polygon in step.zone] for step in routine.steps]
        self._tolerance = [step.tolerance_mm for step in routine.steps]
        self._path = routine.step(STEP).phases[0].path_mm.tolist()

    def take(self, observation: Observation) -> tuple[FacePoints, Any, Any, Verdict]:
        with plain_geometry():
            points, _ = self._judge.locate(observation)
        tips = mirrored(points.points_mm[:, TIPS].reshape(-1, 2)).tolist()
        members = zone_members(tips, self._zones, self._tolerance)
        here = [path_at((x, y), self._path) if x == x else (np.nan,) * 4 for x, y in tips]
        return points, members, here, self._judge.coach.update(points)


def mirrored(points_mm: Float) -> Float:
    """To the user's left half."""
    return np.stack([np.abs(points_mm[:, 0]), points_mm[:, 1]], axis=-1)


def against_textbook(observations: list[Observation]) -> dict[str, Any]:
    """Both ways on every frame in turn. Raises AssertionError where they do not say the same."""
    routine = load_routine(ROUTINE)
    ours, theirs = Step(routine), PlainStep(routine)
    spent: list[tuple[float, float]] = []
    labels = 0
    for observation in observations:
        (one, our_s), (other, their_s) = timed(ours.take, observation), timed(theirs.take, observation)
        labels += assert_same(one, other)
        if observation.hand_seen.all():
            spent.append((our_s, their_s))
    ours_s, theirs_s = np.array(spent).T
    return {
        "frames": len(spent),
        "labels_compared": labels,
        "times_faster": float(np.median(theirs_s) / np.median(ours_s)),
        "our_ms": 1e3 * float(np.median(ours_s)),
        "their_ms": 1e3 * float(np.median(theirs_s)),
    }


def assert_same(one: tuple[FacePoints, Any, Any, Verdict], other: tuple[FacePoints, Any, Any, Verdict]) -> int:
    """Points on the face, zones, directions and the verdict. How many labels were compared."""
    (points, members, here, verdict), (plain_points, plain_members, plain_here, plain_verdict) = one, other
    np.testing.assert_allclose(points.points_mm, plain_points.points_mm, atol=SAME_MM)
    np.testing.assert_array_equal(members, plain_members)
    np.testing.assert_allclose(here, plain_here, atol=SAME_MM)
    for side, plain_side in zip(verdict.sides, plain_verdict.sides, strict=True):
        assert (side.in_zone, side.stroking, side.in_contact, side.repetitions, side.withheld) == (
            plain_side.in_zone,
            plain_side.stroking,
            plain_side.in_contact,
            plain_side.repetitions,
            plain_side.withheld,
        )
        np.testing.assert_allclose(side.off_path_deg, plain_side.off_path_deg, atol=1e-3)
    return int(np.size(members) + np.size(here) + points.points_mm.size)


def timed(work: Callable[[Observation], Any], observation: Observation) -> tuple[Any, float]:
    """What it gives, and the processor seconds that it took."""
    began = time.process_time()
    done = work(observation)
    return done, time.process_time() - began


def many_zones(observations: list[Observation]) -> dict[str, Any]:
    """The same step with a routine of ten zones and with one of sixty, in turn on every frame."""
    few, many = (Step(with_zones(load_routine(ROUTINE), count)) for count in (FEW_ZONES, MANY_ZONES))
    spent = []
    for observation in observations:
        (_, few_s), (_, many_s) = timed(few.take, observation), timed(many.take, observation)
        if observation.hand_seen.all():
            spent.append((few_s, many_s))
    few_s, many_s = np.median(np.array(spent), axis=0)
    return {"zones": [FEW_ZONES, MANY_ZONES], "frames": len(spent), "ratio": float(many_s / few_s)}


def with_zones(routine: CompiledRoutine, count: int) -> CompiledRoutine:
    """The routine with that many steps: those it has, and again with their zones moved."""
    steps: list[CompiledStep] = list(routine.steps)
    rng = np.random.default_rng(1)
    while len(steps) < count:
        model = routine.steps[len(steps) % len(routine.steps)]
        moved = tuple(polygon + rng.uniform(-12, 12, 2) for polygon in model.zone)
        steps.append(replace(model, id=f"{model.id}-{len(steps)}", index=len(steps), zone=moved))
    return replace(routine, steps=tuple(steps))
