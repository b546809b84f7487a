"""Pace: the median over 1 s of stroking, or two strokes, above the step's limit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from facetrack.coach import Thresholds
from facetrack.coach.checks.pace import PaceCheck, median_over
from facetrack.coach.frame_context import SideFrame
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.verdict import StrokeKind
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import PATH, context, hand_sample, phase, plan_of, segment, step

LIMITS = Thresholds()
LIMIT_MM_S = 80.0


def new_check(made: CompiledStep | None = None) -> PaceCheck:
    check = PaceCheck(LEFT, LIMITS)
    check.begin_step(plan_of(made or step()))
    return check


def take(check: PaceCheck, under_way: Segment | None, t_s: float) -> bool:
    """Whether it is wrong in a frame with that stroke under way."""
    finding = check.update(context(t_s, SideFrame(hand_sample(t_s), True, under_way, under_way and "along")))
    assert (finding is not None) == check.wrong
    return check.wrong


def end(check: PaceCheck, stroke: Segment, kind: StrokeKind = "along") -> None:
    check.on_movement(ClassifiedSegment(stroke, kind))


def check_of(*paces: float, time_s: float = 0.6, every_s: float = 1.0) -> tuple[PaceCheck, float]:
    """A check that was told strokes of these speeds, so far apart, and the time after them."""
    check, now = new_check(), 0.0
    for pace in paces:
        now += every_s
        made = segment(length_mm=pace * time_s, time_s=time_s, end_s=now)
        take(check, made, now)
        end(check, made)
        take(check, None, now)
    return check, now


def test_rushed_strokes_are_wrong_and_calm_ones_right() -> None:
    assert check_of(120, 120, 120)[0].wrong
    assert not check_of(60, 60, 60, 60, 60)[0].wrong


def test_less_than_a_second_of_one_stroke_tells_nothing() -> None:
    check, _ = check_of(200)
    assert math.isnan(check.median)
    assert not check.wrong


@pytest.mark.parametrize(("every_s", "told"), [(5.0, True), (7.0, False)])
def test_who_rests_between_quick_strokes_rushes_too(every_s: float, told: bool) -> None:
    """Two strokes tell, as long as the first of them is not of another time."""
    assert check_of(200, 200, time_s=0.4, every_s=2.0 * every_s)[0].wrong == told


def test_a_long_stroke_is_judged_while_it_goes_on() -> None:
    check, wrong = new_check(), []
    for k in range(1, 75):
        t_s = k / 30
        wrong.append(take(check, segment(length_mm=150.0 * t_s, time_s=t_s, end_s=t_s), t_s))
    assert wrong.index(True) / 30 == pytest.approx(LIMITS.pace.onset_s, abs=0.15)
    assert check.median == pytest.approx(150.0)


def test_it_is_the_median_so_one_dash_is_forgiven() -> None:
    check, _ = check_of(60, 60, 200, 60, 60)
    assert not check.wrong


def test_it_is_mended_by_calm_strokes_within_a_second_and_a_half_of_stroking() -> None:
    check, now = check_of(150, 150, 150)
    assert check.wrong
    for k in range(1, 46):
        t_s = now + k / 30
        take(check, segment(length_mm=50.0 * k / 30, time_s=k / 30, end_s=t_s), t_s)
    assert not check.wrong


@pytest.mark.parametrize(("times_the_limit", "told"), [(1.02, False), (1.1, True)])
def test_what_may_be_the_limit_as_well_is_not_told(times_the_limit: float, told: bool) -> None:
    assert check_of(*[times_the_limit * LIMIT_MM_S] * 4)[0].wrong == told


def test_exactly_at_the_limit_is_not_rushed() -> None:
    assert not check_of(LIMIT_MM_S, LIMIT_MM_S, LIMIT_MM_S, LIMIT_MM_S)[0].wrong


def test_a_hand_that_rests_has_not_slowed_down_nor_is_it_seen_to_rush() -> None:
    check, now = check_of(150, 150, 150)
    assert take(check, None, now + 6.0)
    assert check.seen_s == now
    assert not take(check, None, now + LIMITS.same_within_s + 0.1), "seen again it would be another mistake"


def test_before_any_stroke_there_is_no_pace() -> None:
    check = new_check()
    assert not take(check, None, 5.0)
    assert math.isnan(check.median)


def test_a_step_without_a_limit_is_never_rushed() -> None:
    check = new_check(step("held", phase("hold", path=PATH[:1])))
    for k in range(1, 10):
        end(check, segment(length_mm=200.0, time_s=0.8, end_s=float(k)))
        assert not take(check, None, float(k))


def test_another_step_begins_anew() -> None:
    check, now = check_of(150, 150, 150)
    check.reset()
    assert not take(check, None, now)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 300)), min_size=1, max_size=30))
def test_the_median_is_weighted_by_time(samples: list[tuple[int, float]]) -> None:
    """As if every sample were so many of equal length."""
    spread = np.repeat([value for _, value in samples], [times for times, _ in samples])
    found = median_over([(float(times), value) for times, value in samples])
    low, high = np.quantile(spread, 0.5, method="lower"), np.quantile(spread, 0.5, method="higher")
    assert low <= found <= high


def test_of_nothing_there_is_no_median() -> None:
    assert math.isnan(median_over([]))


def test_a_hand_that_sways_between_quick_strokes_is_rushed_all_the_same() -> None:
    """It takes its time over a tenth of a stroke's way, up from the skin and down to it."""
    check, now = new_check(), 0.0
    for _ in range(3):
        for length_mm, time_s in ((80.0, 0.4), (12.0, 0.45), (12.0, 0.45)):
            now += 1.0
            end(check, segment(length_mm=length_mm, time_s=time_s, end_s=now))
            take(check, None, now)
    assert check.wrong


