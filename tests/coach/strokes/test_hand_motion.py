"""A hand's motion: what is told of its acceleration."""

import math

import numpy as np
import pytest

from facetrack.coach import SideVerdict
from facetrack.packets import LEFT
from tests.coach.synthetic import Hand, film, judged, step

CENTRE = (33.0, 40.0)


def sides_of(hand: Hand, fps: float) -> list[SideVerdict]:
    """The left side's verdicts, without those of the first second."""
    return [verdict.sides[LEFT] for verdict in judged(film(hand, None, fps=fps), step()).verdicts if verdict.t_s > 1.0]


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_a_hand_that_circles_evenly_is_accelerated_towards_the_centre(fps: float) -> None:
    hand = Hand().at(CENTRE).spiral(CENTRE, 10.0, turns_s=1.0, radius=10.0)
    found = [side.acceleration_mm_s2 for side in sides_of(hand, fps)]
    assert np.nanmean(found) == pytest.approx(10.0 * math.tau**2, rel=0.1)


def test_a_hand_that_moves_straight_and_evenly_is_not_accelerated() -> None:
    hand = Hand().at((5.0, 40.0)).go((65.0, 40.0), mm_s=15.0)
    found = [side.acceleration_mm_s2 for side in sides_of(hand, 30.0)]
    assert np.nanmean(found) < 80.0, "no more than the noise of its place makes"


def test_acceleration_is_not_known_until_two_velocities_are() -> None:
    hand = Hand().at(CENTRE).spiral(CENTRE, 4.0).gone(1.0).spiral(CENTRE, 2.0)
    back = [verdict.sides[LEFT] for verdict in judged(film(hand, None), step()).verdicts if verdict.t_s > 4.99]
    assert [math.isnan(side.acceleration_mm_s2) for side in back[:4]] == [True, True, False, False]
