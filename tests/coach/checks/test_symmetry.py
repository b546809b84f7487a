"""Symmetry: a side idle while the other works, or with much less path. Phase never counts; never judged unseen."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.symmetry import SymmetryCheck
from facetrack.coach.frame_context import SideFrame
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.verdict import StrokeKind
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import PATH, context, hand_sample, phase, plan_of, segment, step

LIMITS = Thresholds()
Speed = Callable[[float], float]
Place = tuple[float, float]


def always(mm_s: float) -> Speed:
    return lambda _: mm_s


def pulsed(mm_s: float, period_s: float, share: float, shift_s: float = 0.0) -> Speed:
    """Stroking for a share of each period, resting for the rest."""
    return lambda t_s: mm_s if (t_s + shift_s) % period_s < share * period_s else 0.0


def to_and_fro(mm: float) -> Place:
    """Where a point is that has gone so far along a stroke of 40 mm and back."""
    return 20.0 + abs(mm % 80.0 - 40.0), 0.0


class _Run(NamedTuple):
    """Stroking at one speed, since when and where."""

    speed: float
    begin_s: float
    begin_mm: float


class Pair:
    """Both sides' speeds over time, judged."""

    def __init__(self, fps: float = 30.0, made: CompiledStep | None = None) -> None:
        self.check, self.fps, self.t_s = SymmetryCheck(LIMITS), fps, 0.0
        self.check.begin_step(plan_of(made or step()))
        self.told: list[tuple[float, int | None]] = []
        self.stroked_mm = [0.0, 0.0]
        self.in_zone = [True, True]
        self._runs: list[_Run | None] = [None, None]

    def run(self, seconds: float, left: Speed, right: Speed, in_view: bool = True) -> "Pair":
        for _ in range(round(seconds * self.fps)):
            self.t_s += 1 / self.fps
            speeds = left(self.t_s), right(self.t_s)
            self.stroked_mm = [mm + speed / self.fps for mm, speed in zip(self.stroked_mm, speeds, strict=True)]
            left_place, right_place = (to_and_fro(mm) for mm in self.stroked_mm)
            self.take(*self.stroked_mm, speeds, (left_place, right_place), in_view)
        return self

    def take(
        self,
        left_mm: float,
        right_mm: float,
        speeds: tuple[float, float],
        places: tuple[Place | None, Place | None],
        in_view: bool = True,
    ) -> None:
        """A frame: what each side has stroked so far, how fast its hand is, and where; None: on the other side, or away."""
        sides = []
        for side, stroked_mm in enumerate((left_mm, right_mm)):
            place = places[side]
            sample = place and hand_sample(self.t_s, side, x=place[0], y=place[1], speed=speeds[side])
            stroke = self._stroke(side, stroked_mm, speeds[side])
            sides.append(SideFrame(sample, self.in_zone[side], stroke, stroke and "along"))
        finding = self.check.update(context(self.t_s, *sides, dt_s=1 / self.fps, in_view=in_view))
        self.told.append((self.t_s, None if finding is None else finding.side))

    def _stroke(self, side: int, stroked_mm: float, speed: float) -> Segment | None:
        """The stroke under way: one for as long as the speed stays."""
        run, before_s, share = self._runs[side], self.t_s - 1 / self.fps, float(self.in_zone[side])
        before_mm = stroked_mm - speed / self.fps
        if run is not None and run.speed != speed:
            ended = segment(before_mm - run.begin_mm, before_s - run.begin_s, before_s, side=side, zone_share=share)
            self.check.on_movement(ClassifiedSegment(ended, "across"))  # strokes along would change the cycle
            run = None
        self._runs[side] = run = run or (_Run(speed, before_s, before_mm) if speed > 0.0 else None)
        return run and segment(stroked_mm - run.begin_mm, self.t_s - run.begin_s, self.t_s, side=side, zone_share=share)

    def cycles_of(self, seconds: float) -> "Pair":
        """Two strokes so far apart that ended before it all began."""
        for start_s in (-2.0 * seconds, -seconds):
            self.check.on_movement(ClassifiedSegment(segment(0.0, time_s=1.0, end_s=start_s + 1.0), "along"))
        return self

    @property
    def first(self) -> tuple[float, int] | None:
        return next(((t_s, side) for t_s, side in self.told if side is not None), None)


