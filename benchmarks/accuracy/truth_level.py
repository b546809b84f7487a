"""Truth level: exact landmarks with errors like the tracker's, then the real geometry and coach. Fast: thousands of cases."""

from benchmarks.accuracy.cases import Case
from benchmarks.accuracy.noise import observe
from benchmarks.accuracy.projection import Projected, project
from benchmarks.accuracy.tracked import Tracked, tracked
from facetrack.mannequin import Performance
from facetrack.packets import Observation


def observations_of(case: Case, performance: Performance) -> tuple[list[Observation], Projected]:
    """What a tracker would see of the case."""
    conditions = case.conditions
    exact = project(performance, conditions.times_s(performance.duration_s), conditions.head, conditions.camera)
    return observe(exact, conditions.seed), exact


def track_truth(case: Case, performance: Performance) -> Tracked:
    """Points on the face, from the cache if they were made before."""
    return tracked(case, "truth", lambda: observations_of(case, performance))
