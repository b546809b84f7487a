"""Solved hands touch where they should."""

import numpy as np
import pytest

from facetrack.mannequin.body.hand_pose import RADII, HandTarget, lift_direction, place_hand, points_of_hand
from facetrack.mannequin.body.skin import skin
from facetrack.mannequin.ground_truth.hands import foot_on_skin
from facetrack.mannequin.performance.style import natural_pointing
from facetrack.packets import Bool, Float
from facetrack.routine.compiled import ContactPart

PLACES = np.array(
    [[10, 45], [58, 35], [30, 8], [9, -12], [14, -60], [45, -40], [12, -108], [60, -50], [35, -150], [25, 20]], float
)
MIDDLE, INDEX_TO_RING, PALM, KNUCKLE = (np.isin(np.arange(7), k) for k in ([2], [1, 2, 3], [6], [5]))


def solved(contact: ContactPart, working: Bool, right: bool = False, lift: float = 0.0) -> Float:
    """(N, 7, 3) POINT_NAMES of hands at PLACES, body frame."""
    chart = PLACES * [-1, 1] if right else PLACES
    count = len(chart)
    pointing = natural_pointing(PLACES, contact)
    target = HandTarget(chart, np.full(count, lift), np.zeros((count, 3)), pointing, np.zeros(count))
    hand = place_hand(skin(), target, contact, working, right)
    return points_of_hand(hand.joints_mm) * ([-1, 1, 1] if right else [1, 1, 1])


def test_working_fingertip_is_its_radius_off_the_skin_over_the_wanted_place() -> None:
    for right in (False, True):
        tips = solved("fingertips", MIDDLE, right)[:, 2]
        foot = foot_on_skin(skin(), tips)
        wanted = skin().plane(PLACES * [-1, 1] if right else PLACES)
        assert np.linalg.norm(foot - wanted, axis=1).max() < 1.0
        gap = np.linalg.norm(tips - skin().point(wanted), axis=1)
        np.testing.assert_allclose(gap, RADII[2], atol=1e-6)


def test_mean_of_several_tips_is_at_the_wanted_place() -> None:
    tips = solved("fingertips", INDEX_TO_RING)[:, 1:4]
    wanted = skin().point(skin().plane(PLACES))
    assert np.linalg.norm(tips.mean(axis=1) - wanted, axis=1).max() < 8


@pytest.mark.parametrize(("contact", "working", "point"), [("palms", PALM, 6), ("knuckles", KNUCKLE, 5)])
def test_palms_and_knuckles_touch_too(contact: ContactPart, working: Bool, point: int) -> None:
    centre = solved(contact, working)[:, point]
    gap = np.linalg.norm(centre - skin().on_chart(PLACES), axis=1)
    np.testing.assert_allclose(gap, RADII[point], atol=1e-6)


def test_other_fingers_of_a_massaging_hand_lie_on_the_face() -> None:
    frontal = PLACES[:, 0] < 40
    tips = solved("fingertips", MIDDLE)[frontal][:, [1, 3]]
    below = skin().point(tips[..., :2])
    gap = ((tips - below) * skin().normal(tips[..., :2])).sum(axis=-1) - RADII[[1, 3]]
    assert np.median(np.abs(gap)) < 1.5
    assert gap.min() > -6.0  # none is sunk in


def test_a_lift_moves_the_hand_off_along_the_lift_direction() -> None:
    touching, lifted = solved("fingertips", MIDDLE), solved("fingertips", MIDDLE, lift=30.0)
    way = lifted[:, 2] - touching[:, 2]
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 30.0, atol=1.5)
    up = lift_direction(skin(), skin().plane(PLACES))
    assert ((way / 30 * up).sum(axis=1) > 0.99).all()
    assert (lifted[:, 6, 2] > touching[:, 6, 2]).all()  # nearer to the camera


def test_wrists_stay_in_front_of_the_body() -> None:
    chart = PLACES
    target = HandTarget(
        chart, np.zeros(len(chart)), np.zeros((len(chart), 3)), natural_pointing(chart, "fingertips"), np.zeros(len(chart))
    )
    wrist = place_hand(skin(), target, "fingertips", MIDDLE, False).wrist_mm
    assert (wrist[:, 2] > skin().point(wrist[:, :2])[:, 2] + 15).all()
