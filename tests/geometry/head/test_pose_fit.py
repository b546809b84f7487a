"""Head pose: known poses are recovered, outliers and hands do not turn the head."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from facetrack.geometry.head.landmarks import PIVOT_MM, head_model
from facetrack.geometry.head.pose_fit import PosePrior, align_shape, fit_pose
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


def shifted_alike(share: float, mm: float) -> tuple[float, float]:
    """With that share of the points so far to one side: how far the head is found there, and what is told of the fit, mm."""
    view = View(turned())
    px = view.px(HEAD)[:, :2]
    moved = np.argsort(np.random.default_rng(3).random(len(HEAD))) < share * len(HEAD)
    px[moved, 0] += mm * view.px_per_mm
    bare, pose = (fit_pose(HEAD, image, np.ones(len(HEAD))) for image in (view.px(HEAD)[:, :2], px))
    assert bare is not None
    assert pose is not None
    return float(pose.shift[0] - bare.shift[0]) / view.px_per_mm, pose.residual_mm


def test_a_point_counts_half_at_three_millimetres_and_hardly_at_ten() -> None:
    """A quarter of them off by 10 mm would draw the head along by 2.5 mm if all counted alike."""
    assert shifted_alike(0.25, 1.0)[0] == pytest.approx(0.25, abs=0.1)
    assert shifted_alike(0.25, 10.0)[0] < 0.6


def test_what_is_far_off_is_told_as_six_millimetres() -> None:
    """Of a tenth of the points: the square root of that times as much."""
    assert shifted_alike(0.1, 200.0)[1] == pytest.approx(6.0 * 0.1**0.5, rel=0.03)


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


# -- the same in a library's words -------------------------------------------------------------------------------------


def plain_camera(rows: Float, weight: Float, prior: PosePrior | None) -> tuple[Float, float, Float]:
    """Rotation's first rows, scale and shift. rows: (N, 5) head x, y, z and image x, y (up)."""
    mean = weight @ rows / weight.sum()
    moments = ((rows - mean) * weight[:, None]).T @ (rows - mean)
    spread, cross = moments[:3, :3], moments[:3, 3:].T
    if prior is not None:
        spread = spread + prior.inertia * np.eye(3)
        cross = cross + prior.inertia * np.array(prior.camera)
    affine = np.linalg.solve(spread + 1e-6 * np.trace(spread) * np.eye(3), cross.T).T
    left, _, right = np.linalg.svd(affine, full_matrices=False)
    rotation = left @ right
    fits, size = float((rotation * cross).sum()), float(np.trace(rotation @ spread @ rotation.T))
    if prior is not None:
        fits, size = fits + prior.stiffness * size * prior.scale, size * (1.0 + prior.stiffness)
    scale = fits / size
    return rotation, scale, mean[3:] - scale * rotation @ mean[:3]


def plain_fit(head: Float, px: Float, weight: Float, prior: PosePrior | None) -> tuple[Float, float, Float, float]:
    """Rotation's first rows, scale, shift and residual, after two rounds of robust weights."""
    rows = np.column_stack([head, px[:, 0], -px[:, 1]])
    if prior is not None:
        rows = np.vstack([rows, [*prior.pivot_mm, prior.pivot_px[0], -prior.pivot_px[1]]])
        weight = np.append(weight, prior.weight)
    used = weight
    for _ in range(3):
        rotation, scale, shift = plain_camera(rows, used, prior)
        off_mm = np.linalg.norm(rows[:, 3:] - shift - scale * rows[:, :3] @ rotation.T, axis=1) / scale
        used = weight / (1.0 + (off_mm / 3.0) ** 2)
        if prior is not None:
            used[-1] = prior.weight
    count = len(head)
    cut = np.minimum(off_mm[:count], 6.0) ** 2
    return rotation, scale, shift, float(np.sqrt(weight[:count] @ cut / weight[:count].sum()))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("with_prior", [False, True])
