"""Direction: two strokes in a row or one second of stroking off the path."""

from itertools import count

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.direction import DirectionCheck
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.strokes.classifier import Judged
from facetrack.coach.verdict import StrokeKind
from tests.coach.synthetic import phase, routine, segment, step

LIMITS = Thresholds()


@pytest.fixture
def check() -> DirectionCheck:
    return DirectionCheck(LIMITS)


def stroke(check: DirectionCheck, kind: StrokeKind, end_s: float, time_s: float = 0.4, zone_share: float = 1.0) -> bool:
    off = {"along": 5.0, "across": 90.0, "against": 175.0, "return": 175.0, "uncertain": 170.0}[kind]
    check.stroke(Judged(segment(time_s=time_s, end_s=end_s, off_deg=off, zone_share=zone_share), kind))
    return check.update(None, 0.0, 0.0, 0.0, 0.0, end_s)


@pytest.mark.parametrize("kind", ["against", "across"])
def test_two_in_a_row_are_wrong_one_is_not(check: DirectionCheck, kind: StrokeKind) -> None:
    assert not stroke(check, kind, 1.0)
    assert stroke(check, kind, 2.0)
    assert check.off_path_deg > LIMITS.off_path_deg


def test_strokes_along_the_path_are_right(check: DirectionCheck) -> None:
    assert not any(stroke(check, "along", float(k)) for k in range(20))


@pytest.mark.parametrize("kind", ["return", "uncertain"])
def test_a_lifted_return_is_no_stroke_and_what_is_uncertain_no_evidence(check: DirectionCheck, kind: StrokeKind) -> None:
    assert not any(stroke(check, kind, float(k)) for k in range(20))


def test_outside_its_zone_a_stroke_has_no_direction(check: DirectionCheck) -> None:
    assert not any(stroke(check, "against", float(k), zone_share=0.3) for k in range(10))


def test_one_second_of_it_is_enough_for_a_single_stroke(check: DirectionCheck) -> None:
    assert stroke(check, "against", 1.0, time_s=LIMITS.off_path_s + 0.05)


def test_the_stroke_under_way_counts_before_it_ends(check: DirectionCheck) -> None:
    wrong = [check.update("against", 30.0, k / 30, 1.0, 175.0, k / 30) for k in range(45)]
    assert wrong.index(True) / 30 == pytest.approx(LIMITS.off_path_s, abs=0.05)


@pytest.mark.parametrize(
    ("kind", "length_mm", "zone_share"),
    [("against", LIMITS.shortest_stroke_mm - 1, 1.0), ("against", 30.0, 0.2), ("uncertain", 30.0, 1.0), ("along", 30.0, 1.0)],
)
def test_short_outside_uncertain_or_right_ones_under_way_are_no_evidence(
    check: DirectionCheck, kind: str, length_mm: float, zone_share: float
) -> None:
    assert not any(check.update(kind, length_mm, k / 30, zone_share, 175.0, k / 30) for k in range(60))


def test_right_strokes_between_break_the_row(check: DirectionCheck) -> None:
    clock = count(1)
    for _ in range(2):
        assert not stroke(check, "against", float(next(clock)), time_s=0.2)
        for _ in range(2):
            assert not stroke(check, "along", float(next(clock)))


