"""What lies under a hand."""

import numpy as np
import pytest

from facetrack.geometry.head.occlusion import clearance_mm, visibility_weight
from facetrack.packets import Float
from tests.geometry.heads import NO_HANDS, hand_at

HAND = hand_at(np.array([300.0, 200.0]), 2.0)
HANDS = np.stack([HAND, np.full((21, 3), np.nan)])


def test_without_hands_everything_is_clear() -> None:
    assert clearance_mm(np.zeros((4, 2)), NO_HANDS, 0.5).tolist() == [np.inf] * 4
    assert visibility_weight(np.array([np.inf])).tolist() == [1.0]


def test_every_joint_of_the_hand_lies_under_it() -> None:
    joints = HAND[1:, :2]
    assert (clearance_mm(joints, HANDS, 0.5) < 0).all()
    assert visibility_weight(clearance_mm(joints, HANDS, 0.5)).tolist() == [0.0] * 20


def test_clearance_is_millimetres_from_the_hand_s_edge() -> None:
    tip = HAND[12, :2]
    above = np.array([tip - (0, 40.0), tip - (0, 80.0)])
    near, far = clearance_mm(above, HANDS, 0.5)
    assert far - near == pytest.approx(20.0)
    assert near == pytest.approx(20.0 - 9.0), "a finger is about 18 mm thick"


def test_the_forearm_covers_too() -> None:
    wrist, middle = HAND[0, :2], HAND[9, :2]
    assert clearance_mm((wrist + 0.8 * (wrist - middle))[None], HANDS, 0.5)[0] < 0


def test_two_hands_cover_what_either_covers() -> None:
    points = np.random.default_rng(1).uniform(0, 640, (300, 2))
    other = hand_at(np.array([150.0, 250.0]), 2.0)
    both = clearance_mm(points, np.stack([HAND, other]), 0.5)
    nan = np.full((21, 3), np.nan)
    single = [clearance_mm(points, np.stack([nan, hand]), 0.5) for hand in (HAND, other)]
    np.testing.assert_allclose(both, np.minimum(*single), atol=1e-9)


def test_trust_rises_from_nothing_under_a_hand_to_all_well_away_from_it() -> None:
    share = visibility_weight(np.linspace(-30, 100, 200))
    assert share[0] == 0
    assert share[-1] == 1
    assert (np.diff(share) >= 0).all()


def test_scale_counts_only_as_millimetres() -> None:
    points = np.random.default_rng(2).uniform(0, 640, (50, 2))
    np.testing.assert_allclose(clearance_mm(points * 3, HANDS * 3, 0.5 / 3), clearance_mm(points, HANDS, 0.5), atol=1e-9)


def test_a_hand_folded_to_one_point_is_no_error() -> None:
    folded = np.full((2, 21, 3), np.nan)
    folded[1] = 100.0
    assert clearance_mm(np.array([[100.0, 100.0], [160.0, 100.0]]), folded, 1.0) == pytest.approx([-32.0, 28.0], abs=1e-6)


def plain_clearance_mm(point: Float, hand: Float, mm_per_px: float) -> float:
    """Bone by bone: fingers are 18 mm thick, the palm's rays 30 mm, the forearm 64 mm."""
    joints = hand[:, :2]
    fingers = [(k, k + 1) for base in (1, 5, 9, 13, 17) for k in (base, base + 1, base + 2)]
    bones = [(joints[a], joints[b], 9.0) for a, b in fingers]
    bones += [(joints[0], joints[base], 15.0) for base in (1, 5, 9, 13, 17)]
    bones += [(joints[0], joints[0] + 1.5 * (joints[0] - joints[9]), 32.0)]
    away = []
    for start, end, radius_mm in bones:
        way = end - start
        share = np.clip((point - start) @ way / (way @ way), 0.0, 1.0)
        away.append(mm_per_px * float(np.linalg.norm(point - start - share * way)) - radius_mm)
    return min(away)


@pytest.mark.parametrize("seed", range(3))
def test_clearance_is_that_of_the_nearest_bone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hand = hand_at(rng.uniform(100, 400, 2), 2.0) + rng.normal(0, 12.0, (21, 3))
    points = rng.uniform(0, 640, (80, 2))
    expected = [plain_clearance_mm(point, hand, 0.6) for point in points]
    np.testing.assert_allclose(clearance_mm(points, np.stack([HANDS[1], hand]), 0.6), expected, atol=1e-6)


def test_a_point_counts_nothing_within_five_millimetres_of_a_hand_and_fully_from_forty_five_on() -> None:
    assert visibility_weight(np.array([-3.0, 4.9, 25.0, 44.0, 45.0])) == pytest.approx([0.0, 0.0, 0.25, 0.950625, 1.0])
