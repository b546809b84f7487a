"""Direction: half a path of it, two strokes in a row or one second of stroking off the path."""

from itertools import count

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.direction import DirectionCheck
from facetrack.coach.frame_context import SideFrame
from facetrack.coach.strokes.classifier import ClassifiedSegment
from facetrack.coach.strokes.segments import Segment
from facetrack.coach.verdict import StrokeKind
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import context, hand_sample, phase, plan_of, segment, step

LIMITS = Thresholds()


@pytest.fixture
def check() -> DirectionCheck:
    return check_of(step())


def check_of(made: CompiledStep) -> DirectionCheck:
    check = DirectionCheck(LEFT, LIMITS)
    check.begin_step(plan_of(made))
    return check


def stroke(
    check: DirectionCheck, kind: StrokeKind, end_s: float, time_s: float = 0.4, zone_share: float = 1.0, mm: float = 20.0
) -> bool:
    """Whether it is wrong after a stroke, by default one that is shorter than half of the path of 50 mm."""
    off = {"along": 5.0, "across": 90.0, "against": 175.0, "return": 175.0, "uncertain": 170.0}[kind]
    check.on_movement(ClassifiedSegment(segment(mm, time_s, end_s, off, zone_share), kind))
    return at(check, end_s)


def at(check: DirectionCheck, t_s: float, kind: StrokeKind | None = None, movement: Segment | None = None) -> bool:
    """Whether it is wrong in a frame with that movement under way."""
    finding = check.update(context(t_s, SideFrame(hand_sample(t_s), True, movement, kind)))
    assert (finding is not None) == check.wrong
    return check.wrong


@pytest.mark.parametrize("kind", ["against", "across"])
def test_two_in_a_row_are_wrong_one_is_not(check: DirectionCheck, kind: StrokeKind) -> None:
    assert not stroke(check, kind, 1.0)
    assert stroke(check, kind, 2.0)
    assert check.off_path_deg > LIMITS.off_path_deg


def test_one_aside_is_none_however_long(check: DirectionCheck) -> None:
    """A lifted way back that goes round the strokes' way looks so, in parts."""
    for k in range(3):
        assert not stroke(check, "along", 10.0 * k, mm=50.0)
        assert not stroke(check, "across", 10.0 * k + 2.0, time_s=1.6, mm=40.0)
    way = segment(12.0, 0.6, 25.0, 90.0, ended=False)
    assert at(check, 25.0, "across", way), "the second in a row, as soon as it is one"


def test_strokes_along_the_path_are_right(check: DirectionCheck) -> None:
    assert not any(stroke(check, "along", float(k)) for k in range(20))


@pytest.mark.parametrize("kind", ["return", "uncertain"])
def test_a_lifted_return_is_no_stroke_and_what_is_uncertain_no_evidence(check: DirectionCheck, kind: StrokeKind) -> None:
    assert not any(stroke(check, kind, float(k)) for k in range(20))


def test_outside_its_zone_a_stroke_has_no_direction(check: DirectionCheck) -> None:
    assert not any(stroke(check, "against", float(k), zone_share=0.3) for k in range(10))


def test_one_second_of_it_is_enough_for_a_single_stroke(check: DirectionCheck) -> None:
    assert stroke(check, "against", 1.0, time_s=LIMITS.direction.onset_s + 0.05)


def test_the_stroke_under_way_counts_before_it_ends(check: DirectionCheck) -> None:
    ways = [segment(22.0 * k / 60, k / 30, k / 30, 175.0, ended=False) for k in range(1, 60)]
    wrong = [at(check, way.t_end_s, "against", way) for way in ways]
    assert (wrong.index(True) + 1) / 30 == pytest.approx(LIMITS.tuning.direction.shown_s, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "length_mm", "zone_share"),
    [
        ("against", LIMITS.tuning.strokes.shortest_mm - 1, 1.0),
        ("against", 30.0, 0.2),
        ("uncertain", 30.0, 1.0),
        ("along", 30.0, 1.0),
    ],
)
def test_short_outside_uncertain_or_right_ones_under_way_are_no_evidence(
    check: DirectionCheck, kind: StrokeKind, length_mm: float, zone_share: float
) -> None:
    for k in range(1, 60):
        assert not at(check, k / 30, kind, segment(length_mm, k / 30, k / 30, 175.0, zone_share))


@pytest.mark.parametrize(("path_mm", "least_mm"), [(20.0, 15.0), (50.0, 25.0), (100.0, 40.0)])
def test_half_of_the_path_in_one_stroke_is_enough_at_least_fifteen_at_most_forty_millimetres(
    path_mm: float, least_mm: float
) -> None:
    for mm, wrong in ((least_mm - 1.0, False), (least_mm + 1.0, True)):
        check = check_of(step("brow", phase(path=((8.0, 40.0), (8.0 + path_mm, 40.0)))))
        assert at(check, 0.5, "against", segment(mm, 0.5, 0.5, 175.0)) == wrong, "under way"
        check = check_of(step("brow", phase(path=((8.0, 40.0), (8.0 + path_mm, 40.0)))))
        assert stroke(check, "against", 0.5, mm=mm) == wrong, "ended"