def test_it_is_mended_by_stroking_the_right_way(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    assert stroke(check, "against", 2.0)
    assert not stroke(check, "along", 3.0)


def test_half_a_second_the_right_way_under_way_mends_too(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    stroke(check, "against", 2.0)
    assert not all(check.update("along", 40.0 * k / 30, k / 30, 1.0, 5.0, 2.0 + k / 30) for k in range(45))


def test_sliding_back_in_contact_is_told_from_stroking_the_wrong_way(check: DirectionCheck) -> None:
    for k in range(4):
        stroke(check, "along", 2.0 * k + 1)
        stroke(check, "against", 2.0 * k + 2)
    assert check.wrong
    assert check.sliding


def test_sliding_is_mended_by_a_lifted_return_and_not_by_a_stroke(check: DirectionCheck) -> None:
    for k in range(4):
        stroke(check, "along", 2.0 * k + 1)
        stroke(check, "against", 2.0 * k + 2)
    assert stroke(check, "along", 9.0)
    assert not stroke(check, "return", 10.0)


def test_nothing_stays_wrong_without_new_evidence(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    stroke(check, "against", 2.0)
    assert check.update(None, 0, 0, 0, 0, 4.0)
    assert not check.update(None, 0, 0, 0, 0, 12.0)


def test_spirals_may_ask_for_longer_evidence(check: DirectionCheck) -> None:
    check.begin(2.0, LIMITS.shortest_stroke_mm)
    assert not stroke(check, "against", 2.0, time_s=1.6)


def test_another_step_begins_anew(check: DirectionCheck) -> None:
    stroke(check, "against", 1.0)
    check.begin(LIMITS.off_path_s, LIMITS.shortest_stroke_mm)
    assert not stroke(check, "against", 2.0)


def test_a_drift_within_a_spiral_s_loop_has_no_direction() -> None:
    check = DirectionCheck(LIMITS)
    check.begin(off_path_s=1.5, least_mm=20.0)
    for end_s in (2.0, 4.0, 6.0):
        check.stroke(Judged(segment(12.0, time_s=1.6, end_s=end_s, off_deg=175.0), "against"))
        assert not check.update("against", 15.0, 3.0, 1.0, 175.0, end_s + 0.5)
    assert check.update("against", 21.0, 3.0, 1.0, 175.0, 8.0)


def test_the_loops_of_a_spiral_are_as_wide_as_the_routine_says() -> None:
    made = routine(step("spiral", phase("spiral", turn_radius_mm=9.0)), step())
    assert [StepPlan.of(one, atlas_of(made)).loop_mm for one in made.steps] == [18.0, 0.0]


@pytest.mark.parametrize(("later_s", "wrong"), [(4.8, True), (5.2, False)])
def test_without_new_evidence_it_is_withdrawn_after_five_seconds(check: DirectionCheck, later_s: float, wrong: bool) -> None:
    stroke(check, "against", 1.0)
    stroke(check, "against", 2.0)
    assert check.update(None, 0.0, 0.0, 0.0, 0.0, 2.0 + later_s) == wrong


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
    check.stroke(Judged(segment(40.0 * quicker, time_s=0.8, end_s=1.0, off_deg=5.0), "along"))
    check.stroke(Judged(segment(55.0, time_s=1.1, end_s=3.0, off_deg=175.0), "against"))
    assert check.wrong
    assert check.sliding == sliding


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
    assert check.update("along", length_mm, time_s, zone_share, 5.0, 2.6) == wrong


def test_of_a_slide_only_a_return_after_a_right_stroke_mends(check: DirectionCheck) -> None:
    for k in range(4):
        stroke(check, "along", 2.0 * k + 1)
        stroke(check, "against", 2.0 * k + 2)
    assert check.update("along", 40.0, 1.0, 1.0, 5.0, 8.5), "it is the way back that was wrong"
    assert check.update("return", 20.0, 0.6, 1.0, 175.0, 8.6), "after a slide"
    stroke(check, "along", 9.0)
    assert not check.update("return", 20.0, 0.6, 1.0, 175.0, 9.5)


def test_it_says_how_far_off_the_newest_wrong_stroke_was(check: DirectionCheck) -> None:
    for end_s, off_deg in ((1.0, 150.0), (2.0, 130.0), (3.0, 110.0)):
        check.stroke(Judged(segment(off_deg=off_deg, time_s=0.4, end_s=end_s), "against"))
    assert check.off_path_deg == pytest.approx(110.0)
    check.update("against", 30.0, 1.2, 1.0, 95.0, 4.5)
    assert check.off_path_deg == pytest.approx(95.0)