@pytest.mark.parametrize("fps", [15.0, 30.0, 60.0])
@pytest.mark.parametrize("idle", [LEFT, RIGHT])
def test_a_side_still_for_two_seconds_while_the_other_works_is_told(idle: int, fps: float) -> None:
    speeds = (always(0.0), always(45.0)) if idle == LEFT else (always(45.0), always(0.0))
    found = Pair(fps).run(3.0, *speeds).first
    assert found is not None
    assert found[1] == idle
    assert LIMITS.symmetry.onset_s <= found[0] < LIMITS.symmetry.onset_s + 1.0


@pytest.mark.parametrize("kind", ["along", "against"])
def test_a_stroke_counts_when_it_was_made_not_when_it_is_known(kind: StrokeKind) -> None:
    """What a movement was may be decided four seconds after its end."""
    pair = Pair().run(4.0, always(0.0), always(0.0))
    pair.check.on_movement(ClassifiedSegment(segment(60.0, time_s=1.0, end_s=1.0, side=RIGHT), kind))
    pair.run(0.2, always(0.0), always(45.0))
    assert pair.first is None, "and this one has hardly begun"
    pair.run(1.0, always(0.0), always(45.0))
    assert pair.first is not None


def test_nobody_is_idle_who_has_just_set_out_or_while_the_other_goes_back() -> None:
    assert Pair().run(4.0, always(0.0), always(45.0)).check.weaker == LEFT
    pair = Pair().run(2.0, always(0.0), always(45.0)).run(2.0, always(0.0), always(0.0))
    assert pair.first is not None, "a hand that has just stroked is at work"
    pair = Pair().run(1.5, always(0.0), always(45.0)).run(2.0, always(0.0), always(0.0))
    assert pair.first is None
    assert Pair().run(2.3, always(0.0), always(0.0)).run(0.45, always(0.0), always(60.0)).first is None, "it may be lifted yet"
    assert Pair().run(2.4, always(0.0), always(45.0)).run(1.0, always(4.0), always(45.0)).first is None


def test_both_at_work_or_both_at_rest_is_balanced() -> None:
    assert Pair().run(15.0, always(45.0), always(45.0)).first is None
    assert Pair().run(15.0, always(0.0), always(0.0)).first is None


def test_who_is_elsewhere_meanwhile_is_not_ahead_of_the_other_side() -> None:
    """An itch is scratched at another place, while the other hand waits; or it goes on, and is at least as far."""
    for other in (always(0.0), always(30.0)):
        pair = Pair()
        pair.in_zone[LEFT] = False
        assert pair.run(6.0, always(60.0), other).first is None
    pair.in_zone[LEFT] = True
    assert pair.run(6.0, always(60.0), always(0.0)).first is not None


def test_who_begins_again_after_both_have_rested_is_not_ahead_before_a_second_has_gone() -> None:
    pair = Pair().run(4.0, always(45.0), always(45.0)).run(2.5, always(0.0), always(0.0))
    assert pair.run(0.9, always(60.0), always(0.0)).first is None
    assert pair.run(1.0, always(60.0), always(0.0)).first is not None


def test_much_less_path_is_told_after_its_window() -> None:
    pair = Pair().run(8.0, always(60.0), always(0.4 * 60.0))
    assert pair.first is not None
    assert pair.first[1] == RIGHT
    assert LIMITS.balance_window_s - 0.3 < pair.first[0] < LIMITS.balance_window_s + 1.5
    assert pair.check.balance == pytest.approx(0.4, abs=0.02)


def test_a_little_less_is_fine() -> None:
    assert Pair().run(15.0, always(60.0), always(0.8 * 60.0)).first is None


