"""The coach on whole performances: every kind of mistake is told, and a correct performance is left in peace."""

import math

import numpy as np
import pytest

from facetrack.coach import Thresholds
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import PATH, Hand, Told, film, judged, phase, step

LIMITS = Thresholds()
SPIRAL = step(
    "spiral", phase("spiral", path=((20.0, -60.0), (50.0, 0.0))), zone=(), judge=frozenset({"zone", "direction", "pace"})
)
SAW = step("saw", phase("back-and-forth"))
RAISED_S = 1.5
"""The contract: raised so soon after the evidence, withdrawn so soon after the mend."""


def careful(**how: float) -> Hand:
    return Hand().at(PATH[0]).rest(0.5).strokes(9, **how)


def told(left: Hand | None, right: Hand | None, one: CompiledStep | None = None, seed: int = 0) -> Told:
    return judged(film(left, right, seed=seed), one or step())


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mm_s", [25.0, 45.0, 65.0])
def test_a_correct_performance_is_left_in_peace(mm_s: float, seed: int) -> None:
    said = told(careful(mm_s=mm_s), careful(mm_s=mm_s), seed=seed)
    assert said.corrections == []
    assert max(verdict.sides[0].repetitions for verdict in said.verdicts) == 9
    assert said.ended[-1].withheld_share < 0.1
    assert {stroke.kind for stroke in said.strokes} <= {"along", "return"}


def test_a_hand_beside_the_head_is_at_no_wrong_place() -> None:
    hand = careful()
    hand.go((97.0, 40.0), mm_s=60.0).rest(3.0).back(PATH[0], mm_s=60.0).strokes(2)
    assert told(hand, careful().strokes(5)).of("zone") == []


@pytest.mark.parametrize(("stretch", "mm_s", "told_of"), [(1.5, 110.0, True), (2.5, 110.0, False), (2.5, 170.0, True)])
def test_pace_is_told_with_care_where_the_skin_turns_away(stretch: float, mm_s: float, told_of: bool) -> None:
    """There a small error of place is a large one of length: what looks a little rushed may be noise."""
    frames = list(film(careful(mm_s=mm_s), careful(mm_s=mm_s)))
    for points in frames:
        points.metric_tensor[:] = (1.0, 0.0, stretch**2)
    said = judged(frames, step())
    assert bool(said.of("pace")) == told_of
    assert max(verdict.sides[0].repetitions for verdict in said.verdicts) == 9


def test_hands_need_not_be_in_step() -> None:
    late = Hand(now_s=0.7).at(PATH[0]).strokes(9)
    assert told(careful(), late).corrections == []


@pytest.mark.parametrize("side", ["left", "right"])
def test_outside_the_zone_is_told_in_time_and_withdrawn_in_time(side: str) -> None:
    low = tuple((x, y - 45.0) for x, y in PATH)
    hand = careful()
    out_s = hand.now_s
    hand.strokes(3, low)
    back_s = hand.now_s
    hand.strokes(4)
    other = careful().strokes(8)
    said = told(*((hand, other) if side == "left" else (other, hand)))
    (event,) = said.of("zone")
    assert event.side == side
    assert event.message_id == "zone.up"
    assert out_s + LIMITS.zone.onset_s <= event.t_start_s <= out_s + LIMITS.zone.onset_s + RAISED_S
    assert event.t_end_s is not None
    assert event.t_end_s <= back_s + LIMITS.zone.release_s + RAISED_S
    assert event.value > event.limit == 8.0


def test_within_the_tolerance_is_in_the_zone() -> None:
    edge = tuple((x, y + 12.0 + 8.0 - 3.0) for x, y in PATH)
    assert told(Hand().strokes(9, edge), Hand().strokes(9, edge)).of("zone") == []


def test_a_hand_in_the_air_outside_the_zone_is_on_its_way() -> None:
    """Back around the zone, well above the skin."""
    hand = Hand().at(PATH[0])
    for _ in range(9):
        hand.go(PATH[1]).rest(0.1)
        start = hand.now_s
        hand.go((40.0, 5.0), PATH[0], mm_s=250.0)
        hand.lifts.append((start, hand.now_s))
        hand.rest(0.1)
    assert told(hand, hand).of("zone") == []


