"""What a verdict tells of strokes and sides, beside its corrections: true figures of known movements."""

import math

import numpy as np
import pytest

from facetrack.coach import Coach, CoachOptions, Correction, Thresholds, Verdict
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import FPS, PATH, Hand, blind, film, judged, phase, routine, step

LOW = tuple((x, y - 100.0) for x, y in PATH)


def box_about(x: float, y: float) -> Float:
    return np.array([[x - 15, y - 15], [x + 15, y - 15], [x + 15, y + 15], [x - 15, y + 15]])


# -- strokes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("side", "sign"), [("left", 1.0), ("right", -1.0)])
def test_a_stroke_is_told_with_its_length_speed_and_place(side: str, sign: float) -> None:
    hand = Hand().at(PATH[0]).rest(0.5).strokes(3)
    said = judged(film(*((hand, None) if side == "left" else (None, hand))), step())
    strokes = [one for one in said.strokes if one.kind == "along"]
    assert len(strokes) == 3
    for one in strokes:
        assert (one.side, one.hand) == (side, side)
        assert one.length_mm == pytest.approx(52.0, abs=6.0), "50 mm, and a little more with the forehead's relief"
        assert one.mean_mm_s == pytest.approx(one.length_mm / (one.t_end_s - one.t_start_s), rel=0.06)
        assert one.mean_mm_s < one.peak_mm_s < 90.0
        assert one.off_path_deg < 5.0
        assert 0.85 < one.straightness <= 1.0
        assert one.zone_share == one.contact_share == 1.0
        assert one.counted
        assert one.start_mm == pytest.approx((sign * 8.0, 40.0), abs=6.0)
        assert one.end_mm == pytest.approx((sign * 58.0, 40.0), abs=6.0)


def test_a_lifted_return_is_told_as_such_and_not_counted() -> None:
    returns = [one for one in judged(film(Hand().strokes(5), None), step()).strokes if one.kind == "return"]
    assert len(returns) == 4, "of the last one nobody knows its end"
    for one in returns:
        assert one.contact_share == 0.0
        assert not one.counted
        assert one.off_path_deg > 170.0


def test_to_and_fro_is_never_told_as_the_wrong_way() -> None:
    hand = Hand().at(PATH[0])
    for _ in range(4):
        hand.go(PATH[1], PATH[0])
    strokes = judged(film(hand, None), step("saw", phase("back-and-forth"))).strokes
    assert len(strokes) > 5
    assert all(one.off_path_deg < 20.0 for one in strokes)


def test_an_uncertain_movement_has_no_share_in_contact() -> None:
    hand = Hand().at((21.0, 40.0)).rest(0.6).go(PATH[0], mm_s=110.0).rest(0.5).strokes(4, mm_s=75.0)
    uncertain = [one for one in judged(film(hand, None), step()).strokes if one.kind == "uncertain"]
    assert uncertain
    assert all(math.isnan(one.contact_share) for one in uncertain)


def test_the_path_of_a_side_is_that_of_its_strokes_the_one_under_way_included() -> None:
    hand = Hand().at(PATH[0]).rest(0.5).strokes(2).go((40.0, 40.0))
    said = judged(film(hand, None), step(), finish=False)
    assert said.verdicts[-1].sides[0].path_mm == pytest.approx(2 * 50.0 + 32.0, rel=0.1)
    assert said.verdicts[-1].sides[1].path_mm == 0.0


# -- what a side does now ----------------------------------------------------------------------------------------------


def test_a_side_tells_its_hand_its_place_its_speed_and_whether_it_touches() -> None:
    hand = Hand().at(PATH[0]).rest(0.5).strokes(3)
    first_s = 0.5 + 50.0 / 45.0
    for verdict in judged(film(hand, None), step(), finish=False).verdicts:
        side, other = verdict.sides
        assert (other.hand, other.in_zone, other.in_contact, other.stroking) == (None, None, None, None)
        assert math.isnan(other.speed_mm_s)
        if 0.8 < verdict.t_s < first_s - 0.2:
            assert (side.hand, side.in_zone, side.in_contact, side.stroking) == ("left", True, True, True)
            assert side.speed_mm_s == pytest.approx(46.0, abs=12.0)
            assert side.working_mm == pytest.approx(hand.place_at(verdict.t_s), abs=8.0)
        if 0.2 < verdict.t_s < 0.4:
            assert not side.stroking
            assert side.speed_mm_s < 20.0


