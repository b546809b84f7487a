"""Zone: outside for 0.8 s in all; lifting pauses the clock."""

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.zone import ZoneCheck

LIMITS = Thresholds()
ENOUGH_S = LIMITS.zone_raise_s + LIMITS.stands_s
OUT, IN, NO_HAND = False, True, None


class Clock:
    """A check, run for stretches of time."""

    def __init__(self, fps: float = 30.0) -> None:
        self.check, self.dt_s = ZoneCheck(LIMITS), 1 / fps

    def run(
        self, seconds: float, in_zone: bool | None, lifted: bool = False, travelling: bool = False, stroking: bool = True
    ) -> bool:
        for _ in range(round(seconds / self.dt_s)):
            self.check.update(in_zone, lifted, travelling, stroking, self.dt_s)
        return self.check.wrong


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_it_is_wrong_after_that_time_outside_and_not_before(fps: float) -> None:
    clock = Clock(fps)
    assert not clock.run(ENOUGH_S - 0.1, OUT)
    assert clock.run(0.2, OUT)


def test_a_hand_that_comes_back_just_then_is_not_corrected() -> None:
    clock = Clock()
    assert not clock.run(LIMITS.zone_raise_s + 0.5 * LIMITS.stands_s, OUT)
    assert not clock.run(5.0, IN)


def test_in_the_zone_nothing_is_wrong() -> None:
    assert not Clock().run(60.0, IN)


@pytest.mark.parametrize("how", [{"lifted": True}, {"travelling": True}])
def test_lifting_and_travelling_pause_the_clock_and_do_not_turn_it_back(how: dict[str, bool]) -> None:
    clock = Clock()
    assert not clock.run(ENOUGH_S - 0.2, OUT)
    assert not clock.run(5.0, OUT, **how)
    assert clock.run(0.3, OUT)


def test_time_outside_adds_up_over_short_visits() -> None:
    clock = Clock()
    for _ in range(4):
        clock.run(0.3, OUT)
        clock.run(0.2, IN)
    assert clock.check.wrong


def test_long_enough_in_the_zone_forgets_what_was_outside() -> None:
    clock = Clock()
    clock.run(LIMITS.zone_raise_s - 0.2, OUT)
    clock.run(LIMITS.zone_forget_s + 0.1, IN)
    assert not clock.run(LIMITS.zone_raise_s - 0.2, OUT)


def test_what_work_has_taken_back_is_gathered_anew() -> None:
    clock = Clock()
    assert clock.run(3.0, OUT, stroking=False)
    assert not clock.run(LIMITS.zone_forget_s - 0.1, IN)
    assert not clock.run(0.2, OUT), "its waiting was forgiven by strokes in the zone"


def test_it_is_mended_within_a_second_and_a_half_back_in_the_zone() -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    assert clock.run(LIMITS.zone_mend_s - 0.1, IN)
    assert not clock.run(0.2, IN)
    assert LIMITS.zone_mend_s < 1.5


def test_a_hand_that_has_gone_is_not_in_the_wrong_place_for_ever() -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    assert clock.run(0.3, NO_HAND), "not at once: it may come back"
    assert not clock.run(2.0, NO_HAND)


def test_no_hand_is_never_wrong() -> None:
    assert not Clock().run(60.0, NO_HAND)


def test_another_step_begins_anew() -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    clock.check.reset()
    assert not clock.run(LIMITS.zone_raise_s - 0.1, OUT)


def test_a_hand_that_only_waits_there_is_given_twice_the_time() -> None:
    clock = Clock()
    waited_s = 2.0 * LIMITS.zone_raise_s + LIMITS.stands_s
    assert not clock.run(waited_s - 0.1, OUT, stroking=False)
    assert clock.run(0.2, OUT, stroking=False)
    assert waited_s < LIMITS.zone_raise_s + 1.5, "still in time by the contract"


def test_waiting_beside_the_zone_between_strokes_in_it_never_adds_up() -> None:
    clock = Clock()
    for _ in range(20):
        clock.run(1.2, OUT, stroking=False)
        clock.run(0.4, IN)
    assert not clock.check.wrong