@pytest.mark.parametrize("side", ["left", "right"])
def test_stroking_the_wrong_way_is_told(side: str) -> None:
    hand = careful().back(PATH[1])
    wrong_s = hand.now_s
    hand.strokes(4, PATH[::-1])
    said = told(*((hand, careful().strokes(4)) if side == "left" else (careful().strokes(4), hand)))
    events = said.of("direction")
    assert {event.side for event in events} == {side}
    assert events[0].message_id == "direction.outward"
    assert wrong_s < events[0].t_start_s < wrong_s + 2 * 1.7 + RAISED_S
    assert events[0].value > LIMITS.off_path_deg


SLANTED = ((25.0, 28.0), (33.0, 52.0))
"""A way that leaves the path by 72 degrees."""


def test_stroking_across_the_path_is_told() -> None:
    hand = Hand().strokes(3).strokes(10, SLANTED, mm_s=30.0)
    events = told(hand, hand).of("direction")
    assert events
    assert events[0].side == "both"
    assert 60.0 < events[0].value < 90.0


def test_stroking_square_across_the_path_is_told() -> None:
    hand = Hand().strokes(3).strokes(10, ((30.0, 28.0), (30.0, 52.0)), mm_s=30.0)
    assert told(hand, hand).of("direction")


def test_who_lifts_on_the_way_back_is_not_asked_to() -> None:
    hand = Hand().strokes(3).strokes(10, SLANTED, mm_s=30.0)
    assert {event.message_id for event in told(hand, hand).of("direction")} == {"direction.outward"}


def test_strokes_the_wrong_way_are_no_repetitions_nor_their_lifted_returns() -> None:
    hand = Hand().strokes(5).strokes(4, PATH[::-1])
    assert told(hand, hand).verdicts[-1].sides[0].repetitions == 5


def sliding() -> Hand:
    hand = Hand().at(PATH[0])
    for _ in range(9):
        hand.go(PATH[1]).rest(0.1).go(PATH[0]).rest(0.1)
    return hand


def test_sliding_back_in_contact_is_told() -> None:
    events = told(sliding(), sliding()).of("direction")
    assert [event.side for event in events] == ["both"]
    assert events[0].t_start_s < 2 * 2.4 + RAISED_S


def test_sliding_back_in_contact_is_asked_to_lift() -> None:
    assert told(sliding(), sliding()).of("direction")[0].message_id == "direction.lift"


def test_it_is_mended_by_stroking_the_right_way() -> None:
    hand = careful().strokes(4, PATH[::-1])
    right_s = hand.now_s
    hand.strokes(5)
    last = told(hand, hand).of("direction")[-1]
    assert last.t_end_s is not None
    assert last.t_end_s < right_s + 1.7 + RAISED_S


@pytest.mark.parametrize("side", ["left", "right"])
def test_rushing_is_told_with_the_step_s_limit(side: str) -> None:
    hand = careful()
    rush_s = hand.now_s
    hand.strokes(8, mm_s=130.0)
    other = careful().strokes(8)
    said = told(*((hand, other) if side == "left" else (other, hand)))
    events = said.of("pace")
    assert [event.side for event in events] == [side]
    assert events[0].limit == 80.0
    assert events[0].value > 80.0
    assert events[0].message_id == "pace.slower"
    assert rush_s < events[0].t_start_s


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_idle_side_is_told(side: str) -> None:
    lazy = careful()
    idle_s = lazy.now_s
    lazy.rest(8.0)
    busy = careful().strokes(6)
    said = told(*((lazy, busy) if side == "left" else (busy, lazy)))
    (event,) = said.of("symmetry")
    assert event.side == side
    assert idle_s + LIMITS.symmetry.onset_s - 0.3 <= event.t_start_s <= idle_s + LIMITS.symmetry.onset_s + RAISED_S


def test_an_idle_side_is_asked_to_work_and_not_for_longer_strokes() -> None:
    (event,) = told(careful().rest(8.0), careful().strokes(6)).of("symmetry")
    assert event.message_id == "symmetry.idle"


def test_short_strokes_on_one_side_are_told() -> None:
    short = ((8.0, 40.0), (26.0, 40.0))
    lazy = Hand().at(short[0])
    for _ in range(10):
        lazy.go(short[1], mm_s=18.0).rest(0.1).back(short[0]).rest(0.1)
    events = told(lazy, Hand().strokes(9)).of("symmetry")
    assert events
    assert events[0].side == "left"
    assert math.isnan(events[0].value) or events[0].value < LIMITS.balance_share


