"""The truth of a frame agrees with the picture's geometry."""

from dataclasses import replace

import numpy as np

from benchmarks.mannequin_truth import ground_truth_at
from facetrack.geometry.head.canonical import canonical_face
from facetrack.mannequin.body.hand_rig import PALM_JOINTS, TIP_JOINTS
from facetrack.mannequin.camera import Camera
from facetrack.mannequin.ground_truth.hands import hands_ground_truth
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.performer import perform
from facetrack.packets import LEFT, RIGHT
from tests.mannequin.steps import FOREHEAD

PERFORMANCE = perform(FOREHEAD, neutral_s=0.5, repetitions=1)
WORK_S = PERFORMANCE.strokes[0].t_start_s + 0.8


def test_left_hand_is_on_the_images_right_half() -> None:
    truth = ground_truth_at(PERFORMANCE, WORK_S)
    middle = Camera().size_wh[0] / 2
    assert (truth.joints_px[LEFT, TIP_JOINTS, 0] > middle).all()
    assert (truth.joints_px[RIGHT, TIP_JOINTS, 0] < middle).all()


def test_hands_out_of_sight_are_nan() -> None:
    truth = ground_truth_at(PERFORMANCE, 0.1)
    assert not truth.visible.any()
    assert np.isnan(truth.joints_px).all()
    assert np.isnan(truth.points_mm).all()
    assert not np.isnan(truth.mesh_px).any()


def test_working_point_is_where_its_skin_is_in_the_picture() -> None:
    for head in (HeadMotion(), HeadMotion(yaw_deg=20.0, pitch_deg=-10.0, roll_deg=8.0, translation_mm=(20.0, 10.0, -40.0))):
        truth = ground_truth_at(PERFORMANCE, WORK_S, head=head)
        mm_per_px = Camera().distance_mm / Camera().focal_px
        assert truth.contact.all()
        apart = np.linalg.norm(truth.joints_px[:, TIP_JOINTS[2]] - truth.touch_px, axis=1) * mm_per_px
        assert apart.max() < 6.5  # a fingertip's radius


def test_touched_skin_and_mesh_agree() -> None:
    """A landmark of the mesh and the skin of its chart place are the same pixel."""
    truth = ground_truth_at(PERFORMANCE, WORK_S)
    chart = canonical_face().points_mm[:, :2]
    near = np.linalg.norm(chart - truth.working_mm[LEFT], axis=1)
    nearest = np.argsort(near)[:3]
    shift = (truth.touch_px[LEFT] - truth.mesh_px[nearest]) * Camera().distance_mm / Camera().focal_px * [1, -1]
    assert np.abs(shift - (truth.working_mm[LEFT] - chart[nearest])).max() < 5.0


def test_a_lifted_hand_is_larger_in_the_picture() -> None:
    times = np.array([WORK_S])
    touching = hands_ground_truth(PERFORMANCE, times)
    raised = replace(PERFORMANCE, tracks=replace(PERFORMANCE.tracks, lift_mm=PERFORMANCE.tracks.lift_mm * 0 + 30.0))
    lifted = hands_ground_truth(raised, times)

    def palm_px(truth: object) -> np.ndarray:
        joints, _ = Camera().project(truth.joints_mm[0, :, PALM_JOINTS].swapaxes(0, 1))  # type: ignore[attr-defined]
        return np.linalg.norm(joints - joints.mean(axis=1, keepdims=True), axis=-1).mean(axis=1)

    growth = palm_px(lifted) / palm_px(touching)
    assert ((growth > 1.025) & (growth < 1.09)).all(), growth


def test_the_head_carries_the_hands() -> None:
    still, moved = (
        ground_truth_at(PERFORMANCE, WORK_S),
        ground_truth_at(PERFORMANCE, WORK_S, head=HeadMotion(translation_mm=(30.0, 0.0, 0.0))),
    )
    shift = moved.joints_px[:, TIP_JOINTS] - still.joints_px[:, TIP_JOINTS]
    assert (shift[..., 0] > 20).all()
    np.testing.assert_allclose(moved.points_mm, still.points_mm)


def test_swaying_is_a_function_of_time_and_begins_after_the_still_part() -> None:
    head = HeadMotion(sway_deg=6.0, sway_mm=10.0, still_until_s=2.0, seed=4)
    assert head.at(1.0).yaw_rad == 0.0
    assert head.at(7.3) == head.at(7.3)
    assert head.at(7.3) != head.at(8.3)
    yaw = np.rad2deg([head.at(t).yaw_rad for t in np.arange(0, 30, 0.1)])
    assert 4.0 < np.abs(yaw).max() <= 6.0
