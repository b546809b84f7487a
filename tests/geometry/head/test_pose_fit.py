"""Head pose: known poses are recovered, outliers and hands do not turn the head."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetrack.geometry.head.landmarks import PIVOT_MM, head_model
from facetrack.geometry.head.pose_fit import align_shape, fit_pose
from facetrack.geometry.head.pose_prior import PoseMemory
from facetrack.packets import Float
from tests.geometry.heads import View, angles_deg, person, turned

MODEL = head_model()
HEAD = person()[MODEL.pose]
WEIGHT = MODEL.pose_weight
angles = st.floats(-40, 40)


def degrees_between(a: Float, b: Float) -> float:
    return float(np.rad2deg(np.arccos(np.clip((np.trace(a @ b.T) - 1) / 2, -1, 1))))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(angles, st.floats(-30, 30), st.floats(-60, 60), st.floats(0.3, 8.0), st.floats(-500, 500))
def test_the_pose_of_a_projected_template_is_recovered(yaw: float, pitch: float, roll: float, scale: float, x: float) -> None:
    view = View(turned(yaw, pitch, roll), scale, (x, 200.0))
    pose = fit_pose(HEAD, view.px(HEAD)[:, :2], WEIGHT)
    assert pose is not None
    assert degrees_between(pose.rotation, view.rotation) < 0.01
    assert pose.scale == pytest.approx(scale, rel=1e-4)
    np.testing.assert_allclose(pose.project(HEAD), view.px(HEAD)[:, :2], atol=0.01 * scale)
    np.testing.assert_allclose(pose.rotation @ pose.rotation.T, np.eye(3), atol=1e-9)
    assert pose.residual_mm < 0.01


@pytest.mark.parametrize(
    ("turn", "at"), [({"yaw": 20.0}, 0), ({"pitch": 12.0}, 1), ({"roll": 30.0}, 2)], ids=["yaw", "pitch", "roll"]
)
def test_turns_are_told_by_their_names(turn: dict[str, float], at: int) -> None:
    pose = fit_pose(HEAD, View(turned(**turn)).px(HEAD)[:, :2], WEIGHT)
    assert pose is not None
    expected = np.zeros(3)
    expected[at] = next(iter(turn.values()))
    np.testing.assert_allclose(angles_deg(pose), expected, atol=0.01)


def test_positive_angles_are_left_up_and_the_left_shoulder() -> None:
    left = View(turned(yaw=20.0)).px(person())
    assert left[4, 0] > View(turned()).px(person())[4, 0], "the nose goes to the user's left, right in the image"
    up = View(turned(pitch=12.0)).px(person())
    assert up[4, 1] < View(turned()).px(person())[4, 1]
    tilted = View(turned(roll=20.0)).px(person())
    assert tilted[10, 0] > tilted[152, 0], "the forehead goes to the user's left shoulder"


@pytest.mark.parametrize("seed", range(5))
def test_noise_of_a_pixel_turns_the_head_by_less_than_a_degree(seed: int) -> None:
    view = View(turned(15.0, -8.0, 10.0))
    noisy = view.px(HEAD)[:, :2] + np.random.default_rng(seed).normal(0, 1.0, (len(HEAD), 2))
    pose = fit_pose(HEAD, noisy, WEIGHT)
    assert pose is not None
    assert degrees_between(pose.rotation, view.rotation) < 1.0
    assert 0.3 < pose.residual_mm < 1.5


@pytest.mark.parametrize("seed", range(5))
def test_a_few_points_that_jump_hardly_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    view = View(turned(10.0, 5.0, 0.0))
    px = view.px(HEAD)[:, :2]
    jumped = rng.choice(len(HEAD), len(HEAD) // 8, replace=False)
    px[jumped] += rng.normal(0, 1, (len(jumped), 2)) * 25.0
    pose = fit_pose(HEAD, px, WEIGHT)
    assert pose is not None
    assert degrees_between(pose.rotation, view.rotation) < 1.0


def test_points_without_weight_do_not_count_at_all() -> None:
    view = View(turned(10.0, 5.0, -20.0))
    px = view.px(HEAD)[:, :2]
    weight = WEIGHT.copy()
    weight[HEAD[:, 0] > 10] = 0.0
    px[weight == 0] += 200.0
    pose = fit_pose(HEAD, px, weight)
    assert pose is not None
    assert degrees_between(pose.rotation, view.rotation) < 0.05


def test_no_weight_no_pose() -> None:
    assert fit_pose(HEAD, View(turned()).px(HEAD)[:, :2], np.zeros(len(HEAD))) is None


def test_a_mesh_that_collapsed_to_one_pixel_has_no_pose() -> None:
    assert fit_pose(HEAD, np.full((len(HEAD), 2), 200.0), WEIGHT) is None


def test_one_point_alone_has_no_pose() -> None:
    weight = np.zeros(len(HEAD))
    weight[7] = 1.0
    assert fit_pose(HEAD, View(turned()).px(HEAD)[:, :2], weight) is None


def test_a_prior_that_agrees_changes_nothing() -> None:
    view = View(turned(10.0, -5.0, 8.0))
    memory = PoseMemory()
    px = view.px(HEAD)[:, :2]
    bare = fit_pose(HEAD, px, WEIGHT)
    assert bare is not None
    memory.update(bare, 0.0, 1.0, 0.0)
    prior = memory.prior(0.6, float(WEIGHT.sum()), 0.033)
    assert prior is not None
    again = fit_pose(HEAD, px, WEIGHT, prior)
    assert again is not None
    assert degrees_between(again.rotation, view.rotation) < 0.01
    assert again.scale == pytest.approx(view.px_per_mm, rel=1e-4)


def test_the_memory_holds_a_head_whose_half_is_drawn_along() -> None:
    """A hand draws the mesh beside it sideways; that looks like a turn, but heads do not turn from one frame to the next."""
    view = View(turned())
    px = view.px(HEAD)[:, :2]
    memory = PoseMemory()
    bare = fit_pose(HEAD, px, WEIGHT)
    assert bare is not None
    memory.update(bare, 0.0, 1.0, 0.0)
    drawn = px.copy()
    share = np.clip((HEAD[:, 0] + 10) / 60, 0, 1)
    drawn[:, 0] += 14.0 * share
    weight = WEIGHT * (1 - 0.8 * share)
    alone = fit_pose(HEAD, drawn, weight)
    held = fit_pose(HEAD, drawn, weight, memory.prior(0.5, float(WEIGHT.sum()), 0.033))
    assert alone is not None
    assert held is not None
    assert degrees_between(held.rotation, view.rotation) < 0.7 * degrees_between(alone.rotation, view.rotation)


def test_the_memory_is_silent_on_bare_frames_and_before_the_first_pose() -> None:
    memory = PoseMemory()
    assert memory.prior(0.9, 50.0, 0.033) is None
    pose = fit_pose(HEAD, View(turned()).px(HEAD)[:, :2], WEIGHT)
    assert pose is not None
    memory.update(pose, 0.0, 1.0, 0.0)
    assert memory.prior(0.0, 50.0, 0.033) is None
    weights = [memory.prior(covered, 50.0, 0.033) for covered in (0.1, 0.2, 0.9)]
    assert all(prior is not None for prior in weights)
    strength = [prior.weight for prior in weights if prior is not None]
    assert strength == sorted(strength)


def test_the_memory_follows_at_once_while_bare_and_slowly_under_hands() -> None:
    view = View(turned())
    pose, moved = (fit_pose(HEAD, view.px(HEAD)[:, :2] + (shift, 0.0), WEIGHT) for shift in (0.0, 60.0))
    assert pose is not None
    assert moved is not None
    gone = []
    for covered in (0.0, 0.8):
        memory = PoseMemory()
        memory.update(pose, 0.0, 1.0, 0.0)
        start = memory.prior(1.0, 1.0, 0.033)
        memory.update(moved, covered, 1.0, 0.5)
        end = memory.prior(1.0, 1.0, 0.533)
        assert start is not None
        assert end is not None
        gone.append(float(end.pivot_px[0] - start.pivot_px[0]))
    assert gone[0] > 45.0 > 32.0 > gone[1] > 0.0


def test_under_hands_a_turn_is_followed_as_quickly_at_any_frame_rate() -> None:
    about_the_neck = HEAD - PIVOT_MM
    start, end = (fit_pose(HEAD, View(turned(yaw)).px(about_the_neck)[:, :2], WEIGHT) for yaw in (0.0, 6.0))
    assert start is not None
    assert end is not None
    covered = 0.8
    reached = []
    for fps in (15, 30, 60):
        memory = PoseMemory()
        memory.update(start, 0.0, 1.0, 0.0)
        for k in range(1, fps // 5 + 1):
            prior = memory.prior(covered, float(WEIGHT.sum()), k / fps)
            pose = fit_pose(HEAD, end.project(HEAD), (1 - covered) * WEIGHT, prior)
            assert pose is not None
            memory.update(pose, covered, 1.0, k / fps)
        reached.append(angles_deg(pose)[0])
    assert min(reached) > 1.5
    assert max(reached) < 6.0
    assert max(reached) - min(reached) < 1.5


@pytest.mark.parametrize("seed", range(3))
def test_shapes_are_aligned_whatever_their_place_and_size(seed: int) -> None:
    rng = np.random.default_rng(seed)
    target = rng.normal(0, 30, (40, 3))
    turn = turned(*rng.uniform(-60, 60, 3))
    points = (2.5 * target) @ turn + rng.normal(0, 100, 3)
    rotation, centroid = align_shape(points, target, rng.uniform(0.1, 1.0, 40))
    np.testing.assert_allclose(rotation, turn, atol=1e-9)
    np.testing.assert_allclose(np.linalg.det(rotation), 1.0)
    back = (points - centroid) @ rotation.T / 2.5
    np.testing.assert_allclose(back - back[0], target - target[0], atol=1e-9)


def test_a_mirrored_shape_is_turned_never_mirrored() -> None:
    target = np.random.default_rng(0).normal(0, 30, (40, 3))
    rotation, _ = align_shape(target * (-1, 1, 1), target, np.ones(40))
    assert np.linalg.det(rotation) == pytest.approx(1.0)