def test_a_spiral_s_drift_is_not_compared_by_length() -> None:
    check = new_check(step("spiral", phase("spiral")))
    for now, length_mm in enumerate((80.0, 10.0, 80.0, 10.0), 1):
        end(check, segment(length_mm=length_mm, time_s=0.8, end_s=float(now)))
        take(check, None, float(now))
    assert check.median < 50.0


def stroke_of(end_s: float, *parts: tuple[float, float]) -> Segment:
    """A stroke made of parts, each so long (s) at one pace."""
    speeds, begin_s = [], end_s - sum(seconds for seconds, _ in parts)
    t_s = begin_s
    for seconds, pace in parts:
        for _ in range(round(30 * seconds)):
            t_s += 1 / 30
            speeds.append((t_s, 1 / 30, pace))
    length_mm = sum(dt_s * pace for _, dt_s, pace in speeds)
    made = segment(length_mm=length_mm, time_s=end_s - begin_s, end_s=end_s)
    made.speeds[:] = speeds
    return made


def median_of(*strokes: Segment) -> float:
    check = new_check()
    for one in strokes:
        end(check, one)
        take(check, None, one.t_end_s)
    return check.median


def test_hovering_before_and_after_a_stroke_is_no_stroking() -> None:
    """Slower than about a sixth of the stroke's peak."""
    hovering = [stroke_of(float(k), (0.3, 15.0), (0.3, 100.0), (0.3, 15.0)) for k in range(1, 7)]
    assert median_of(*hovering) == pytest.approx(100.0)
    slow = [stroke_of(float(k), (0.3, 20.0), (0.3, 100.0), (0.3, 20.0)) for k in range(1, 7)]
    assert median_of(*slow) == pytest.approx(20.0)


def test_the_end_of_a_long_stroke_may_be_a_hand_that_lifts_off_and_that_of_a_short_one_is_stroking() -> None:
    calm = stroke_of(2.0, (1.0, 70.0))
    assert median_of(calm, stroke_of(4.0, (0.7, 70.0), (0.4, 100.0), (0.2, 300.0))) == pytest.approx(70.0)
    assert median_of(calm, stroke_of(4.0, (0.2, 70.0), (0.5, 100.0), (0.3, 300.0))) == pytest.approx(100.0)


