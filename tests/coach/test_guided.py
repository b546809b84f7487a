"""A guide leads through the routine by its planned times and judges nothing."""

from facetrack.coach import CoachOptions, GuideCoach, Verdict
from facetrack.routine.compiled import CompiledRoutine
from tests.coach.synthetic import NOBODY, film, routine, step

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
    assert verdicts[-1].phase == "finished"
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
    assert told(routine(FIRST), 0.0, {0.0: "skip"})[-1].phase == "finished"