def test_a_fit_is_what_a_library_s_solver_finds(seed: int, with_prior: bool) -> None:
    rng = np.random.default_rng(seed)
    view = View(turned(*rng.uniform(-25, 25, 3)), float(rng.uniform(0.8, 3.0)), (300.0, 250.0))
    px = view.px(HEAD)[:, :2] + rng.normal(0, 2.0, (len(HEAD), 2))
    prior = None
    if with_prior:
        last = View(turned(*rng.uniform(-25, 25, 3)), float(rng.uniform(0.8, 3.0)))
        right, up = (last.px_per_mm * last.rotation[:2]).tolist()
        pivot_px = view.px(PIVOT_MM)[:2] + rng.normal(0, 10.0, 2)
        prior = PosePrior(PIVOT_MM, pivot_px, 3.0, last.px_per_mm, 0.7, (tuple(right), tuple(up)), 2e4)
    pose = fit_pose(HEAD, px, WEIGHT, prior)
    assert pose is not None
    rotation, scale, shift, residual_mm = plain_fit(HEAD, px, WEIGHT, prior)
    np.testing.assert_allclose(pose.rotation[:2], rotation, atol=1e-6)
    np.testing.assert_allclose(pose.rotation[2], np.cross(*rotation), atol=1e-6)
    assert pose.scale == pytest.approx(scale, rel=1e-6)
    np.testing.assert_allclose(pose.shift, shift, rtol=1e-6)
    assert pose.residual_mm == pytest.approx(residual_mm, rel=1e-5)


# -- the memory's figures ----------------------------------------------------------------------------------------------


def remembering(covered: float = 0.0) -> tuple[PoseMemory, View]:
    view = View(turned(10.0, -5.0, 3.0))
    memory, pose = PoseMemory(), fit_pose(HEAD, view.px(HEAD)[:, :2], WEIGHT)
    assert pose is not None
    memory.update(pose, covered, 1.1, 5.0)
    return memory, view


def test_the_prior_is_the_last_pose_and_where_the_joint_was() -> None:
    memory, view = remembering()
    prior = memory.prior(0.9, 50.0, 5.04)
    assert prior is not None
    np.testing.assert_allclose(prior.pivot_mm, 1.1 * PIVOT_MM)
    np.testing.assert_allclose(prior.pivot_px, view.px(1.1 * PIVOT_MM)[:2], atol=0.02)
    np.testing.assert_allclose(np.array(prior.camera), view.px_per_mm * view.rotation[:2], atol=1e-3)
    assert prior.scale == pytest.approx(view.px_per_mm, rel=1e-4)
    assert prior.weight == pytest.approx(0.02 * 50.0)
    assert prior.stiffness == pytest.approx(1.0)
    assert prior.inertia == pytest.approx(50.0 * 30.0**2), "as much as all points, where a frame lasts 0.04 s"


@pytest.mark.parametrize(("covered", "strength"), [(0.06, 0.2), (0.15, 0.5), (0.3, 1.0), (0.8, 1.0)])
def test_the_prior_weighs_more_the_more_is_covered(covered: float, strength: float) -> None:
    prior = remembering()[0].prior(covered, 50.0, 5.02)
    assert prior is not None
    assert (prior.weight, prior.stiffness) == pytest.approx((strength, strength))
    assert prior.inertia == pytest.approx(2.0 * strength * 50.0 * 30.0**2)


def test_up_to_a_twentieth_covered_a_frame_is_taken_as_it_is() -> None:
    assert remembering()[0].prior(0.049, 50.0, 5.02) is None


@pytest.mark.parametrize(("covered", "followed_s"), [(0.0, 0.3), (0.5, 0.7)])
def test_joint_and_scale_are_followed_with_their_time_constants(covered: float, followed_s: float) -> None:
    memory, view = remembering()
    larger = View(view.rotation, 2.0 * view.px_per_mm, view.place_px)
    pose = fit_pose(HEAD, larger.px(HEAD)[:, :2], WEIGHT)
    assert pose is not None
    memory.update(pose, covered, 1.1, 5.2)
    prior = memory.prior(0.9, 50.0, 5.3)
    assert prior is not None
    share = 1.0 - np.exp(-0.2 / followed_s)
    assert prior.scale == pytest.approx(view.px_per_mm * (1.0 + share), rel=1e-3)
    was, now = (one.px(1.1 * PIVOT_MM)[:2] for one in (view, larger))
    np.testing.assert_allclose(prior.pivot_px, was + share * (now - was), atol=0.1)


def test_a_head_that_moved_without_turning_takes_the_joint_along() -> None:
    memory, view = remembering()
    prior = memory.prior(0.9, 50.0, 5.04)
    assert prior is not None
    shifted = memory.shifted(prior, HEAD, view.px(HEAD)[:, :2] + (20.0, -7.0), WEIGHT)
    np.testing.assert_allclose(shifted.pivot_px - prior.pivot_px, (20.0, -7.0), atol=0.05)
    memory.shift(shifted.pivot_px)
    after = memory.prior(0.9, 50.0, 5.04)
    assert after is not None
    np.testing.assert_allclose(after.pivot_px, shifted.pivot_px)
