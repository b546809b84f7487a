"""Working points and the palm's size."""

import numpy as np
import pytest

from facetrack.geometry.face_points import KNUCKLE, PALM, POINT_NAMES, TIPS
from facetrack.geometry.hand_points import hand_points_px, palm_size_px
from tests.geometry.heads import hand_at


def test_points_are_mediapipe_s_tips_the_middle_pip_and_the_palm() -> None:
    hand = np.zeros((21, 3))
    hand[:, 0] = np.arange(21)
    points = hand_points_px(hand)
    assert points[TIPS, 0].tolist() == [4, 8, 12, 16, 20]
    assert points[KNUCKLE, 0] == 10
    assert points[PALM, 0] == pytest.approx(np.mean([0, 5, 9, 13, 17]))
    assert len(points) == len(POINT_NAMES)


def test_the_palm_s_size_grows_with_the_image_and_not_with_place_or_turning() -> None:
    hand = hand_at(np.array([100.0, 50.0]), 1.0)
    size = palm_size_px(hand)
    turn = np.array([[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]])
    assert palm_size_px(hand @ turn.T * 2.0 + 300.0) == pytest.approx(2.0 * size)
    fingers = hand.copy()
    fingers[[4, 8, 12, 16, 20]] += 40.0
    assert palm_size_px(fingers) == pytest.approx(size), "fingers bend, the palm stays"


def test_batches_are_one_hand_at_a_time_and_missing_stays_missing() -> None:
    hands = np.random.default_rng(0).normal(300, 60, (5, 2, 21, 3))
    hands[3, 1] = np.nan
    points, sizes = hand_points_px(hands), palm_size_px(hands)
    assert points.shape == (5, 2, 7, 2)
    assert sizes.shape == (5, 2)
    for frame in range(5):
        for hand in (0, 1):
            np.testing.assert_allclose(points[frame, hand], hand_points_px(hands[frame, hand]), atol=1e-9)
            np.testing.assert_allclose(sizes[frame, hand], palm_size_px(hands[frame, hand]), atol=1e-9)
    assert np.isnan(points[3, 1]).all()
    assert np.isnan(sizes[3, 1])
    assert np.isnan(sizes).sum() == 1