def test_a_hand_on_its_way_back_is_not_stroking() -> None:
    path = ((30.0, -60.0), (30.0, 40.0))
    hand = Hand().at(path[0]).rest(0.3).strokes(3, path, mm_s=60.0)
    said = judged(film(hand, None), step("long", phase(path=path)), finish=False)
    last = [one for one in said.strokes if one.kind == "return"][-1]
    (side,) = [one.sides[0] for one in said.verdicts if last.t_end_s - 0.12 < one.t_s <= last.t_end_s - 0.08]
    assert (side.in_contact, side.stroking) == (False, False)


def test_the_step_s_phase_is_that_of_the_movement_or_of_the_hold() -> None:
    press = phase("hold", path=(PATH[1],), hold_s=1.0)
    hand = Hand().at(PATH[0]).rest(0.2).go(PATH[1]).rest(1.5)
    phases = [verdict.phase_index for verdict in judged(film(hand, None), step("two", phase(), press), finish=False).verdicts]
    at = {t_s: phases[round(t_s * FPS)] for t_s in (0.8, 2.4)}
    assert at == {0.8: 0, 2.4: 1}


def test_a_hand_that_rests_is_in_the_hold_only_where_there_is_one_and_in_its_zone() -> None:
    press = phase("hold", path=(PATH[1],), hold_s=1.0)
    two, inside, outside = step("two", phase(), press), Hand().at(PATH[0]).rest(1.0), Hand().at(LOW[0]).rest(1.0)
    for made, hand, at in ((two, inside, 1), (two, outside, 0), (step(), inside, 0)):
        assert judged(film(hand, None), made, finish=False).verdicts[-1].phase_index == at


def test_of_two_paths_the_phase_is_that_of_the_path_that_is_followed() -> None:
    two = step("two", phase(), phase(path=LOW))
    hand = Hand().at(PATH[0]).rest(0.2).go(PATH[1]).rest(0.4).back(LOW[0]).rest(0.4).go(LOW[1]).rest(0.4)
    verdicts = judged(film(hand, None), two, finish=False).verdicts
    assert verdicts[round(0.9 * FPS)].phase_index == 0
    assert verdicts[round((hand.now_s - 0.8) * FPS)].phase_index == 1


def hold_step() -> CompiledStep:
    return step("press", phase("hold", path=((40.0, 0.0),), hold_s=2.0), zone=(box_about(40.0, 0.0),))


def test_a_hand_that_circles_in_a_hold_does_not_hold() -> None:
    hand = Hand().at((40.0, 0.0)).spiral((40.0, 0.0), 9.0)
    assert judged(film(hand, hand), hold_step()).verdicts[-1].sides[0].repetitions == 0


def test_a_hand_that_holds_still_elsewhere_does_not_hold() -> None:
    hand = Hand().at((40.0, 50.0)).rest(9.0)
    assert judged(film(hand, hand), hold_step()).verdicts[-1].sides[0].repetitions == 0


# -- what is not seen --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "hands", "hint"),
    [
        (True, False, "both", "unseen.right"),
        (False, True, "both", "unseen.left"),
        (False, False, "both", "unseen.hands"),
        (True, True, "both", None),
        (True, False, "left", None),
        (False, True, "left", "unseen.left"),
        (True, False, "either", None),
        (False, False, "either", "unseen.hands"),
    ],
)
def test_the_hint_names_what_the_step_wants_and_is_not_seen(left: bool, right: bool, hands: str, hint: str | None) -> None:
    here = Hand().at(PATH[0]).rest(2.0)
    frames = film(here if left else None, here if right else None, 2.0)
    verdict = judged(frames, step(hands=hands), finish=False).verdicts[-1]
    assert verdict.hint_id == hint
    assert (verdict.hint is None) == (hint is None)


