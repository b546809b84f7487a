"""Zone: outside for 0.8 s in all; lifting pauses the clock."""

import math
from typing import Any

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.zone import ZoneCheck
from facetrack.coach.frame_context import SideFrame
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.touch.place import Place
from facetrack.coach.verdict import StrokeKind
from facetrack.packets import LEFT
from tests.coach.synthetic import NOBODY_HERE, context, hand_sample, plan_of, segment

LIMITS = Thresholds()
ENOUGH_S = LIMITS.zone.onset_s + LIMITS.tuning.zone.confirm_s
OUT, IN, NO_HAND = False, True, None
BESIDE_ITS_ZONE = (20.0, 70.0)


def movement(time_s: float, every_mm: float) -> Segment:
    """The movement under way after that time: one that began then, or one of many."""
    age_s = max(math.fmod(time_s, every_mm / 50.0), 0.01) if every_mm else time_s
    return segment(50.0 * age_s + 10.0 * (every_mm == 0.0), age_s)


class Clock:
    """A check of the left side, run for stretches of time."""

    def __init__(self, fps: float = 30.0) -> None:
        self.check, self.dt_s, self.t_s = ZoneCheck(LEFT, LIMITS), 1 / fps, 0.0
        self.check.begin_step(plan_of())

    def run(
        self,
        seconds: float,
        in_zone: bool | None,
        kind: StrokeKind | None = "along",
        on_next_step: bool = False,
        place: tuple[float, float] = BESIDE_ITS_ZONE,
        every_mm: float = 0.0,
        **sample: float,
    ) -> bool:
        """Whether it is wrong after that time. in_zone: None for no hand at all; every_mm: movements so long, at 50 mm/s."""
        for k in range(round(seconds / self.dt_s)):
            self.t_s += self.dt_s
            under_way = None if kind is None else movement((k + 1) * self.dt_s, every_mm)
            here = NOBODY_HERE
            if in_zone is not None:
                here = SideFrame(
                    hand_sample(self.t_s, x=place[0], y=place[1], **sample),
                    in_zone,
                    under_way,
                    kind,
                    Place("fingertips", *place),
                )
            self.finding = self.check.update(context(self.t_s, here, dt_s=self.dt_s, on_next_step=on_next_step))
        assert self.check.wrong == (self.finding is not None)
        return self.check.wrong


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
def test_it_is_wrong_after_that_time_outside_and_not_before(fps: float) -> None:
    clock = Clock(fps)
    assert not clock.run(ENOUGH_S - 0.1, OUT)
    assert clock.run(0.2, OUT)


def test_a_hand_that_comes_back_just_then_is_not_corrected() -> None:
    clock = Clock()
    assert not clock.run(LIMITS.zone.onset_s + 0.5 * LIMITS.tuning.zone.confirm_s, OUT)
    assert not clock.run(5.0, IN)


def test_in_the_zone_nothing_is_wrong() -> None:
    assert not Clock().run(60.0, IN)


PAUSED: dict[str, dict[str, Any]] = {
    "lifted": {"kind": "return"},
    "travelling": {"speed": LIMITS.tuning.strokes.arrival_mm_s + 1.0},
    "beside the head": {"place": (91.0, 0.0)},
    "on the next step": {"on_next_step": True},
}


@pytest.mark.parametrize("how", PAUSED.values(), ids=PAUSED.keys())
def test_what_is_no_work_at_a_wrong_place_pauses_the_clock_and_does_not_turn_it_back(how: dict[str, Any]) -> None:
    clock = Clock()
    assert not clock.run(ENOUGH_S - 0.2, OUT)
    assert not clock.run(5.0, OUT, **how)
    assert clock.run(0.3, OUT)


def test_a_lifted_hand_that_is_not_put_down_again_is_taken_to_have_come_down() -> None:
    clock = Clock()
    clock.run(0.2, OUT, kind="return")
    assert not clock.run(1.5 + 2.0 * LIMITS.zone.onset_s, OUT, kind=None)
    assert clock.run(0.5, OUT, kind=None)


def test_it_says_which_way_the_zone_is_and_how_far() -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    first = clock.finding
    assert first is not None
    assert (first.kind, first.message_id, first.side) == ("zone", "zone.down", LEFT)
    assert first.value == pytest.approx(70.0 - 52.0)
    clock.run(0.5, OUT, place=(20.0, 90.0))
    assert clock.finding is first, "a finding keeps what it was when it was found"


def test_time_outside_adds_up_over_short_visits() -> None:
    clock = Clock()
    for _ in range(4):
        clock.run(0.3, OUT)
        clock.run(0.2, IN)
    assert clock.check.wrong


def test_long_enough_in_the_zone_forgets_what_was_outside() -> None:
    clock = Clock()
    clock.run(LIMITS.zone.onset_s - 0.2, OUT)
    clock.run(LIMITS.tuning.zone.reset_s + 0.1, IN)
    assert not clock.run(LIMITS.zone.onset_s - 0.2, OUT)


def test_what_work_has_taken_back_is_gathered_anew() -> None:
    clock = Clock()
    assert clock.run(3.0, OUT, kind=None)
    assert not clock.run(LIMITS.tuning.zone.reset_s - 0.1, IN)
    assert not clock.run(0.2, OUT), "its waiting was forgiven by strokes in the zone"