def test_the_first_of_a_movement_under_way_may_be_a_hand_that_lifts() -> None:
    medians = []
    for begun_s in (0.2, 0.4):
        check = new_check()
        end(check, stroke_of(2.0, (1.0, 50.0)))
        end(check, stroke_of(4.0, (1.0, 50.0)))
        take(check, stroke_of(4.0 + begun_s, (begun_s, 300.0)), 4.0 + begun_s)
        medians.append(check._window(stroke_of(4.0 + begun_s, (begun_s, 300.0)), 4.0 + begun_s)[0][0][1])
    assert medians == [50.0, 300.0]


def test_who_has_slowed_down_must_rush_anew_to_be_told_again() -> None:
    check, now = check_of(150, 150, 150)
    now += 2.0
    end(check, stroke_of(now, (1.0, 50.0)))
    assert not take(check, None, now)
    end(check, stroke_of(now + 1.0, (0.6, 150.0)))
    assert not take(check, None, now + 1.0), "what was before the mend is forgotten"


def test_the_latest_stroking_is_the_last_second_of_it() -> None:
    assert median_of(*(stroke_of(float(k), (0.5, 60.0 + 10.0 * k)) for k in range(1, 9))) == pytest.approx(135.0, abs=5.1)


@pytest.mark.parametrize(
    ("kind", "zone_share", "length_mm", "counts"),
    [
        ("along", 1.0, 60.0, True),
        ("against", 1.0, 60.0, False),
        ("across", 1.0, 60.0, False),
        ("return", 1.0, 60.0, False),
        ("uncertain", 1.0, 60.0, False),
        ("along", 0.55, 60.0, True),
        ("along", 0.45, 60.0, False),
        ("along", 1.0, 9.0, True),
        ("along", 1.0, 7.0, False),
    ],
)
def test_pace_is_that_of_strokes_along_the_path_half_in_the_zone_and_eight_millimetres_long(
    kind: StrokeKind, zone_share: float, length_mm: float, counts: bool
) -> None:
    check = new_check()
    for k in range(1, 5):
        check.on_movement(ClassifiedSegment(segment(length_mm, time_s=0.5, end_s=float(k), zone_share=zone_share), kind))
        take(check, None, float(k))
    assert (not math.isnan(check.median)) == counts


@pytest.mark.parametrize(("quicker", "counts"), [(1.2, True), (1.3, False)])
def test_the_way_back_of_a_stroke_the_wrong_way_has_no_pace(quicker: float, counts: bool) -> None:
    check = new_check()
    for k in range(1, 5):
        end(check, segment(40.0, time_s=1.0, end_s=2.0 * k), "against")
        end(check, segment(40.0, time_s=1.0 / quicker, end_s=2.0 * k + 1.0))
        take(check, None, 2.0 * k + 1.0)
    assert (not math.isnan(check.median)) == counts


@pytest.mark.parametrize(("zone_share", "wrong"), [(0.55, True), (0.45, False)])
def test_nor_is_what_goes_on_outside_the_zone_which_is_a_hand_on_its_way(zone_share: float, wrong: bool) -> None:
    assert take(new_check(), segment(240.0, time_s=1.5, end_s=1.5, zone_share=zone_share), 1.5) == wrong


def test_the_other_side_s_strokes_are_not_this_side_s_pace() -> None:
    check = new_check()
    for k in range(1, 5):
        check.on_movement(ClassifiedSegment(segment(100.0, time_s=0.5, end_s=float(k), side=RIGHT), "along"))
        assert not take(check, None, float(k))
    assert math.isnan(check.median)


def test_what_was_said_of_a_hasty_side_stays_as_it_was_said() -> None:
    check, now = check_of(150, 150, 150)
    said = check.update(context(now))
    end(check, segment(120.0, time_s=0.6, end_s=now + 1.0))
    later = check.update(context(now + 1.0))
    assert said is not None
    assert said.value == pytest.approx(150.0)
    assert (said.limit, said.side, said.kind, said.message_id) == (80.0, LEFT, "pace", "pace.slower")
    assert later == said
