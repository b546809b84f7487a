"""Pause, resume, skip and once more: the step's clock, what was open, and what is forgiven."""

import math

import pytest

from facetrack.coach import Coach, CoachOptions, LiveCoach, Verdict
from facetrack.errors import UsageError
from facetrack.routine.compiled import CompiledRoutine
from tests.coach.synthetic import PATH, Hand, film, phase, routine, step

LOW = tuple((x, y - 100.0) for x, y in PATH)
FIRST = step("brow")
SECOND = step("chin", phase(path=LOW))
TIMED = step(repetitions=None, seconds=8.0, planned_s=8.0)


def told(
    made: CompiledRoutine, hand: Hand, commands: dict[float, str], seconds: float | None = None, **how: object
) -> tuple[LiveCoach, list[Verdict]]:
    """commands: by the time at which they are given."""
    coach = LiveCoach(made, CoachOptions(**how))  # type: ignore[arg-type]
    due = sorted(commands.items())
    verdicts = []
    for points in film(hand, hand, seconds):
        while due and points.t_s >= due[0][0]:
            coach.command(due.pop(0)[1], points.t_s)
        verdicts.append(coach.update(points))
    return coach, verdicts


def ends_of(verdicts: list[Verdict]) -> list:
    return [end for verdict in verdicts for end in verdict.ended]


def test_without_commands_it_is_the_coach() -> None:
    hand = Hand().strokes(4).rest(0.5).strokes(4, PATH[::-1])
    plain = Coach(routine(FIRST, SECOND))
    _, live = told(routine(FIRST, SECOND), hand, {})
    assert [repr(one) for one in live] == [repr(plain.update(points)) for points in film(hand, hand)]


def test_a_pause_stops_the_clock_and_nothing_is_judged_in_it() -> None:
    hand = Hand().strokes(2).rest(30.0)
    _, verdicts = told(routine(TIMED), hand, {3.0: "pause", 9.0: "resume"})
    (end,) = ends_of(verdicts)
    assert end.t_end_s - end.t_start_s == pytest.approx(14.0, abs=0.1)
    paused = [verdict for verdict in verdicts if 3.05 < verdict.t_s < 8.95]
    assert {verdict.state for verdict in paused} == {"paused"}
    assert len({round(verdict.step_left_s, 6) for verdict in paused}) == 1
    assert not any(side.needed or side.withheld for verdict in paused for side in verdict.sides)


def test_repetitions_stay_and_open_corrections_are_withdrawn() -> None:
    hand = Hand().strokes(4, PATH[::-1])
    _, verdicts = told(routine(FIRST), hand, {hand.now_s - 0.5: "pause"}, hand.now_s + 2.0)
    before = next(verdict for verdict in verdicts if verdict.corrections)
    assert before.corrections[0].kind == "direction"
    last = verdicts[-1]
    assert last.state == "paused"
    assert last.corrections == ()
    assert last.shown is None
    changed = {event.index: event for verdict in verdicts for event in verdict.changed}
    assert all(event.t_end_s is not None for event in changed.values())
    right = Hand().strokes(2).rest(3.0)
    _, verdicts = told(routine(FIRST), right, {right.now_s - 1.0: "pause"})
    assert [side.repetitions for side in verdicts[-1].sides] == [2, 2]


def test_the_path_on_the_screen_stays_in_a_pause() -> None:
    beside_the_nose = ((12.0, -20.0), (24.0, -40.0))
    hand = Hand().strokes(2, beside_the_nose).rest(3.0)
    _, verdicts = told(routine(step("nose", phase(path=beside_the_nose))), hand, {hand.now_s - 1.0: "pause"})
    last = next(verdict for verdict in reversed(verdicts) if verdict.state == "working")
    assert verdicts[-1].state == "paused"
    assert last.sides[0].path_mm > 20.0
    assert [side.path_mm for side in verdicts[-1].sides] == [side.path_mm for side in last.sides]


def test_hands_that_come_back_after_a_pause_are_forgiven_at_first() -> None:
    hand = Hand().at((20.0, 100.0)).rest(12.0)
    commands = {0.3: "pause", 5.0: "resume"}
    _, verdicts = told(routine(FIRST), hand, commands)
    raised_s = [verdict.t_s for verdict in verdicts if verdict.changed]
    assert raised_s[0] >= 8.0
    assert any(verdict.corrections for verdict in verdicts)


def test_a_session_that_begins_paused_waits_for_its_first_step() -> None:
    hand = Hand().at(PATH[0]).rest(16.0)
    _, verdicts = told(routine(TIMED), hand, {0.0: "pause", 6.0: "resume"})
    assert {(verdict.state, verdict.step) for verdict in verdicts if verdict.t_s < 5.9} == {("paused", -1)}
    (end,) = ends_of(verdicts)
    assert end.t_start_s == pytest.approx(6.0, abs=0.05)


@pytest.mark.parametrize("how", [{}, {"step_id": "brow"}])
def test_skip_ends_the_step_as_skipped(how: dict) -> None:
    hand = Hand().strokes(2).rest(8.0)
    _, verdicts = told(routine(FIRST, SECOND), hand, {3.0: "skip"}, **how)
    end = ends_of(verdicts)[0]
    assert (end.step_id, end.status) == ("brow", "skipped")
    assert end.t_end_s == pytest.approx(3.0, abs=0.05)


def test_again_in_the_step_and_after_the_end() -> None:
    hand = Hand().at(PATH[0]).rest(20.0)
    short = step("rest", repetitions=None, seconds=5.0, planned_s=5.0)
    _, verdicts = told(routine(short), hand, {2.0: "again"}, 12.0)
    assert [round(end.t_end_s) for end in ends_of(verdicts)] == [5, 10]
    _, verdicts = told(routine(short), hand, {9.0: "again:rest"}, 20.0)
    assert [(round(end.t_start_s), round(end.t_end_s)) for end in ends_of(verdicts)] == [(0, 5), (9, 14)]


