"""From step to step without a key: by repetitions, by time, by going on, and never waiting for ever."""

import pytest

from facetrack.coach import Coach, CoachOptions, StepEnd, Thresholds
from facetrack.routine.compiled import CompiledRoutine
from tests.coach.synthetic import FPS, PATH, Hand, film, frame, phase, routine, step

LIMITS = Thresholds()
LOW = tuple((x, y - 100.0) for x, y in PATH)
FIRST = step("brow")
SECOND = step("chin", phase(path=LOW))


def ends(
    made: CompiledRoutine, left: Hand | None, right: Hand | None, seconds: float | None = None, **how: object
) -> list[StepEnd]:
    coach = Coach(made, CoachOptions(**how))  # type: ignore[arg-type]
    return [end for points in film(left, right, seconds) for end in coach.update(points).ended]


def both_steps() -> Hand:
    return Hand().strokes(4).rest(0.6).back(LOW[0]).strokes(4, LOW).rest(1.0)


def test_repetitions_lead_from_step_to_step_and_to_the_end() -> None:
    hand = both_steps()
    told = ends(routine(FIRST, SECOND), hand, hand)
    assert [(end.step_id, end.status) for end in told] == [("brow", "done"), ("chin", "done")]
    assert told[0].t_end_s == told[1].t_start_s
    assert told[1].withheld_share < 0.1


def test_between_steps_hands_on_their_way_are_not_wrong() -> None:
    hand = both_steps()
    coach = Coach(routine(FIRST, SECOND))
    assert [event for points in film(hand, hand) for event in coach.update(points).changed] == []


def test_after_the_last_step_nothing_more_is_said() -> None:
    hand = Hand().strokes(4).rest(0.5).strokes(4, PATH[::-1])
    coach = Coach(routine(FIRST))
    verdicts = [coach.update(points) for points in film(hand, hand)]
    assert verdicts[-1].state == "finished"
    last = next(k for k, verdict in enumerate(verdicts) if verdict.ended)
    assert all(not verdict.changed and not verdict.strokes for verdict in verdicts[last + 1 :])


def test_the_slower_side_is_waited_for() -> None:
    left, right = Hand().strokes(8), Hand().strokes(8, mm_s=30.0)
    (end,) = ends(routine(FIRST), left, right)
    fourth_s = Hand().strokes(3, mm_s=30.0).go(PATH[1], mm_s=30.0).now_s
    assert end.t_end_s >= fourth_s - 0.3


def test_seconds_run_out_whatever_was_done() -> None:
    hand = Hand().strokes(2).rest(20.0)
    (end,) = ends(routine(step(repetitions=None, seconds=8.0, planned_s=8.0)), hand, hand)
    assert end.t_end_s - end.t_start_s == pytest.approx(8.0, abs=0.1)
    assert end.status == "done"


def test_working_on_the_next_zone_goes_on_early() -> None:
    for strokes, status in ((1, "partial"), (0, "skipped")):
        hand = (Hand().strokes(strokes) if strokes else Hand().at(PATH[0])).back(LOW[0]).strokes(6, LOW, mm_s=30.0)
        told = ends(routine(FIRST, SECOND), hand, hand)
        assert told[0].step_id == "brow"
        assert told[0].status == status


def test_nobody_touches_the_face_and_each_step_is_skipped_once_its_clock_has_waited() -> None:
    told = ends(routine(FIRST, SECOND), None, None, seconds=85.0)
    assert [end.status for end in told] == ["skipped", "skipped"]
    assert told[1].t_end_s == pytest.approx(2 * (20.0 + 20.0), abs=0.2)


def test_a_lone_step_never_advances_and_its_repetitions_are_not_capped() -> None:
    hand = Hand().strokes(12)
    coach = Coach(routine(FIRST, SECOND), CoachOptions(step_id="brow"))
    verdicts = [coach.update(points) for points in film(hand, hand)]
    assert not any(verdict.ended for verdict in verdicts)
    assert verdicts[-1].sides[0].repetitions >= 11
    (end,) = coach.finish(verdicts[-1].t_s).ended
    assert (end.step_id, end.status) == ("brow", "done")


def test_a_lone_step_judges_that_step_wherever_it_stands() -> None:
    hand = Hand().strokes(4, LOW)
    coach = Coach(routine(FIRST, SECOND), CoachOptions(step_id="chin"))
    verdicts = [coach.update(points) for points in film(hand, hand)]
    assert {verdict.step for verdict in verdicts} == {1}
    assert all(not verdict.changed for verdict in verdicts)


def test_a_second_pass_does_a_step_again_after_the_last() -> None:
    hand = both_steps().back(PATH[0]).strokes(5)
    told = ends(routine(FIRST, SECOND), hand, hand, again=("brow",))
    assert [end.step_id for end in told] == ["brow", "chin", "brow"]


def test_a_break_out_of_sight_pauses_counting_and_is_no_mistake() -> None:
    hand = Hand().strokes(2).gone(3.0).strokes(3)
    coach = Coach(routine(step(planned_s=40.0)))
    verdicts = [coach.update(points) for points in film(hand, hand)]
    assert all(not verdict.changed for verdict in verdicts)
    away = [verdict for verdict in verdicts if verdict.sides[0].withheld == "hand"]
    assert len(away) / FPS == pytest.approx(3.0 - LIMITS.tuning.hand.gap_s, abs=0.2)
    assert away[-1].hint_id == "unseen.hands"
    assert [end.status for verdict in verdicts for end in verdict.ended] == ["done"]


def test_broken_off_a_step_is_stopped() -> None:
    hand = Hand().strokes(2)
    coach = Coach(routine(FIRST))
    for points in film(hand, hand):
        coach.update(points)
    assert [end.status for end in coach.finish(hand.now_s).ended] == ["stopped"]


def test_what_is_open_ends_with_its_step() -> None:
    wrong = Hand().strokes(9, tuple((x, y - 45.0) for x, y in PATH))
    coach = Coach(routine(step(repetitions=None, seconds=6.0, planned_s=6.0), SECOND))
    verdicts = [coach.update(points) for points in film(wrong, wrong)]
    at = next(k for k, verdict in enumerate(verdicts) if verdict.ended)
    assert verdicts[at - 1].corrections
    assert verdicts[at].corrections == ()
    assert {event.t_end_s for event in verdicts[at].changed} == {verdicts[at].t_s}


def test_time_left_and_target_are_told() -> None:
    timed = Coach(routine(step(repetitions=None, seconds=8.0, planned_s=8.0)))
    hand = Hand().strokes(5)
    for k in range(61):
        verdict = timed.update(frame(k / FPS, hand, hand))
    assert verdict.step_left_s == pytest.approx(6.0, abs=0.1)
    assert verdict.step_elapsed_s == pytest.approx(2.0, abs=0.1)
    assert verdict.target is None
    assert Coach(routine(FIRST)).update(frame(0.0, hand, hand)).target == 4
