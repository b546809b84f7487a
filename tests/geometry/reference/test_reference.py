"""The plain functions give what the fast ones give: that is what the fast ones are checked by."""

import numpy as np
import pytest

from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.geometry import FaceMapper, FacePoints
from facetrack.routine import load_routine
from tests.geometry.heads import View, hand_at, person, seen, touching, turned
from tests.geometry.reference.frames import plain_geometry
from tests.geometry.reference.zones import path_at, zone_members

CHEEKS = (280, 50)


def _frames() -> list[FacePoints]:
    """A head that turns, hands that come after it is known."""
    mapper, head, out = FaceMapper(), person(1.08), []
    for k in range(40):
        t_s = k * 0.1
        view = View(turned(yaw=k - 15.0, pitch=5.0, roll=4.0))
        tips = view.px(touching(head))
        hands = np.stack([hand_at(tips[j] + (0.0, 6.0 * (k - 24), 0.0), view.px_per_mm) for j in CHEEKS])
        out.append(mapper.update(seen(t_s, head, view, hands if k > 24 else hands * np.nan))[0])
    return out


def test_points_on_the_face() -> None:
    ours = _frames()
    with plain_geometry():
        theirs = _frames()
    assert sum(points.hand_seen.all() for points in ours) == 15
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.points_mm, other.points_mm, atol=1e-6)
        np.testing.assert_allclose(one.metric_tensor, other.metric_tensor, atol=1e-9)
        np.testing.assert_allclose(one.palm_mm, other.palm_mm, atol=1e-6)
        assert (one.near_face.tolist(), one.calibration) == (other.near_face.tolist(), other.calibration)


@pytest.mark.parametrize("name", ["fascia", "japanese"])
def test_zones_and_directions(name: str) -> None:
    routine = load_routine(name)
    atlas = atlas_of(routine)
    points = np.random.default_rng(5).uniform((-15, -130), (85, 70), (300, 2))
    zones = [[polygon.tolist() for polygon in step.zone] for step in routine.steps]
    tolerance = [step.tolerance_mm for step in routine.steps]
    assert atlas.members(points).tolist() == zone_members(points.tolist(), zones, tolerance)
    for step in routine.steps:
        plan = StepPlan.of(step, atlas)
        for k, phase in enumerate(plan.moving):
            theirs = [path_at((x, y), phase.path_mm.tolist()) for x, y in points.tolist()]
            np.testing.assert_allclose(plan.fields.at(points)[k], theirs, atol=1e-9)