def test_a_pause_after_the_end_does_not_pause_what_is_done_again() -> None:
    hand = Hand().strokes(12)
    coach, verdicts = told(routine(FIRST), hand, {})
    assert verdicts[-1].state == "finished"
    coach.command("pause", hand.now_s)
    coach.command("again", hand.now_s)
    (point,) = film(hand, hand, hand.now_s + 0.1)[-1:]
    assert coach.update(point).state != "paused"


def test_a_session_that_is_ended_in_a_step_is_finished() -> None:
    hand = Hand().strokes(2)
    coach, verdicts = told(routine(FIRST), hand, {})
    assert verdicts[-1].state == "working"
    assert coach.finish(hand.now_s).state == "finished"


def test_muted_cues_are_shown_and_not_spoken() -> None:
    hand = Hand().strokes(4, PATH[::-1])
    for commands, spoken in (({}, True), ({0.5: "mute"}, False), ({0.5: "mute", 0.6: "unmute"}, True)):
        _, verdicts = told(routine(FIRST), hand, commands, voice=True)
        cues = [verdict.cue for verdict in verdicts if verdict.cue is not None and verdict.cue.shown]
        assert [cue.spoken for cue in cues] == [spoken]
    _, verdicts = told(routine(FIRST), hand, {0.5: "mute", 0.6: "unmute"})
    assert not any(verdict.cue.spoken for verdict in verdicts if verdict.cue is not None), "there is no voice to unmute"


def test_commands_out_of_turn_break_nothing() -> None:
    hand = Hand().strokes(4).rest(1.0)
    commands = {0.0: "resume", 0.01: "again", 0.02: "skip", 100.0: "pause"}
    coach, verdicts = told(routine(FIRST), hand, commands)
    for name in ("pause", "resume", "skip"):
        coach.command(name, 99.0)
    assert coach.finish(100.0).state == "finished"
    assert not math.isnan(verdicts[-1].t_s)


def test_a_stroke_that_a_pause_breaks_off_is_told_and_counted() -> None:
    hand = Hand().at(PATH[0]).rest(0.3).go((50.0, 40.0)).rest(4.0)
    _, verdicts = told(routine(FIRST), hand, {1.2: "pause"}, 3.0)
    (stroke,) = [one for verdict in verdicts for one in verdict.strokes][:1]
    assert stroke.t_end_s == pytest.approx(1.2, abs=0.1)
    last = verdicts[-1]
    assert last.sides[0].path_mm == pytest.approx(stroke.length_mm, abs=0.5)
    assert last.sides[0].hand is None
    assert [side.repetitions for side in last.sides] == [1, 1]


def test_a_pause_tells_nothing_twice() -> None:
    hand = Hand().strokes(4, PATH[::-1])
    _, verdicts = told(routine(FIRST), hand, {hand.now_s - 0.5: "pause"}, hand.now_s + 2.0)
    paused = [verdict for verdict in verdicts if verdict.t_s > hand.now_s]
    assert all(not verdict.changed and not verdict.strokes and verdict.cue is None for verdict in paused)


def test_what_was_gathered_before_a_pause_is_forgotten() -> None:
    """Three quarters of a second outside the zone, twice."""
    low = tuple((x, y - 45.0) for x, y in PATH)
    hand = Hand().at(low[0]).go(low[1], mm_s=70.0)
    out_s = hand.now_s
    hand.rest(6.0).back(low[0]).go(low[1], mm_s=70.0)
    _, verdicts = told(routine(TIMED), hand, {out_s: "pause", out_s + 3.0: "resume"}, out_s + 6.5)
    assert not any(verdict.changed for verdict in verdicts if verdict.t_s < out_s + 6.0)


def test_a_resumed_step_goes_on_with_its_time_and_its_repetitions() -> None:
    hand = Hand().strokes(2).rest(6.0).strokes(2).rest(1.0)
    first = Hand().strokes(2).now_s
    _, verdicts = told(routine(FIRST), hand, {first + 0.5: "pause", first + 5.0: "resume"})
    (end,) = ends_of(verdicts)
    assert end.status == "done"
    assert max(verdict.sides[0].repetitions for verdict in verdicts) == 4
    before = [verdict for verdict in verdicts if verdict.t_s <= first + 0.4][-1]
    after = next(verdict for verdict in verdicts if verdict.t_s >= first + 5.2)
    assert after.step_elapsed_s - before.step_elapsed_s == pytest.approx(0.3, abs=0.1)


def test_again_names_a_step_of_the_routine() -> None:
    hand = Hand().at(PATH[0]).rest(20.0)
    short = [step(name, repetitions=None, seconds=3.0, planned_s=3.0) for name in ("one", "two")]
    _, verdicts = told(routine(*short), hand, {4.0: "again:one"}, 12.0)
    assert [end.step_id for end in ends_of(verdicts)] == ["one", "two", "one"]
    coach, _ = told(routine(*short), hand, {}, 1.0)
    with pytest.raises(UsageError):
        coach.command("again:three", 1.0)
    with pytest.raises(KeyError):
        coach.command("dance", 1.0)


def test_a_skip_before_the_first_step_and_after_the_last_does_nothing() -> None:
    hand = Hand().at(PATH[0]).rest(20.0)
    _, verdicts = told(routine(TIMED), hand, {0.0: "skip", 8.5: "skip"}, 10.0)
    assert [(end.status, round(end.t_end_s)) for end in ends_of(verdicts)] == [("done", 8)]