def test_of_one_side_after_the_other_the_one_that_was_worked_on_is_needed_until_the_other_is() -> None:
    """Nobody waits for the second hand of a step that is done with one."""
    left = Hand().strokes(3)
    right = Hand(now_s=left.now_s + 2.0).strokes(2)
    left.gone(right.now_s - left.now_s)
    verdicts = judged(film(left, right), step(hands="either"), finish=False).verdicts
    needed = [tuple(side.needed for side in verdicts[round(t_s * FPS)].sides) for t_s in (2.0, left.times[-2] + 1.5, 9.0)]
    assert needed == [(True, False), (True, False), (False, True)]


@pytest.mark.parametrize(("unseen_share", "waited_for"), [(0.7, False), (0.2, True)])
def test_a_side_that_was_mostly_unseen_is_not_waited_for(unseen_share: float, waited_for: bool) -> None:
    left = Hand().strokes(4).rest(0.5)
    right = Hand().at(PATH[0]).rest((1.0 - unseen_share) * left.now_s).gone(unseen_share * left.now_s)
    coach = Coach(routine(step(judge=frozenset())))
    ended = [end.status for points in film(left, right) for end in coach.update(points).ended]
    assert ended == ([] if waited_for else ["done"])


def test_a_face_that_is_lost_for_a_moment_is_bridged_and_then_withheld() -> None:
    here = Hand().at(PATH[0]).rest(3.0)
    frames = [blind(points) if points.t_s > 1.0 else points for points in film(here, here)]
    reasons = [verdict.sides[0].withheld for verdict in judged(frames, step(), finish=False).verdicts]
    assert reasons[round(1.2 * FPS)] is None
    assert reasons[round(1.4 * FPS)] == "face"


# -- from step to step -------------------------------------------------------------------------------------------------


def goes_on(hand: Hand, second: CompiledStep) -> bool:
    """Whether somebody who does this in the first step is led to the second one by it."""
    coach = Coach(routine(step("brow", repetitions=None, seconds=60.0), second))
    return any(coach.update(points).ended for points in film(hand, hand))


CHIN = step("chin", phase(path=LOW))


def test_stroking_on_the_next_step_s_way_leads_there() -> None:
    assert goes_on(Hand().at(LOW[0]).rest(0.5).strokes(6, LOW, mm_s=30.0), CHIN)


def test_neither_resting_there_nor_stroking_the_other_way_does() -> None:
    assert not goes_on(Hand().at(LOW[0]).rest(8.0), CHIN)
    assert not goes_on(backwards(), CHIN)


def backwards() -> Hand:
    hand = Hand().at(LOW[1]).rest(0.5)
    for _ in range(6):
        hand.go(LOW[0], mm_s=30.0).rest(0.3).gone(0.6).at(LOW[1]).rest(0.3)
    return hand


def test_to_and_fro_there_does_either_way() -> None:
    assert goes_on(backwards(), step("chin", phase("back-and-forth", path=LOW)))


def test_who_goes_back_to_the_running_step_stays_in_it() -> None:
    hand = Hand().at(LOW[0]).rest(0.5)
    for _ in range(4):
        hand.strokes(1, LOW, mm_s=30.0).back(PATH[0]).strokes(1, mm_s=30.0).back(LOW[0])
    assert not goes_on(hand, CHIN)


# -- both sides --------------------------------------------------------------------------------------------------------


def in_turn(seconds: float) -> tuple[Hand, Hand]:
    """Left and right stroke in turn, each for so long."""
    left, right = Hand().at(PATH[0]), Hand().at(PATH[0]).rest(seconds)
    for _ in range(3):
        for hand in (left, right):
            end_s = hand.now_s + seconds
            while hand.now_s < end_s - 1.8:
                hand.strokes(1)
            hand.rest(end_s - hand.now_s + seconds)
    return left, right


