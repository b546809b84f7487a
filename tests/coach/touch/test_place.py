"""Where a tool that was not shown may touch: ahead of the hand, or all around it where its direction is not known."""

import math
from dataclasses import replace

import numpy as np
import pytest

from facetrack.coach.touch.place import Place, place_of
from facetrack.coach.tuning import ToolTuning
from facetrack.geometry.face_points import KNUCKLE, PALM
from facetrack.packets import LEFT, Float
from tests.coach.synthetic import Hand, frame, hand_sample

TUNING = ToolTuning()
KNUCKLE_MM = np.array([200.0, 0.0])
"""So far from the midline that no place in reach lies beyond it."""


def _place(from_palm_mm: Float) -> Place:
    """Of a left hand whose knuckle lies so from its palm."""
    seen = frame(0.0, Hand().at((200.0, 0.0)).rest(1.0))
    points = seen.points_mm.copy()
    points[LEFT, KNUCKLE], points[LEFT, PALM] = KNUCKLE_MM, KNUCKLE_MM - from_palm_mm
    return place_of(replace(seen, points_mm=points), hand_sample(side=LEFT), "tool", TUNING)


@pytest.mark.parametrize("deg", range(-180, 180, 30))
def test_it_reaches_ahead_of_the_hand(deg: int) -> None:
    ahead = np.array([math.cos(math.radians(deg)), math.sin(math.radians(deg))])
    place = _place(2 * TUNING.telling_mm * ahead)
    assert (place.x, place.y) == pytest.approx(KNUCKLE_MM + TUNING.likely_mm * ahead)
    assert place.reach_mm is not None
    way = place.reach_mm - KNUCKLE_MM
    far = np.hypot(*way.T)
    assert far.max() == pytest.approx(TUNING.reach_mm)
    moved = far > 1e-6
    apart = np.arccos(np.clip(way[moved] @ ahead / far[moved], -1.0, 1.0))
    assert apart.max() == pytest.approx(TUNING.sideways_rad, abs=1e-6)


def test_a_hand_that_points_at_the_camera_reaches_all_around() -> None:
    place = _place(np.array([0.5 * TUNING.telling_mm, 0.0]))
    assert (place.x, place.y) == pytest.approx(KNUCKLE_MM)
    assert place.reach_mm is not None
    for axis in (0, 1):
        assert (place.reach_mm - KNUCKLE_MM)[:, axis].min() == pytest.approx(-TUNING.reach_mm, rel=0.02)
        assert (place.reach_mm - KNUCKLE_MM)[:, axis].max() == pytest.approx(TUNING.reach_mm, rel=0.02)
