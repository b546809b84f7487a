"""The exceptions to the coach's rules: for each the performance that is judged wrongly without it."""

import numpy as np
import pytest

from facetrack.coach import Coach, Thresholds
from facetrack.coach.strokes.contact import ContactJudge
from tests.coach.strokes.test_contact import PATH_MM, beside, judge_who_knows_slow_strokes, movement
from tests.coach.strokes.test_segments import cut
from tests.coach.synthetic import PATH, Hand, Told, film, judged, phase, routine, step

LIMITS = Thresholds()
BELOW = tuple((x, y - 45.0) for x, y in PATH)
"""A way outside the zone of the step that is tested."""


def told(left: Hand | None, right: Hand | None = None, *steps: object, seconds: float | None = None) -> Told:
    return judged(film(left, right, seconds), *steps)  # type: ignore[arg-type]


# -- what was not seen is no evidence ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("stutters", "told_of"), [(True, False), (False, True)])
def test_what_a_camera_that_stutters_has_not_seen_is_no_evidence(stutters: bool, told_of: bool) -> None:
    """The hand works outside its zone for 0.7 s in all, or without the gap for 3.5 s."""
    hand = Hand().at(PATH[0]).rest(1.0).at(BELOW[0]).go(BELOW[1], mm_s=12.0)
    frames = [points for points in film(hand, None, 4.5) if not (stutters and 1.3 < points.t_s < 4.1)]
    assert bool(judged(frames, step()).of("zone")) == told_of


def test_at_ten_frames_a_second_all_of_the_time_is_seen() -> None:
    """A tenth of a second between two frames is no gap."""
    hand = Hand().at(BELOW[0]).go(BELOW[1], mm_s=12.0)
    often, seldom = (judged(film(hand, None, fps=fps), step()).of("zone")[0].t_start_s for fps in (30.0, 10.0))
    assert seldom == pytest.approx(often, abs=0.45)


def test_a_hand_that_dashes_off_and_is_lost_has_made_no_stroke() -> None:
    hand = Hand().strokes(3).go((50.0, 40.0), mm_s=180.0).gone(1.0)
    assert [stroke.kind for stroke in told(hand).strokes].count("along") == 3


# -- steps -------------------------------------------------------------------------------------------------------------


def after_its_step(seconds: float) -> list[str]:
    """Kinds of mistakes told of a hand that goes on with a step for so long after the next one has begun."""
    hand = Hand().strokes(12)
    coach = Coach(routine(step(), step("chin", phase(path=BELOW))))
    kinds: list[str] = []
    begun_s: float | None = None
    for points in film(hand, hand):
        verdict = coach.update(points)
        begun_s = points.t_s if begun_s is None and verdict.step == 1 else begun_s
        if begun_s is not None and points.t_s < begun_s + seconds:
            kinds += [event.kind for event in verdict.changed]
    return kinds


def test_who_has_not_heard_of_the_next_step_has_three_seconds_before_anything_is_told() -> None:
    assert after_its_step(3.0) == []
    assert "zone" in after_its_step(6.0)


@pytest.mark.parametrize(("height", "goes_on"), [(36.0, False), (28.0, True)])
def test_where_zones_overlap_only_the_clearly_nearer_path_leads_to_the_next_step(height: float, goes_on: bool) -> None:
    """Paths at 40 and 28 mm, each in both zones."""
    first = step("upper", repetitions=None, seconds=30.0)
    second = step("lower", phase(path=tuple((x, 28.0) for x, _ in PATH)))
    hand = Hand().strokes(7, tuple((x, height) for x, _ in PATH))
    coach = Coach(routine(first, second))
    assert any(verdict.ended for verdict in map(coach.update, film(hand, hand))) == goes_on


# -- symmetry ----------------------------------------------------------------------------------------------------------


def test_leaps_are_no_circles() -> None:
    """One side circles; the other is flung to and fro and circles as little as a hand at rest."""
    spiral = step("spiral", phase("spiral", path=((25.0, -60.0), (50.0, 0.0))), judge=frozenset({"symmetry"}))
    busy = Hand().at((25.0, -60.0)).spiral((50.0, 0.0), 10.0)
    flung = Hand().at((10.0, -60.0))
    for _ in range(5):
        flung.rest(0.9).go((80.0, 60.0), mm_s=1500.0).rest(0.9).go((10.0, -60.0), mm_s=1500.0)
    assert [event.side for event in told(flung, busy, spiral).of("symmetry")] == ["left"]


