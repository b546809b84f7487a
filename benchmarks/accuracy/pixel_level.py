"""Pixel level: rendered clips through the real tracker, geometry and coach. Slow once, then from the cache."""

from benchmarks.accuracy.cases import Case
from benchmarks.accuracy.clips import clip_key, observed, tracking_hash
from benchmarks.accuracy.projection import project
from benchmarks.accuracy.tracked import Tracked, tracked
from facetrack.mannequin import Performance


def track_pixels(case: Case, performance: Performance) -> Tracked:
    """Points on the face, as the tracker sees the rendered clip."""
    conditions = case.conditions
    times_s = conditions.times_s(performance.duration_s)
    salt = clip_key(case, performance, times_s) + tracking_hash()

    def look() -> tuple:  # type: ignore[type-arg]
        exact = project(performance, times_s, conditions.head, conditions.camera)
        return observed(case, performance, times_s), exact

    return tracked(case, "pixels", look, salt)
