"""The pinhole camera and the head's pose."""

import numpy as np

from facetrack.mannequin.camera import NECK_JOINT_MM, Camera, HeadPose

SHIFT = np.array([10.0, -5.0, 20.0])
NOSE = np.array([[0.0, -30.0, 25.0]])
ON_HEAD, ON_CHEST = np.ones(1), np.zeros(1)


def test_users_left_is_on_the_images_right_and_up_is_up() -> None:
    pixels, _ = Camera().project(np.array([[0.0, 0, 0], [50, 0, 0], [0, 50, 0]]))
    assert pixels[1, 0] > pixels[0, 0]
    assert pixels[2, 1] < pixels[0, 1]


def test_image_size_falls_with_distance() -> None:
    near, far = (Camera(distance_mm=d).project(np.array([[0.0, 0, 0], [100, 0, 0]]))[0] for d in (400.0, 800.0))
    np.testing.assert_allclose(near[1, 0] - near[0, 0], 2 * (far[1, 0] - far[0, 0]))


def test_yaw_pitch_and_roll_turn_the_head_the_way_they_say() -> None:
    def moved(**angles: float) -> np.ndarray:
        return HeadPose(**angles).carry(NOSE, ON_HEAD)[0] - NOSE[0]

    assert moved(yaw_rad=0.3)[0] > 20  # to the user's left
    assert moved(pitch_rad=0.3)[1] > 20  # up
    crown = np.array([[0.0, 110.0, -80.0]])
    assert HeadPose(roll_rad=0.3).carry(crown, ON_HEAD)[0, 0] < -40  # towards the user's right shoulder


def test_chest_follows_the_position_but_not_the_rotation() -> None:
    pose = HeadPose(0.3, 0.2, 0.1, tuple(SHIFT))
    chest = np.array([[30.0, -200.0, -60.0]])
    np.testing.assert_allclose(pose.carry(chest, ON_CHEST), chest + SHIFT)
    np.testing.assert_allclose(pose.carry(NECK_JOINT_MM[None], ON_HEAD), NECK_JOINT_MM[None] + SHIFT)


def test_rotation_matrices_are_rotations() -> None:
    matrix = HeadPose(0.4, -0.3, 0.2).matrix()
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(matrix) > 0
