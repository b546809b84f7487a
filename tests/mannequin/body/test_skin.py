"""The chart on the mannequin's skin."""

import numpy as np

from facetrack.geometry.head.canonical import canonical_face
from facetrack.mannequin.body.mesh import body
from facetrack.mannequin.body.moving_least_squares import MovingLeastSquaresMap
from facetrack.mannequin.body.skin import REACH_MM, SOFTENING_MM, skin
from facetrack.mannequin.body.skin_path import SkinPath

FACE = np.stack(np.meshgrid(np.linspace(-60, 60, 13), np.linspace(-115, 60, 15)), axis=-1)


def test_chart_and_plane_invert_each_other() -> None:
    beyond = np.array([[80.0, -10.0], [-60.0, -190.0], [0.0, 90.0]])
    for points in (FACE, beyond):
        np.testing.assert_allclose(skin().chart(skin().plane(points)), points, atol=0.1)


def test_grids_follow_the_map_itself() -> None:
    landmarks, chart = body().registration_mm[:, :2], canonical_face().points_mm[:, :2]
    to_chart = MovingLeastSquaresMap(landmarks, chart, SOFTENING_MM, REACH_MM)
    np.testing.assert_allclose(to_chart(skin().plane(FACE)), FACE, atol=0.1)


def test_landmarks_lie_where_the_tracker_was_measured_to_see_them() -> None:
    chart = skin().chart(body().registration_mm[:, :2])
    error = np.linalg.norm(chart - canonical_face().points_mm[:, :2], axis=1)
    assert np.percentile(error, 95) < 1.5  # the map smooths over 6 mm


def test_the_person_is_not_the_canonical_face() -> None:
    shift = np.linalg.norm((body().registration_mm - canonical_face().points_mm)[:, :2], axis=1)
    assert np.percentile(shift, 95) > 3


def test_skin_points_lie_on_the_mesh() -> None:
    mesh = body().head
    front = mesh.points_mm[(mesh.normals[:, 2] > 0.6) & (body().part == 0) & (np.abs(mesh.points_mm[:, 0]) < 55)]
    front = front[(front[:, 1] > -105) & (front[:, 1] < 55)].astype(float)
    heights = skin().point(front[:, :2])[:, 2]
    assert np.percentile(np.abs(heights - front[:, 2]), 98) < 1.0


def test_normals_point_outwards_and_have_unit_length() -> None:
    for normals in (skin().normal(FACE), skin().wide_normal(FACE)):
        np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1.0)
        assert (normals[..., 2] > 0).all()
    assert skin().wide_normal(np.array([60.0, 0.0]))[0] > 0.3
    assert skin().wide_normal(np.array([-60.0, 0.0]))[0] < -0.3


def test_head_follows_rotation_and_chest_does_not() -> None:
    share = skin().head_share(np.array([[0.0, 0.0], [30.0, -80.0], [40.0, -200.0]]))
    np.testing.assert_allclose(share, [1.0, 1.0, 0.0], atol=0.02)


def test_nan_stays_nan() -> None:
    missing = np.array([[np.nan, 3.0], [2.0, 3.0]])
    assert np.isnan(skin().plane(missing)[0]).all()
    assert not np.isnan(skin().plane(missing)[1]).any()


def test_paths_are_walked_at_their_length_on_the_skin() -> None:
    path = SkinPath.through(np.array([[8.0, 45.0], [62.0, 35.0]]))
    straight = float(np.linalg.norm([54.0, 10.0]))
    assert straight * 1.05 < path.length_mm < straight * 1.8  # the forehead curves away
    points = skin().on_chart(path.at(np.linspace(0, path.length_mm, 200)))
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert steps.max() / steps.min() < 1.2
    np.testing.assert_allclose(path.reversed().at(np.array(0.0)), [62.0, 35.0])
    assert abs(path.part(0.4).length_mm - 0.4 * path.length_mm) < 1e-6