@pytest.mark.parametrize("shift_s", [0.3, 0.6, 0.9])
def test_phase_never_counts(shift_s: float) -> None:
    assert Pair().run(20.0, pulsed(50.0, 1.2, 0.6), pulsed(50.0, 1.2, 0.6, shift_s)).first is None


def test_long_cycles_are_compared_over_two_of_them() -> None:
    pair = Pair().cycles_of(4.0)
    pair.run(7.0, pulsed(60.0, 4.0, 0.5), pulsed(60.0, 4.0, 0.5, 1.0))
    assert pair.first is None


def test_hands_that_hardly_move_are_not_compared() -> None:
    """No balance of so little path; that one rests in its place is another thing."""
    crawling = LIMITS.tuning.segments.still_mm_s + 1.0
    pair = Pair().run(8.0, always(crawling), pulsed(crawling, 1.0, 0.5))
    assert math.isnan(pair.check.balance)


def test_out_of_view_it_is_never_judged_and_begins_anew() -> None:
    pair = Pair().run(20.0, always(60.0), always(0.0), in_view=False)
    assert pair.first is None
    pair.run(LIMITS.symmetry.onset_s - 0.3, always(60.0), always(0.0))
    assert pair.first is None
    assert math.isnan(pair.check.balance)


def test_losing_sight_mends_nothing_and_shows_nothing() -> None:
    pair = Pair().run(4.0, always(60.0), always(0.0))
    assert pair.check.weaker == RIGHT
    seen_s = pair.check.seen_s
    pair.run(3.0, always(60.0), always(0.0), in_view=False)
    assert (pair.check.weaker, pair.check.seen_s) == (RIGHT, seen_s)
    pair.run(LIMITS.same_within_s, always(60.0), always(0.0), in_view=False)
    assert pair.check.weaker is None, "seen again it would be another"


def test_an_idle_side_has_mended_when_it_has_moved_for_a_second() -> None:
    pair = Pair().run(8.0, always(60.0), always(0.0))
    assert pair.check.weaker == RIGHT
    pair.run(1.3, always(60.0), always(60.0))
    assert pair.check.weaker is None


@pytest.mark.parametrize(("share", "mended"), [(0.7, False), (0.85, True)])
def test_a_short_side_has_mended_when_it_has_kept_up_over_two_strokes(share: float, mended: bool) -> None:
    pair = Pair().cycles_of(1.5).run(8.0, always(60.0), always(20.0))
    assert pair.check.weaker == RIGHT
    pair.run(3.5, always(60.0), always(share * 60.0))
    assert (pair.check.weaker is None) == mended


def test_after_the_mend_it_is_not_raised_again_for_the_past() -> None:
    pair = Pair().run(8.0, always(60.0), always(20.0)).run(3.0, always(60.0), always(60.0))
    told = len(pair.told)
    pair.run(6.0, always(60.0), always(60.0))
    assert all(side is None for _, side in pair.told[told:])


def test_sides_that_take_turns_are_given_longer() -> None:
    turns = pulsed(60.0, 4.0, 0.5), pulsed(60.0, 4.0, 0.5, 2.0)
    assert Pair(made=step(hands="alternate")).run(12.0, *turns).first is None


def test_in_the_long_run_it_keeps_no_more_than_it_needs() -> None:
    pair = Pair().run(150.0, always(60.0), always(55.0))  # frames are forgotten from 136 s on
    assert pair.first is None
    assert pair.check.balance == pytest.approx(55 / 60, abs=0.01)


@pytest.mark.parametrize(("hold_s", "told"), [(0.0, True), (3.0, False)])
def test_hands_that_are_to_rest_are_not_idle_while_they_do(hold_s: float, told: bool) -> None:
    hold = [phase("hold", path=PATH[:1], hold_s=hold_s)] if hold_s else []
    pair = Pair(made=step("brow", phase(), *hold)).run(4.5, always(0.0), always(45.0))
    assert (pair.first is not None) == told


