"""A guide leads through the routine by its planned times and judges nothing."""

import math

import pytest

from facetrack.coach import CoachOptions, GuideCoach, Verdict
from facetrack.routine.compiled import CompiledRoutine
from tests.coach.synthetic import FPS, NOBODY, PATH, film, phase, routine, step

FIRST = step("brow", planned_s=6.0)
SECOND = step("chin", repetitions=None, seconds=4.0, planned_s=4.0)


def told(made: CompiledRoutine, seconds: float, commands: dict[float, str] | None = None, **how) -> list[Verdict]:
    coach, due = GuideCoach(made, CoachOptions(**how)), sorted((commands or {}).items())
    verdicts = []
    for points in film(NOBODY, NOBODY, seconds):
        while due and points.t_s >= due[0][0]:
            coach.command(due.pop(0)[1], points.t_s)
        verdicts.append(coach.update(points))
    return [*verdicts, coach.finish(seconds)]


def ends_of(verdicts: list[Verdict]) -> list[tuple[str, str, int, int]]:
    return [
        (end.step_id, end.status, round(end.t_start_s), round(end.t_end_s)) for verdict in verdicts for end in verdict.ended
    ]


def test_steps_end_at_their_planned_times_and_nothing_is_judged() -> None:
    verdicts = told(routine(FIRST, SECOND), 12.0)
    assert ends_of(verdicts) == [("brow", "done", 0, 6), ("chin", "done", 6, 10)]
    assert verdicts[-1].state == "finished"
    assert not any(verdict.changed or verdict.corrections or verdict.cue for verdict in verdicts)
    assert not any(side.needed or side.withheld for verdict in verdicts for side in verdict.sides)
    assert verdicts[30].step_left_s < 6.0


def test_commands() -> None:
    made = routine(FIRST, SECOND)
    assert ends_of(told(made, 15.0, {2.0: "pause", 5.0: "resume"})) == [("brow", "done", 0, 9), ("chin", "done", 9, 13)]
    assert ends_of(told(made, 9.0, {2.0: "skip"}))[0] == ("brow", "skipped", 0, 2)
    again = [("brow", "done", 0, 6), ("brow", "done", 6, 12), ("chin", "done", 12, 16)]
    assert ends_of(told(made, 17.0, {2.0: "again"})) == again
    late = ends_of(told(made, 18.0, {11.0: "again:brow"}))
    assert late[2] == ("brow", "done", 11, 17)


def test_a_session_that_ends_early_and_options() -> None:
    assert ends_of(told(routine(FIRST, SECOND), 3.0)) == [("brow", "stopped", 0, 3)]
    assert ends_of(told(routine(FIRST, SECOND), 9.0, step_id="chin")) == [("chin", "done", 0, 4)]
    assert [end[0] for end in ends_of(told(routine(FIRST, SECOND), 20.0, again=("brow",)))] == ["brow", "chin", "brow"]
    assert told(routine(FIRST), 0.0, {0.0: "skip"})[-1].state == "finished"


# -- what the screen is told -------------------------------------------------------------------------------------------


def at(verdicts: list[Verdict], t_s: float) -> Verdict:
    return verdicts[round(t_s * FPS)]


def test_time_runs_from_the_step_s_begin_and_is_left_until_its_end() -> None:
    verdicts = told(routine(FIRST, SECOND), 12.0)
    for t_s, index, elapsed_s, left_s in ((2.0, 0, 2.0, 4.0), (5.0, 0, 5.0, 1.0), (5.6, 0, 5.6, 0.4), (7.0, 1, 1.0, 3.0)):
        verdict = at(verdicts, t_s)
        assert (verdict.state, verdict.step) == ("working", index)
        assert (verdict.step_elapsed_s, verdict.step_left_s) == pytest.approx((elapsed_s, left_s), abs=0.05)
    assert (at(verdicts, 11.0).state, at(verdicts, 11.0).step) == ("finished", 1)
    assert math.isnan(at(verdicts, 11.0).step_left_s)


def test_a_pause_stands_still() -> None:
    verdicts = told(routine(FIRST), 9.0, {2.0: "pause", 5.0: "resume"})
    for t_s in (2.1, 3.5, 4.9):
        assert at(verdicts, t_s).state == "paused"
        assert at(verdicts, t_s).step_elapsed_s == pytest.approx(2.0, abs=0.05)
    assert at(verdicts, 6.0).step_elapsed_s == pytest.approx(3.0, abs=0.08)


def test_a_pause_before_the_first_step_is_in_none() -> None:
    verdicts = told(routine(FIRST), 9.0, {0.0: "pause", 2.0: "resume"})
    assert (at(verdicts, 1.0).state, at(verdicts, 1.0).step) == ("paused", -1)
    assert ends_of(verdicts) == [("brow", "done", 2, 8)]


def test_the_phases_of_a_step_come_in_turn_in_each_repetition() -> None:
    two = step("two", phase(), phase(path=PATH[::-1]), repetitions=3, planned_s=6.0)
    verdicts = told(routine(two), 5.9)
    assert [at(verdicts, t_s).phase_index for t_s in (0.5, 1.5, 2.5, 3.5, 4.5, 5.5)] == [0, 1] * 3


def test_a_step_without_repetitions_goes_through_its_phases_once() -> None:
    three = step("three", phase(), phase(), phase(), repetitions=None, seconds=6.0)
    verdicts = told(routine(three), 5.9)
    assert [at(verdicts, t_s).phase_index for t_s in (1.0, 3.0, 5.0)] == [0, 1, 2]


def test_after_the_end_the_last_step_can_be_done_again_and_nothing_else_happens() -> None:
    verdicts = told(routine(FIRST, SECOND), 18.0, {11.0: "skip", 12.0: "again"})
    assert ends_of(verdicts)[2] == ("chin", "done", 12, 16)


def test_commands_before_the_first_frame_change_nothing() -> None:
    coach = GuideCoach(routine(FIRST, SECOND))
    for command in ("skip", "again", "mute", "unmute"):
        coach.command(command, 0.0)
    verdicts = [coach.update(points) for points in film(NOBODY, NOBODY, 7.0)]
    assert ends_of(verdicts) == [("brow", "done", 0, 6)]


def test_a_skip_holds_for_one_step() -> None:
    verdicts = told(routine(FIRST, SECOND), 9.0, {2.0: "skip"})
    assert ends_of(verdicts) == [("brow", "skipped", 0, 2), ("chin", "done", 2, 6)]
    assert verdicts[-1].ended == ()


def test_an_end_tells_which_step_it_was_and_that_nothing_was_judged() -> None:
    ends = [end for verdict in told(routine(FIRST, SECOND), 12.0) for end in verdict.ended]
    assert [end.index for end in ends] == [0, 1]
    assert all(math.isnan(end.withheld_share) for end in ends)
