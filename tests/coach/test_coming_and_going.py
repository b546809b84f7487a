"""Hands that come, go, wait and hover: what is no stroke and no mistake, beside strokes that look alike."""

import pytest

from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import FPS, PATH, Hand, Told, film, judged, phase, step

BEGIN, END = (25.0, -60.0), (50.0, 0.0)
SPIRAL = step("spiral", phase("spiral", path=(BEGIN, END)))


def told(hand: Hand, one: CompiledStep | None = None) -> Told:
    return judged(film(hand, None), one or step(hands="left"))


def kinds(said: Told) -> list[str]:
    return [stroke.kind for stroke in said.strokes]


# -- coming ------------------------------------------------------------------------------------------------------------


UP = ((30.0, -60.0), (30.0, 40.0))
LONG = step("long", phase(path=UP), hands="left")


@pytest.mark.parametrize(("mm_s", "count"), [(220.0, 3), (45.0, 4)])
def test_a_hand_that_comes_into_sight_is_on_its_way_until_it_slows_down(mm_s: float, count: int) -> None:
    """It appears at the path's beginning and runs along it; slowly enough, that is a stroke like others."""
    hand = Hand(now_s=1.0).at(UP[0]).go(UP[1], mm_s=mm_s).rest(0.3).back(UP[0]).rest(0.2).strokes(3, UP)
    assert kinds(told(hand, LONG)).count("along") == count


# -- waiting -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("waits_s", "told_of"), [(1.2, False), (4.5, True)])
def test_a_lifted_hand_may_wait_beside_its_zone_before_it_is_put_down(waits_s: float, told_of: bool) -> None:
    """For a second and a half nothing is said; after that its time there counts half."""
    below = (8.0, 2.0)
    hand = Hand().strokes(2)
    for _ in range(3):
        hand.go(PATH[1]).rest(0.1).back(below, mm_s=110.0).rest(waits_s).go(PATH[0], mm_s=60.0).rest(0.2)
    assert bool(told(hand).of("zone")) == told_of


def test_a_hand_that_left_the_face_is_not_in_the_wrong_place_any_more() -> None:
    low = tuple((x, y - 45.0) for x, y in PATH)
    hand = Hand().strokes(2).strokes(4, low)
    left_s = hand.now_s
    hand.gone(7.0)
    (event,) = told(hand).of("zone")
    assert event.t_end_s is not None
    assert left_s - 0.5 < event.t_end_s < left_s + 1.0, "it ends at its last evidence"
    assert not event.mended


# -- pace --------------------------------------------------------------------------------------------------------------


def test_haste_outside_the_zone_is_no_rushed_stroke() -> None:
    far = ((20.0, -130.0), (70.0, -130.0))
    hand = Hand().strokes(2).strokes(6, far, mm_s=105.0)
    assert told(hand).of("pace") == []
    assert told(Hand().strokes(2).strokes(6, mm_s=105.0)).of("pace")


def test_pace_is_told_as_the_median_of_the_latest_stroking() -> None:
    verdicts = told(Hand().strokes(5, mm_s=40.0)).verdicts
    assert verdicts[-1].sides[0].pace == pytest.approx(42.0, abs=6.0)
    assert verdicts[round(0.5 * FPS)].sides[0].pace != verdicts[round(0.5 * FPS)].sides[0].pace, "too little is not known"


# -- spirals -----------------------------------------------------------------------------------------------------------


def circling(*ends: tuple[tuple[float, float], float]) -> Hand:
    """Spirals from place to place, each so long; the first begins where BEGIN is."""
    hand = Hand().at(BEGIN)
    for place, seconds in ends:
        hand.spiral(place, seconds)
    return hand


def test_a_spiral_s_drift_is_a_stroke_along_the_path_from_its_begin_to_its_end() -> None:
    said = told(circling((END, 7.0)).rest(2.0), SPIRAL)
    along = [stroke for stroke in said.strokes if stroke.kind == "along"]
    assert along
    assert sum(stroke.length_mm for stroke in along) == pytest.approx(65.0, rel=0.3)
    assert sum(abs(stroke.turning_rad) for stroke in along) == pytest.approx(6.28 * 6.0, rel=0.25)
    assert said.verdicts[-1].sides[0].repetitions == 1
    assert all(stroke.contact_share == 1.0 for stroke in along)


def test_the_way_over_to_the_next_spiral_is_no_stroke() -> None:
    """Straight and quick, the opposite way."""
    hand = circling((END, 6.0)).go(BEGIN, mm_s=90.0)
    hand.spiral(END, 6.0).rest(2.0)
    said = told(hand, SPIRAL)
    assert not {"against", "across"} & set(kinds(said))
    assert said.of("direction") == []
    assert said.verdicts[-1].sides[0].repetitions == 2


def test_a_hand_that_hovers_in_a_spiral_s_place_does_not_circle() -> None:
    """It drifts slowly the wrong way, without turning: whether that is a stroke nobody knows."""
    hand = circling((END, 6.0)).go(BEGIN, mm_s=12.0).rest(0.5)
    said = told(hand, SPIRAL)
    assert said.of("direction") == []
    assert not {"against", "across"} & set(kinds(said))


def test_a_hand_at_rest_has_no_drift() -> None:
    said = told(circling((END, 6.0)).rest(6.0), SPIRAL)
    assert said.of("direction") == []
    assert all(stroke.t_end_s < 8.0 for stroke in said.strokes)


@pytest.mark.parametrize(("turns_s", "told_of"), [(1.4, False), (2.2, True)])
def test_circles_are_judged_by_turns_a_second(turns_s: float, told_of: bool) -> None:
    hand = Hand().at(BEGIN).spiral(END, 6.0, turns_s)
    events = told(hand, SPIRAL).of("pace")
    assert bool(events) == told_of
    assert all(event.value == pytest.approx(turns_s, rel=0.1) for event in events)


def test_who_spirals_back_without_lifting_is_asked_to_lift() -> None:
    hand = circling((END, 7.0), (BEGIN, 7.0))
    assert [event.message_id for event in told(hand, SPIRAL).of("direction")] == ["direction.lift"]


# -- to and fro --------------------------------------------------------------------------------------------------------


def test_the_shortest_to_and_fro_is_five_millimetres() -> None:
    for width_mm, counted in ((9.0, True), (3.0, False)):
        short = ((30.0, 40.0), (30.0 + width_mm, 40.0))
        hand = Hand().at(short[0])
        for _ in range(8):
            hand.go(short[1], mm_s=30.0).rest(0.15).go(short[0], mm_s=30.0).rest(0.15)
        said = told(hand, step("saw", phase("back-and-forth", path=short), hands="left"))
        assert bool(said.strokes) == counted


def test_moving_across_a_to_and_fro_is_no_mistake_of_direction() -> None:
    hand = Hand().at((30.0, 30.0))
    for _ in range(8):
        hand.go((30.0, 50.0)).go((30.0, 30.0))
    assert told(hand, step("saw", phase("back-and-forth"), hands="left")).of("direction") == []