def test_it_is_mended_within_a_second_and_a_half_back_in_the_zone() -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    assert clock.run(LIMITS.zone.release_s - 0.1, IN)
    assert not clock.run(0.2, IN)
    assert LIMITS.zone.release_s < 1.5


def test_a_hand_that_has_gone_has_mended_nothing_and_is_not_seen_wrong() -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    seen_s = clock.check.seen_s
    assert clock.run(LIMITS.stays_open_s, NO_HAND), "the log of corrections ends it"
    assert clock.check.seen_s == seen_s
    assert not clock.run(LIMITS.same_within_s, NO_HAND), "seen again it would be another"


def test_no_hand_is_never_wrong() -> None:
    assert not Clock().run(60.0, NO_HAND)


def test_another_step_begins_anew() -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    clock.check.reset()
    assert not clock.run(LIMITS.zone.onset_s - 0.1, OUT)


def test_a_hand_that_only_waits_there_is_given_twice_the_time() -> None:
    clock = Clock()
    waited_s = 2.0 * LIMITS.zone.onset_s + LIMITS.tuning.zone.confirm_s
    assert not clock.run(waited_s - 0.1, OUT, kind=None)
    assert clock.run(0.2, OUT, kind=None)
    assert waited_s < LIMITS.zone.onset_s + 1.5, "still in time by the contract"


@pytest.mark.parametrize(("every_mm", "told"), [(6.0, False), (9.5, False), (14.0, True), (40.0, True)])
def test_what_is_shorter_than_a_stroke_counts_as_waiting(every_mm: float, told: bool) -> None:
    """A hand that scratches goes to and fro by some millimetres; one that strokes is told in time, its first ones included."""
    assert Clock().run(ENOUGH_S + 0.35, OUT, every_mm=every_mm) == told
    assert Clock().run(2.0 * ENOUGH_S, OUT, every_mm=every_mm)


def test_waiting_beside_the_zone_between_strokes_in_it_never_adds_up() -> None:
    clock = Clock()
    for _ in range(20):
        clock.run(1.2, OUT, kind=None)
        clock.run(0.4, IN)
    assert not clock.check.wrong


def test_what_was_said_is_how_far_and_which_way_the_zone_lies() -> None:
    clock = Clock()
    clock.run(2.0, OUT, place=(20.0, 70.0))
    said = clock.finding
    assert said is not None
    assert said.value == pytest.approx(18.0), "the zone reaches up to 52"
    assert (said.limit, said.side, said.message_id) == (8.0, LEFT, "zone.down")
    clock.run(0.5, OUT, place=(20.0, 90.0))
    assert clock.finding == said


@pytest.mark.parametrize(("place", "told"), [((95.0, 0.0), False), ((85.0, 0.0), True), ((95.0, -110.0), True)])
def test_beside_the_head_down_to_the_jaw_there_is_no_wrong_place(place: tuple[float, float], told: bool) -> None:
    assert Clock().run(3.0, OUT, place=place) == told


@pytest.mark.parametrize(("speed", "told"), [(390.0, True), (410.0, False)])
def test_a_hand_quicker_than_four_hundred_travels(speed: float, told: bool) -> None:
    assert Clock().run(3.0, OUT, speed=speed) == told


@pytest.mark.parametrize(("gone_s", "told"), [(0.9, True), (1.1, False)])
def test_a_hand_that_is_gone_for_a_second_begins_anew(gone_s: float, told: bool) -> None:
    clock = Clock()
    clock.run(0.6, OUT)
    clock.run(gone_s, NO_HAND)
    assert clock.run(0.6, OUT) == told


@pytest.mark.parametrize(("waits_s", "told"), [(3.1, False), (3.7, True)])
def test_after_a_return_a_hand_may_wait_for_a_second_and_a_half_and_then_counts_half(waits_s: float, told: bool) -> None:
    clock = Clock()
    clock.run(0.5, OUT, "return")
    assert clock.run(waits_s, OUT, None) == told


def test_a_stroke_ends_the_wait_of_a_lifted_hand() -> None:
    clock = Clock()
    clock.run(0.5, OUT, "return")
    assert clock.run(1.3, OUT, "along")


@pytest.mark.parametrize(("inside_s", "wrong"), [(0.5, True), (0.7, False)])
def test_six_tenths_of_a_second_inside_mend(inside_s: float, wrong: bool) -> None:
    clock = Clock()
    clock.run(2.0, OUT)
    assert clock.run(inside_s, IN) == wrong


@pytest.mark.parametrize(("inside_s", "told"), [(1.0, True), (1.3, False)])
def test_so_long_inside_forgets_what_was_outside(inside_s: float, told: bool) -> None:
    clock = Clock()
    clock.run(0.7, OUT)
    clock.run(inside_s, IN)
    assert clock.run(0.5, OUT) == told


@pytest.mark.parametrize(("worked_s", "told"), [(0.1, True), (0.3, False)])
def test_each_second_of_work_in_the_zone_takes_back_four_of_waiting(worked_s: float, told: bool) -> None:
    """Of a second and a half; then it waits there for 1.1 s more, of 1.9 s in all that are needed."""
    clock = Clock()
    clock.run(1.5, OUT, None)
    clock.run(worked_s, IN, "along")
    assert clock.run(1.1, OUT, None) == told