@pytest.mark.parametrize(("tour_mm", "told_of"), [(12.0, True), (45.0, False)])
def test_a_side_that_moves_as_much_as_the_other_is_not_asked_for_more(tour_mm: float, told_of: bool) -> None:
    """What it does may be strokes that were taken for returns."""
    hand, short = Hand().at(PATH[0]), (26.0, 40.0)
    for _ in range(10):
        hand.go(short, mm_s=30.0).rest(0.1).back((26.0, 40.0 + tour_mm)).back(PATH[0]).rest(0.1)
    assert bool(told(hand, Hand().strokes(9)).of("symmetry")) == told_of


# -- pace --------------------------------------------------------------------------------------------------------------


def test_slower_is_not_asked_of_who_has_just_slowed_down() -> None:
    path = ((8.0, 40.0), (78.0, 40.0))
    hand = Hand().at(path[0]).rest(0.5).strokes(1, path, mm_s=140.0).go(path[1], mm_s=35.0).rest(0.5)
    assert told(hand, None, step("wide", phase(path=path), hands="left")).of("pace") == []


# -- contact -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mm_s", "contact"), [(35.0, "contact"), (150.0, "lifted")])
def test_a_slow_movement_beside_the_way_is_a_stroke_there_and_a_quick_one_a_lifted_hand(mm_s: float, contact: str) -> None:
    judge = judge_who_knows_slow_strokes(6)
    assert judge.judge(beside(movement(0.0, PATH_MM, mm_s, 20.0), 20.0, 0.05)) == contact


@pytest.mark.parametrize(("to_mm", "contact"), [(10.0, "contact"), (42.0, "uncertain")])
def test_a_short_slow_movement_may_be_a_hand_that_comes_down(to_mm: float, contact: str) -> None:
    judge = ContactJudge(LIMITS)
    judge.begin(80.0, [PATH_MM])
    assert judge.judge(movement(50.0, to_mm, 40.0, 12.0)) == contact


def test_a_hand_that_was_put_right_before_its_first_stroke_has_not_stroked_the_wrong_way() -> None:
    hand = Hand().at((21.0, 40.0)).rest(0.6).go(PATH[0], mm_s=110.0).rest(0.5).strokes(4, mm_s=75.0)
    kinds = [stroke.kind for stroke in told(hand).strokes]
    assert "uncertain" in kinds
    assert not {"against", "across"} & set(kinds)


# -- where movements are cut -------------------------------------------------------------------------------------------


def test_a_stroke_that_bends_away_across_the_path_goes_on() -> None:
    bend = [(40.0 + 12.0 * np.sin(a), 52.0 - 12.0 * np.cos(a)) for a in np.radians(np.arange(10.0, 101.0, 10.0))]
    hand = Hand().at(PATH[0]).rest(0.4).go((40.0, 40.0), *bend, (46.0, 90.0)).rest(0.6)
    (one,) = cut(hand)
    assert one.length_mm > 75.0


def test_turning_back_in_a_wide_angle_begins_another_movement() -> None:
    """150 degrees, square across the path, so that progress along it does not tell."""
    hand = Hand().at((30.0, 20.0)).rest(0.4).go((30.0, 60.0)).go((50.0, 25.4)).rest(0.6)
    assert len(cut(hand)) == 2


def test_of_paths_that_lie_side_by_side_the_one_that_goes_the_same_way_was_followed() -> None:
    """Out at 40 mm, back at 46 mm; made nearer to the first."""
    there_and_back = step("lips", phase(), phase(path=((58.0, 46.0), (8.0, 46.0))))
    hand = Hand().at(PATH[0])
    for _ in range(5):
        hand.go(PATH[1]).rest(0.2).go((58.0, 42.0)).rest(0.2).go((8.0, 42.0)).rest(0.2).go(PATH[0]).rest(0.2)
    said = told(hand, None, there_and_back)
    assert {stroke.kind for stroke in said.strokes} == {"along"}
    assert said.of("direction") == []


def test_a_hand_that_comes_in_one_dash_has_made_no_stroke_though_it_set_out_slowly() -> None:
    hand = Hand().at((20.0, -70.0)).rest(0.5).go((20.0, -52.0), mm_s=20.0).go((20.0, 38.0), mm_s=330.0).rest(0.5).strokes(2)
    assert all(stroke.start_mm[1] > 0.0 for stroke in told(hand).strokes)