def test_what_is_not_judged_is_not_told() -> None:
    wrong = Hand().strokes(9, PATH[::-1], mm_s=130.0)
    assert told(wrong, None, step(judge=frozenset({"zone"}))).corrections == []


# -- one side after the other ------------------------------------------------------------------------------------------


def test_one_side_after_the_other_is_compared_once_at_the_end() -> None:
    left = Hand().strokes(9)
    right = Hand(now_s=left.now_s + 0.5).strokes(2)
    left.gone(right.now_s - left.now_s)
    said = told(left, right, step(hands="either"))
    (event,) = said.of("symmetry")
    assert event.message_id == "symmetry.totals"
    assert event.side == "right"
    assert event.t_start_s == event.t_end_s == said.verdicts[-1].t_s
    assert event.value < LIMITS.balance_share


def test_one_side_after_the_other_alike_is_left_in_peace() -> None:
    left = Hand().strokes(6)
    right = Hand(now_s=left.now_s + 0.5).strokes(6)
    left.gone(right.now_s - left.now_s)
    said = told(left, right, step(hands="either"))
    assert said.corrections == []
    assert said.ended[-1].status == "done"


def test_a_side_whose_places_could_not_be_told_is_not_compared() -> None:
    """A hand behind the turned head's contour is seen, but not where it is: what it did is not known, and so not short."""
    left = Hand().strokes(9)
    begins_s = left.now_s + 0.5
    right = Hand(now_s=begins_s).strokes(9)
    left.gone(right.now_s - left.now_s)
    frames = list(film(left, right))
    for points in frames:
        if points.t_s > begins_s + 4.0:
            points.points_mm[1] = np.nan
    said = judged(frames, step(hands="either"))
    assert said.of("symmetry") == []
    assert said.ended[-1].withheld_share > 0.1, "what could not be followed is withheld"


def test_a_side_that_is_not_asked_for_may_rest() -> None:
    assert told(Hand().strokes(9), None, step(hands="left")).corrections == []
    assert told(Hand().strokes(9), Hand().at(PATH[0]).rest(12.0), step(hands="left")).of("symmetry") == []


# -- other motions -----------------------------------------------------------------------------------------------------


def spiral_step() -> CompiledStep:
    return step("spiral", phase("spiral", path=((25.0, -60.0), (50.0, 0.0))))


def spirals(begin: tuple[float, float], end: tuple[float, float], turns_s: float = 1.0, rounds: int = 3) -> Hand:
    hand = Hand().at(begin)
    for _ in range(rounds):
        hand.spiral(end, 65.0 / (10.0 * min(turns_s, 1.2)), turns_s).back(begin).rest(0.2)
    return hand


def test_spirals_along_the_path_are_left_in_peace() -> None:
    hand = spirals((25.0, -60.0), (50.0, 0.0))
    said = told(hand, hand, spiral_step())
    assert said.corrections == []


def test_spirals_that_drift_the_wrong_way_are_told() -> None:
    hand = spirals((50.0, 0.0), (25.0, -60.0))
    assert {event.kind for event in told(hand, hand, spiral_step()).corrections} == {"direction"}


def test_spirals_turning_too_fast_are_told_in_turns_a_second() -> None:
    hand = spirals((25.0, -60.0), (50.0, 0.0), turns_s=2.6)
    events = told(hand, hand, spiral_step()).of("pace")
    assert events
    assert events[0].limit == 1.6
    assert events[0].value == pytest.approx(2.6, rel=0.15)
    assert events[0].message_id == "pace.slower-turns"


def test_back_and_forth_has_no_wrong_way() -> None:
    hand = Hand().at(PATH[0])
    for _ in range(8):
        hand.go(PATH[1], PATH[0])
    said = told(hand, hand, SAW)
    assert said.corrections == []
    assert said.verdicts[-1].sides[0].repetitions == pytest.approx(8, abs=1)


def test_holding_still_where_it_is_asked_for_is_right() -> None:
    hold = step("press", phase("hold", path=((40.0, 0.0),), hold_s=2.0), zone=(box_about(40.0, 0.0),))
    hand = Hand().at((40.0, 0.0)).rest(9.0)
    said = told(hand, hand, hold)
    assert said.corrections == []
    assert said.verdicts[-1].sides[0].repetitions == 4


def box_about(x: float, y: float) -> Float:
    return np.array([[x - 15, y - 15], [x + 15, y - 15], [x + 15, y + 15], [x - 15, y + 15]])