@pytest.mark.parametrize(("hands", "told"), [("both", True), ("alternate", False)])
def test_sides_that_take_turns_may_rest_longer(hands: str, told: bool) -> None:
    said = judged(film(*in_turn(3.4), seconds=19.0), step(hands=hands))
    assert bool(said.of("symmetry")) == told


def test_long_strokes_out_of_step_are_balanced() -> None:
    """One side strokes while the other rests: in any four seconds one of them does less."""
    path = ((30.0, -60.0), (30.0, 40.0))
    left, right = Hand().at(path[0]).rest(0.3), Hand().at(path[0]).rest(0.3).go((30.0, -20.0), path[0]).rest(1.0)
    for hand in (left, right):
        for _ in range(4):
            hand.go(path[1], mm_s=42.0).back(path[0]).rest(1.7)
    said = judged(film(left, right, seconds=left.now_s), step("long", phase(path=path), judge=frozenset({"symmetry"})))
    assert said.corrections == []


def test_options_of_the_coach_are_told_as_settings() -> None:
    settings = CoachOptions(step_id="brow", again=("brow",), voice=True).as_settings()
    assert (settings["step"], settings["again"], settings["voice"]) == ("brow", ["brow"], True)
    limits = settings["thresholds"]
    assert isinstance(limits, dict)
    assert limits["off_path_deg"] == 60.0


# -- how a step and a session end --------------------------------------------------------------------------------------


def test_what_is_under_way_at_the_end_is_told_with_it() -> None:
    hand = Hand().at(PATH[0]).rest(0.5).strokes(2).go((50.0, 40.0))
    said = judged(film(hand, None), step())
    assert [stroke.kind for stroke in said.verdicts[-1].strokes] == ["along"]
    assert said.verdicts[-1].strokes[0].t_end_s == pytest.approx(hand.now_s, abs=0.1)


DUE_S = 8.0
WAITS_S = Thresholds().tuning.steps.waits_for_side_s


def by_time(left: Hand, right: Hand | None, seconds: float, step_id: str | None = None) -> list[Verdict]:
    """A step of eight seconds whose sides may be done in turn, and what is said of it until so long after its begin."""
    made = routine(step(hands="either", repetitions=None, seconds=DUE_S, planned_s=DUE_S), CHIN)
    coach = Coach(made, CoachOptions(step_id=step_id))
    return [coach.update(points) for points in film(left, right, seconds=seconds)]


def balance_events(verdicts: list[Verdict]) -> list[Correction]:
    last = {event.index: event for verdict in verdicts for event in verdict.changed if event.kind == "symmetry"}
    return list(last.values())


def test_a_step_that_is_due_waits_for_the_side_that_got_less_and_says_so() -> None:
    verdicts = by_time(Hand().strokes(20), None, DUE_S + WAITS_S + 1.0)
    (event,) = balance_events(verdicts)
    assert (event.side, event.message_id) == ("right", "symmetry.totals")
    assert event.t_start_s == pytest.approx(DUE_S, abs=0.3)
    (ending,) = [verdict for verdict in verdicts if verdict.ended]
    assert ending.ended[0].status == "done"
    assert ending.t_s == pytest.approx(DUE_S + WAITS_S, abs=0.3)
    assert (event.t_end_s, event.mended) == (ending.t_s, False), "told once, and not again at the end"


def test_it_goes_on_as_soon_as_that_side_has_its_share() -> None:
    left, right = Hand().strokes(3), Hand(now_s=DUE_S + 3.0).strokes(4)
    left.rest(right.now_s - left.now_s)
    verdicts = by_time(left, right, right.now_s)
    (event,) = balance_events(verdicts)
    (ending,) = [verdict for verdict in verdicts if verdict.ended]
    assert ending.ended[0].status == "done"
    assert event.t_end_s is not None
    assert DUE_S + 3.0 < event.t_end_s <= ending.t_s < right.now_s


