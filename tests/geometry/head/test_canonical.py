"""The canonical face and what is derived from it."""

import numpy as np
import pytest

from facetrack.geometry.head.canonical import IRIS_MM, canonical_face
from facetrack.geometry.head.landmarks import IRIS, IRIS_DIAMETERS, head_model


def test_the_chart_begins_between_the_inner_eye_corners() -> None:
    corners = canonical_face().points_mm[[133, 362]]
    np.testing.assert_allclose(corners.mean(axis=0)[:2], 0.0, atol=0.5)
    assert corners[1, 0] > 0, "the user's left is +x"


def test_it_is_its_own_mirror_image() -> None:
    face = canonical_face()
    np.testing.assert_array_equal(face.mirror_index[face.mirror_index], np.arange(478))
    np.testing.assert_allclose(face.points_mm[face.mirror_index] * (-1, 1, 1), face.points_mm, atol=0.01)


def test_its_irises_are_as_wide_as_people_s() -> None:
    ends = canonical_face().points_mm[np.array(IRIS_DIAMETERS), :2]
    assert np.linalg.norm(ends[:, 0] - ends[:, 1], axis=-1).mean() == pytest.approx(IRIS_MM, abs=0.1)


def test_up_is_up_and_the_nose_is_nearest_to_the_camera() -> None:
    points = canonical_face().points_mm
    assert points[10, 1] > 0 > points[152, 1], "the forehead lies over the eyes, the chin below them"
    assert abs(points[points[:, 2].argmax(), 0]) < 5


def test_nobody_can_change_it() -> None:
    with pytest.raises(ValueError, match="read-only"):
        canonical_face().points_mm[0, 0] = 1.0
    assert canonical_face() is canonical_face()


def test_normals_are_unit_and_look_out_of_the_head() -> None:
    normals = head_model().normals
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1.0, atol=1e-9)
    assert normals[4, 2] > 0.3, "the nose's tip looks at the camera"
    cheeks = np.abs(canonical_face().points_mm[:, 0]) > 60
    assert (np.sign(normals[cheeks, 0]) == np.sign(canonical_face().points_mm[cheeks, 0])).all()


def test_stable_points_count_more_than_those_that_move() -> None:
    model = head_model()
    weight = dict(zip(model.pose.tolist(), model.pose_weight.tolist(), strict=True))
    y = canonical_face().points_mm[model.pose, 1]
    assert model.pose_weight[y > 20].mean() > model.pose_weight[y < -60].mean()
    assert not set(weight) & set(range(IRIS.start, IRIS.stop)), "irises turn on their own"
    assert np.all((model.pose_weight > 0) & (model.pose_weight <= 1))


@pytest.mark.parametrize("name", ["anchors", "pose"])
def test_chosen_landmarks_are_distinct_and_spread_over_the_whole_face(name: str) -> None:
    chosen = getattr(head_model(), name)
    face = canonical_face().points_mm[: IRIS.start]
    assert len(np.unique(chosen)) == len(chosen)
    gaps = np.linalg.norm(face[:, None] - face[chosen][None], axis=-1).min(axis=1)
    assert gaps.max() < 14.0


def test_jaw_and_mouth_count_two_fifths_and_the_outline_a_tenth() -> None:
    """Landmarks of which everybody can see in the mesh what they are."""
    model, face = head_model(), canonical_face().points_mm
    weight = dict(zip(model.pose.tolist(), model.pose_weight.tolist(), strict=True))
    assert len(weight) == 120
    assert model.all_weight == pytest.approx(sum(weight.values()))
    for landmark, value in weight.items():
        x, y, _ = face[landmark]
        moves = y < -60.0 or (abs(x) < 36.0 and -95.0 < y < -35.0)
        assert value == pytest.approx((0.4 if moves else 1.0) * (0.1 if abs(x) > 55.0 else 1.0)), landmark


def test_the_chosen_landmarks_are_each_the_farthest_from_those_before() -> None:
    """So that no two are near each other while another place has none."""
    model, face = head_model(), canonical_face().points_mm[: IRIS.start]
    for chosen, count in ((model.anchors, 150), (model.pose, 120)):
        assert len(chosen) == count
        assert 10 in chosen
        between = np.linalg.norm(face[chosen][:, None] - face[chosen], axis=-1) + 1e9 * np.eye(count)
        gaps = np.linalg.norm(face[:, None] - face[chosen], axis=-1).min(axis=1)
        assert between.min() >= gaps.max() - 1e-9


def test_a_normal_is_that_of_the_plane_through_a_fingertip_s_surroundings() -> None:
    """Weighted with a standard deviation of 8 mm, and turned out of the head."""
    face, normals = canonical_face().points_mm, head_model().normals
    for landmark in range(0, 478, 23):
        weight = np.exp(-0.5 * (np.linalg.norm(face - face[landmark], axis=1) / 8.0) ** 2)
        plain = np.linalg.eigh(np.cov(face.T, aweights=weight))[1][:, 0]
        outward = face[landmark] - (0.0, -30.0, -90.0)
        np.testing.assert_allclose(normals[landmark], plain * np.sign(plain @ outward), atol=1e-6)