@pytest.mark.parametrize(("mm_s", "told"), [(4.0, False), (8.0, True)])
def test_nobody_is_idle_beside_a_side_that_hardly_works(mm_s: float, told: bool) -> None:
    """Less than 15 mm in the same 2.6 s."""
    pair = Pair()
    for _ in range(90):
        pair.t_s += 1 / 30
        places = (20.0, 0.0), (20.0 + 15.0 * (round(pair.t_s * 2) % 2), 0.0)
        pair.take(0.0, mm_s * pair.t_s, (0.0, 40.0), places)
    assert (pair.check.weaker == LEFT) == told


def test_two_long_cycles_are_compared_over_no_more_than_twelve_seconds() -> None:
    pair = Pair().cycles_of(20.0)
    pair.run(11.0, always(60.0), always(20.0))
    assert pair.first is None
    pair.run(3.0, always(60.0), always(20.0))
    assert pair.first is not None


def test_a_short_imbalance_is_a_stroke_that_has_left_the_window() -> None:
    pair = Pair().run(4.2, always(60.0), always(60.0)).run(2.0, always(60.0), always(2.0 + LIMITS.tuning.segments.still_mm_s))
    assert pair.first is None


def test_an_idle_side_that_moves_is_not_idle_even_if_it_does_little() -> None:
    pair = Pair().run(4.0, always(60.0), always(0.0))
    assert pair.check.idle
    pair.run(1.4, always(60.0), always(25.0))
    assert pair.check.weaker is None


def test_less_is_not_idle() -> None:
    pair = Pair().run(8.0, always(60.0), always(20.0))
    assert pair.check.weaker == RIGHT
    assert not pair.check.idle


def test_a_hand_away_from_its_side_rests_there() -> None:
    pair = Pair()
    for k in range(120):
        pair.t_s = k / 30
        pair.take(0.0, 45.0 * pair.t_s, (0.0, 45.0), (None, to_and_fro(45.0 * pair.t_s)))
    assert pair.check.weaker == LEFT
    assert pair.check.idle


@pytest.mark.parametrize(("share", "told"), [(0.52, True), (0.58, False), (0.65, False)])
def test_less_is_less_than_three_fifths_by_a_tenth(share: float, told: bool) -> None:
    assert (Pair().run(8.0, always(60.0), always(share * 60.0)).first is not None) == told


@pytest.mark.parametrize(("mm_s", "known"), [(9.2, False), (11.0, True)])
def test_no_balance_is_told_of_less_than_forty_millimetres_in_four_seconds(mm_s: float, known: bool) -> None:
    balance = Pair().run(5.0, always(mm_s), always(mm_s)).check.balance
    assert (not math.isnan(balance)) == known


