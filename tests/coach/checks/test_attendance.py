"""Whether a hand is at the face, and whether the face lies open."""

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.attendance import Attendance
from facetrack.coach.strokes.hand_motion import HandSample
from tests.coach.synthetic import FPS, Hand, blind, frame, hand_sample, plan_of, step

TRAVELS_MM_S = Thresholds().tuning.strokes.travel_mm_s
PLAN = plan_of(step(hands="left"))


def after(last: HandSample) -> Attendance:
    """What is known after a hand was seen for a second and then out of sight, the face being seen."""
    attendance = Attendance(Thresholds())
    for k in range(round(FPS)):
        attendance.update(frame(k / FPS), [last, None], PLAN)
    attendance.update(frame(1.0), [None, None], PLAN)
    return attendance


@pytest.mark.parametrize(("speed", "is_open"), [(0.9 * TRAVELS_MM_S, False), (1.1 * TRAVELS_MM_S, True)])
def test_a_hand_that_was_last_seen_on_its_way_has_left(speed: float, is_open: bool) -> None:
    """A palm leaves the picture while its fingertips are still over the face."""
    attendance = after(hand_sample(speed=speed))
    assert not attendance.at_face
    assert attendance.open == is_open


def test_a_hand_that_was_last_seen_elsewhere_has_left() -> None:
    assert after(hand_sample(y=-400.0)).open


def test_without_a_face_nothing_is_open() -> None:
    attendance = after(hand_sample(y=-400.0))
    attendance.update(blind(frame(1.1)), [None, None], PLAN)
    assert not attendance.open


@pytest.mark.parametrize(("place", "is_open"), [((20.0, 40.0), False), ((20.0, 200.0), True)])
def test_a_hand_whose_fingertips_touch_the_face_is_at_it_whatever_the_step_follows(
    place: tuple[float, float], is_open: bool
) -> None:
    """Of a step of palms the working point is beside the head while fingertips work on the brow."""
    attendance = Attendance(Thresholds())
    attendance.update(frame(0.0, Hand().at(place)), [hand_sample(x=135.0, y=10.0), None], PLAN)
    assert attendance.at_face != is_open
    assert attendance.open == is_open