def test_right_strokes_between_break_the_row(check: DirectionCheck) -> None:
    clock = count(1)
    for _ in range(2):
        assert not stroke(check, "against", float(next(clock)), time_s=0.2)
        for _ in range(2):
            assert not stroke(check, "along", float(next(clock)))


def test_it_is_mended_by_stroking_the_right_way(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    assert stroke(check, "against", 2.0)
    assert stroke(check, "along", 3.0, mm=20.0), "less than half of the path, and of half a second"
    assert not stroke(check, "along", 4.0, mm=30.0)


def test_half_a_second_the_right_way_under_way_mends_too(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    stroke(check, "against", 2.0)
    assert not all(at(check, 2.0 + k / 30, "along", segment(40.0 * k / 30, k / 30, 2.0 + k / 30, 5.0)) for k in range(1, 45))


def test_sliding_back_in_contact_is_told_from_stroking_the_wrong_way(check: DirectionCheck) -> None:
    for k in range(4):
        stroke(check, "along", 2.0 * k + 1)
        stroke(check, "against", 2.0 * k + 2)
    assert check.wrong
    assert check.returning_in_contact


def test_sliding_is_mended_by_a_lifted_return_and_not_by_a_stroke(check: DirectionCheck) -> None:
    for k in range(4):
        stroke(check, "along", 2.0 * k + 1)
        stroke(check, "against", 2.0 * k + 2)
    assert stroke(check, "along", 9.0)
    assert not stroke(check, "return", 10.0, mm=30.0)


def test_without_new_evidence_it_stands_until_it_would_be_another_mistake(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    stroke(check, "against", 2.0)
    assert at(check, 2.0 + LIMITS.same_within_s - 0.1)
    assert check.seen_s == 2.0
    assert not at(check, 2.0 + LIMITS.same_within_s + 0.1)


def test_while_it_is_wrong_any_wrong_stroke_is_seen(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    stroke(check, "against", 2.0)
    assert at(check, 9.0, "against", segment(12.0, 0.3, 9.0, 175.0))
    assert check.seen_s == 9.0


def test_another_step_begins_anew(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    check.begin_step(plan_of())
    assert not stroke(check, "against", 2.0)


def test_to_and_fro_there_is_no_wrong_direction() -> None:
    check = check_of(step("fro", phase("back-and-forth")))
    for k in range(1, 5):
        check.on_movement(ClassifiedSegment(segment(end_s=float(k), off_deg=175.0), "against"))
        assert check.update(context(float(k))) is None


def test_the_other_side_s_strokes_are_not_this_one_s(check: DirectionCheck) -> None:
    for k in range(1, 5):
        check.on_movement(ClassifiedSegment(segment(end_s=float(k), off_deg=175.0, side=RIGHT), "against"))
        assert not at(check, float(k))


def test_a_drift_within_a_spiral_s_loop_has_no_direction() -> None:
    check = check_of(step("spiral", phase("spiral", turns_s=(1.0, 1.0), turn_radius_mm=10.0)))
    for end_s in (2.0, 4.0, 6.0):
        check.on_movement(ClassifiedSegment(segment(12.0, time_s=1.6, end_s=end_s, off_deg=175.0), "against"))
        assert not at(check, end_s + 0.5, "against", segment(15.0, 3.0, end_s + 0.5, 175.0))
    assert at(check, 8.0, "against", segment(21.0, 3.0, 8.0, 175.0))


def test_the_loops_of_a_spiral_are_as_wide_as_the_routine_says() -> None:
    assert plan_of(step("spiral", phase("spiral", turn_radius_mm=9.0))).loop_diameter_mm == 18.0
    assert plan_of().loop_diameter_mm == 0.0


def test_a_stroke_and_a_lifted_return_forget_the_odd_one_before_them(check: DirectionCheck) -> None:
    for k in range(4):
        assert not stroke(check, "against", 3.0 * k + 1, time_s=0.4)
        assert not stroke(check, "along", 3.0 * k + 2)
        assert not stroke(check, "return", 3.0 * k + 3)


def test_odd_strokes_between_right_ones_add_up_where_nothing_is_lifted(check: DirectionCheck) -> None:
    assert any([stroke(check, kind, float(k), time_s=0.4) for k in range(8) for kind in ("against", "along")][:6])


@pytest.mark.parametrize(("quicker", "sliding"), [(1.0, True), (1.9, True), (2.1, False)])
def test_a_hand_that_was_put_elsewhere_in_one_leap_has_not_slid(check: DirectionCheck, quicker: float, sliding: bool) -> None:
    """Before a wrong stroke: a movement along the path at more than twice its speed was no stroke."""
    check.on_movement(ClassifiedSegment(segment(40.0 * quicker, time_s=0.8, end_s=1.0, off_deg=5.0), "along"))
    check.on_movement(ClassifiedSegment(segment(55.0, time_s=1.1, end_s=3.0, off_deg=175.0), "against"))
    assert check.wrong
    assert check.returning_in_contact == sliding


@pytest.mark.parametrize(
    ("length_mm", "time_s", "zone_share", "wrong"),
    [(12.0, 0.55, 1.0, False), (12.0, 0.45, 1.0, True), (8.0, 0.55, 1.0, True), (12.0, 0.55, 0.4, True)],
    ids=["half a second", "shorter", "hardly any way", "outside the zone"],
)
def test_half_a_second_the_right_way_mends(
    check: DirectionCheck, length_mm: float, time_s: float, zone_share: float, wrong: bool
) -> None:
    stroke(check, "against", 1.0)
    stroke(check, "against", 2.0)
    assert at(check, 2.6, "along", segment(length_mm, time_s, 2.6, 5.0, zone_share)) == wrong


def test_of_a_slide_only_a_return_after_a_right_stroke_mends(check: DirectionCheck) -> None:
    for k in range(4):
        stroke(check, "along", 2.0 * k + 1)
        stroke(check, "against", 2.0 * k + 2)
    assert at(check, 8.5, "along", segment(40.0, 1.0, 8.5, 5.0, 1.0)), "it is the way back that was wrong"
    assert at(check, 8.6, "return", segment(20.0, 0.6, 8.6, 175.0, 1.0)), "after a slide"
    stroke(check, "along", 9.0)
    assert at(check, 9.5, "return", segment(20.0, 0.6, 9.5, 175.0, 1.0)), "half of it may be a hand that comes down"
    assert not at(check, 9.6, "return", segment(30.0, 0.7, 9.6, 175.0, 1.0))


def test_it_says_how_far_off_the_stroke_was_that_made_it_wrong(check: DirectionCheck) -> None:
    for end_s, off_deg in ((1.0, 150.0), (2.0, 130.0), (3.0, 110.0)):
        check.on_movement(ClassifiedSegment(segment(20.0, off_deg=off_deg, time_s=0.4, end_s=end_s), "against"))
    assert check.off_path_deg == pytest.approx(130.0)


@pytest.mark.parametrize(("zone_share", "told"), [(0.45, False), (0.55, True)])
def test_half_of_a_stroke_must_be_in_the_zone(check: DirectionCheck, zone_share: float, told: bool) -> None:
    stroke(check, "against", 1.0, zone_share=zone_share)
    assert stroke(check, "against", 2.0, zone_share=zone_share) == told


@pytest.mark.parametrize(("length_mm", "told"), [(9.0, False), (11.0, True)])
def test_a_stroke_of_less_than_ten_millimetres_has_no_direction(check: DirectionCheck, length_mm: float, told: bool) -> None:
    for end_s in (1.0, 2.0):
        check.on_movement(ClassifiedSegment(segment(length_mm, time_s=0.4, end_s=end_s, off_deg=175.0), "against"))
    assert at(check, 2.0) == told


def test_what_is_under_way_adds_to_what_has_ended(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0, time_s=0.5)
    check.on_movement(ClassifiedSegment(segment(20.0, time_s=0.4, end_s=1.5, off_deg=5.0), "along"))
    assert not at(check, 2.0, "against", segment(20.0, time_s=0.45, off_deg=175.0))
    assert not at(check, 2.1, "against", segment(22.0, time_s=0.55, off_deg=175.0, ended=False)), "it may be lifted yet"
    assert at(check, 2.1, "against", segment(22.0, time_s=0.55, off_deg=175.0))


def test_what_was_said_stays_as_it_was_said(check: DirectionCheck) -> None:
    stroke(check, "across", 1.0)
    check.on_movement(ClassifiedSegment(segment(20.0, time_s=0.4, end_s=2.0, off_deg=90.0), "across"))
    said = check.update(context(2.0))
    stroke(check, "against", 3.0)
    assert said is not None
    assert said.value == pytest.approx(90.0)
    assert (said.limit, said.side, said.message_id) == (60.0, LEFT, "direction.outward")
    assert check.update(context(3.0)) == said


@pytest.mark.parametrize("motion", ["back-and-forth", "hold"])
def test_motions_without_a_direction_are_not_judged(motion: str) -> None:
    check = check_of(step("other", phase(motion)))  # type: ignore[arg-type]
    for end_s in (1.0, 2.0, 3.0):
        check.on_movement(ClassifiedSegment(segment(time_s=0.6, end_s=end_s, off_deg=175.0), "against"))
        assert check.update(context(end_s)) is None