def test_who_is_at_work_on_the_other_side_already_is_not_told_to_be() -> None:
    left, right = Hand().strokes(3), Hand(now_s=DUE_S - 2.0).strokes(5)
    left.gone(right.now_s - left.now_s)
    verdicts = by_time(left, right, right.now_s)
    assert balance_events(verdicts) == []
    assert any(verdict.ended for verdict in verdicts)


def test_of_a_lone_step_it_is_told_when_its_time_is_first_reached_and_once() -> None:
    verdicts = by_time(Hand().strokes(12), None, 20.0, step_id="brow")
    (event,) = balance_events(verdicts)
    assert event.t_start_s == pytest.approx(DUE_S, abs=0.3)
    assert not any(verdict.ended for verdict in verdicts)


def test_a_side_whose_hand_was_lost_at_the_face_is_not_short() -> None:
    left, right = Hand().strokes(8), Hand().strokes(8)
    frames = list(film(left, right, seconds=DUE_S + 4.0))
    for points in frames:
        if points.t_s > 1.2:  # in the middle of a stroke
            points.points_mm[1] = np.nan
            points.hand_seen[1] = False
    coach = Coach(routine(step(hands="either", repetitions=None, seconds=DUE_S, planned_s=DUE_S), CHIN))
    assert balance_events([coach.update(points) for points in frames]) == []


def test_sides_done_in_turn_are_compared_when_the_session_ends() -> None:
    hand = Hand().strokes(9)
    coach = Coach(routine(step(hands="either", repetitions=None, seconds=DUE_S, planned_s=DUE_S), CHIN))
    for points in film(hand, None, seconds=3.2):
        coach.update(points)
    ending = coach.finish(3.2)
    assert ending.ended[0].status == "stopped"
    assert [event.message_id for event in ending.changed] == ["symmetry.totals"]
    assert ending.changed[0].side == "right"
    assert ending.cue is not None
    assert (ending.cue.correction, ending.cue.shown) == (ending.changed[0].index, True)
    assert ending.corrections == ()


def test_of_a_step_that_is_left_early_the_sides_are_not_compared() -> None:
    hand = Hand().at(PATH[0]).back(LOW[0]).strokes(6, LOW, mm_s=30.0)
    coach = Coach(routine(step(hands="either"), CHIN))
    verdicts = [coach.update(points) for points in film(hand, None)]
    assert [end.status for verdict in verdicts for end in verdict.ended][:1] == ["skipped"]
    assert not [event for verdict in verdicts for event in verdict.changed if event.message_id == "symmetry.totals"]


def test_a_crossed_hand_works_on_the_side_where_it_is() -> None:
    frames = film(Hand().at((20.0, 40.0)).rest(0.5).strokes(3, ((20.0, 40.0), (58.0, 40.0))), None)
    for points in frames:
        points.points_mm[0, :, 0] *= -1.0
    said = judged(frames, step())
    assert {(stroke.side, stroke.hand) for stroke in said.strokes} == {("right", "left")}
    last = said.verdicts[-2]
    assert [side.hand for side in last.sides] == [None, "left"]
    assert [side.repetitions for side in last.sides] == [0, 3]


def test_time_withheld_from_a_side_that_is_not_needed_is_not_missed() -> None:
    hand = Hand().strokes(5)
    ended = judged(film(hand, None), step(hands="left")).ended
    assert ended[0].withheld_share == 0.0
    assert judged(film(hand, None), step()).ended[0].withheld_share > 0.9


def test_a_frame_that_is_not_seen_for_long_is_not_withheld_for_longer_than_it_could_be() -> None:
    """A camera that stands still for ten seconds shows nothing of them."""
    here = Hand().at(PATH[0]).rest(20.0)
    frames = [points for points in film(here, None, 14.0) if not 2.0 < points.t_s < 12.0]
    ended = judged(frames, step()).ended
    assert ended[0].withheld_share > 0.9
    coach = Coach(routine(step(judge=frozenset())))
    for points in frames:
        coach.update(points)
    assert coach._sides[1].withheld_s == pytest.approx(4.0, abs=0.6)