def staying_within(mm: float) -> Pair:
    """The left hand to and fro over so much, the right one at work."""
    pair = Pair()
    for k in range(120):
        pair.t_s = k / 30
        left = 20.0 + mm * (k // 15 % 2), 0.0
        pair.take(0.0, 45.0 * pair.t_s, (0.0, 45.0), (left, to_and_fro(45.0 * pair.t_s)))
    return pair


@pytest.mark.parametrize(("mm", "idle"), [(8.0, True), (10.0, False)])
def test_still_is_within_nine_millimetres(mm: float, idle: bool) -> None:
    assert staying_within(mm).check.idle == idle


def test_one_leap_of_noise_is_no_movement() -> None:
    pair = Pair()
    for k in range(120):
        pair.t_s = k / 30
        left = (60.0, 30.0) if k in (30, 31, 32) else (20.0, 0.0)
        pair.take(0.0, 45.0 * pair.t_s, (0.0, 45.0), (left, to_and_fro(45.0 * pair.t_s)))
    assert pair.check.idle


def test_steps_in_turns_are_compared_over_twice_the_window() -> None:
    plain = phase("back-and-forth")  # whose cycles are not compared
    for hands, first_s in (("both", 4.0), ("alternate", 8.0)):
        found = Pair(made=step("saw", plain, hands=hands)).run(12.0, always(60.0), always(24.0)).first
        assert found is not None
        assert first_s + 0.6 < found[0] < first_s + 1.4, "a moment after the window is full"


def test_where_both_are_slow_the_balance_of_the_whole_window_mends() -> None:
    """In 1.2 s they do too little for that to tell."""
    pair = Pair().run(8.0, always(30.0), always(12.0))
    assert pair.check.weaker == RIGHT
    assert not pair.check.idle
    pair.run(4.5, always(30.0), always(30.0))
    assert pair.check.weaker is None


def test_a_short_side_that_does_a_little_more_has_not_mended() -> None:
    pair = Pair().run(8.0, always(60.0), always(20.0)).run(4.0, always(60.0), always(30.0))
    assert pair.check.weaker == RIGHT


# -- one side after the other ------------------------------------------------------------------------------------------


def at_the_end(
    left_mm: float, right_mm: float, unplaced: tuple[float, float] = (0.0, 0.0), hands: str = "either"
) -> str | None:
    """Which side got less, of strokes of these lengths."""
    check = SymmetryCheck(LIMITS)
    check.begin_step(plan_of(step(hands=hands)))
    for side, mm in enumerate((left_mm, right_mm)):
        check.on_movement(ClassifiedSegment(segment(mm, side=side), "along"))
        check.on_movement(ClassifiedSegment(segment(500.0, side=side), "return"))
    finding = check.at_step_end(replace(context(10.0), unplaced_share=unplaced))
    return None if finding is None else f"{finding.side} {finding.value:.2f} {finding.message_id}"


def test_sides_that_are_done_in_turn_are_compared_by_what_they_stroked() -> None:
    assert at_the_end(100.0, 55.0) == "1 0.55 symmetry.totals"
    assert at_the_end(58.0, 100.0) == "0 0.58 symmetry.totals"
    assert at_the_end(100.0, 65.0) is None
    assert at_the_end(38.0, 0.0) is None, "so little is no work"
    assert at_the_end(42.0, 0.0) == "1 0.00 symmetry.totals"
    assert at_the_end(100.0, 0.0, hands="both") is None


@pytest.mark.parametrize(("unplaced", "told"), [((0.0, 0.09), True), ((0.11, 0.0), False), ((0.0, 0.11), False)])
def test_not_if_a_hand_was_without_a_place_for_more_than_a_tenth(unplaced: tuple[float, float], told: bool) -> None:
    assert (at_the_end(100.0, 20.0, unplaced) is not None) == told


def test_a_side_that_errs_by_being_away_is_told() -> None:
    pair = Pair().run(3.5, always(60.0), always(0.0))
    here = SideFrame(hand_sample(pair.t_s, LEFT, x=30.0, y=0.0), True, segment(300.0), "along")
    there = SideFrame(hand_sample(pair.t_s, RIGHT, x=60.0, y=0.0), True, None, None)
    found = pair.check.update(context(pair.t_s + 1 / 30, here, there))
    assert found is not None
    assert (found.by_absence, found.limit) == (True, 0.6)


@pytest.mark.parametrize(("cycle_s", "told"), [(2.0, True), (6.0, False)])
def test_two_strokes_of_the_busier_side_are_compared_if_they_take_longer(cycle_s: float, told: bool) -> None:
    pair = Pair().cycles_of(cycle_s).run(8.0, always(60.0), always(20.0))
    assert (pair.first is not None) == told


def test_a_cycle_is_from_stroke_to_stroke_whatever_was_lifted_between() -> None:
    pair = Pair().cycles_of(6.0)
    for end_s in (-3.0, -1.0):
        pair.check.on_movement(ClassifiedSegment(segment(0.0, time_s=0.5, end_s=end_s), "return"))
    pair.run(8.0, always(60.0), always(20.0))
    assert pair.first is None, "two cycles take twelve seconds"
