"""The log of corrections: sides join within half a second, events keep their number, all are closed."""

from dataclasses import replace

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.feedback.corrections import CorrectionLog, Finding
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import Kind

LIMITS = Thresholds()


def finding(side: int, kind: Kind = "zone") -> Finding:
    return Finding(kind, side, 12.0, 8.0, f"{kind}.x", "Words")


L, R = finding(LEFT), finding(RIGHT)


def test_an_event_is_raised_once_and_stays_open_while_it_is_found() -> None:
    log = CorrectionLog(LIMITS)
    raised, changed = log.update([L], "a", 1.0)
    assert raised == changed == list(log.open)
    event = raised[0]
    assert (event.index, event.step_id, event.side, event.kind) == (0, "a", "left", "zone")
    assert (event.t_start_s, event.t_end_s, event.value, event.limit) == (1.0, None, 12.0, 8.0)
    assert log.update([L], "a", 1.1) == ([], [])
    assert log.open == (event,)


def test_what_is_found_no_more_is_withdrawn_and_found_again_is_another() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L], "a", 1.0)
    raised, changed = log.update([], "a", 2.0)
    assert not raised
    assert [(event.index, event.t_end_s) for event in changed] == [(0, 2.0)]
    assert log.open == ()
    raised, _ = log.update([L], "a", 3.0)
    assert raised[0].index == 1


def test_sides_within_half_a_second_become_both() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L], "a", 1.0)
    raised, changed = log.update([L, R], "a", 1.0 + LIMITS.tuning.feedback.both_within_s - 0.05)
    assert not raised
    assert [(event.index, event.side, event.t_start_s) for event in changed] == [(0, "both", 1.0)]
    assert len(log.open) == 1


def test_sides_in_the_same_frame_become_both() -> None:
    raised, changed = (log := CorrectionLog(LIMITS)).update([L, R], "a", 1.0)
    assert len(raised) == 1
    assert changed[-1].side == "both"
    assert [event.side for event in log.open] == ["both"]


def test_later_than_that_they_are_two() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L], "a", 1.0)
    raised, _ = log.update([L, R], "a", 1.0 + LIMITS.tuning.feedback.both_within_s + 0.05)
    assert [event.side for event in raised] == ["right"]
    assert [event.side for event in log.open] == ["left", "right"]


def test_kinds_never_join() -> None:
    log, findings = CorrectionLog(LIMITS), [L, finding(RIGHT, "pace"), finding(RIGHT, "direction")]
    log.update(findings, "a", 1.0)
    log.update(findings, "a", 1.0 + LIMITS.zone.confirm_s)
    assert [(event.kind, event.side) for event in log.open] == [("zone", "left"), ("pace", "right"), ("direction", "right")]


def test_both_stays_open_until_the_last_side_has_mended() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L, R], "a", 1.0)
    log.update([R], "a", 2.0)
    assert [event.t_end_s for event in log.open] == [None]
    _, changed = log.update([], "a", 3.0)
    assert changed[0].t_end_s == 3.0


def test_a_side_that_errs_again_while_the_other_is_open_is_an_event_of_its_own() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L, R], "a", 1.0)
    log.update([R], "a", 2.0)
    raised, _ = log.update([L, R], "a", 3.0)
    assert [(event.index, event.side) for event in raised] == [(1, "left")]


def test_another_step_closes_what_is_open() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L], "a", 1.0)
    _, changed = log.update([L], "b", 2.0)
    assert (changed[0].index, changed[0].t_end_s) == (0, 2.0)
    assert [(event.index, event.step_id) for event in log.open] == [(1, "b")]


def test_what_is_told_once_begins_and_ends_at_once() -> None:
    log = CorrectionLog(LIMITS)
    event = log.record_instant(finding(RIGHT, "symmetry"), "a", 5.0)
    assert (event.t_start_s, event.t_end_s, event.side) == (5.0, 5.0, "right")
    assert log.open == ()
    assert log.update([L], "a", 6.0)[0][0].index == event.index + 1


def test_a_side_that_left_an_event_of_both_for_a_moment_rejoins_it() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L, R], "a", 1.0)
    assert log.update([L], "a", 2.0) == ([], [])
    assert log.update([L, R], "a", 2.5) == ([], [])
    _, changed = log.update([], "a", 4.0)
    assert [(event.side, event.t_end_s) for event in changed] == [("both", 4.0)]


def test_what_one_odd_stroke_shows_is_told_when_it_stands() -> None:
    stands_s = 0.3
    log, wrong = CorrectionLog(LIMITS), replace(finding(LEFT, "pace"), confirm_s=stands_s)
    assert log.update([wrong], "a", 1.0) == ([], [])
    assert log.update([], "a", 1.1) == ([], []), "a flicker is never told"
    log.update([wrong], "a", 2.0)
    assert log.update([wrong], "a", 2.0 + stands_s - 0.02) == ([], [])
    raised, _ = log.update([wrong], "a", 2.0 + stands_s)
    assert [event.t_start_s for event in raised] == [2.0 + stands_s]


@pytest.mark.parametrize("kind", ["zone", "direction", "pace"])
def test_nothing_new_is_told_of_a_side_without_a_hand(kind: Kind) -> None:
    log, wrong = CorrectionLog(LIMITS), finding(LEFT, kind)
    gone = frozenset({LEFT})
    log.update([wrong], "a", 1.0, gone)
    assert log.update([wrong], "a", 2.0, gone) == ([], []), "however long it stands"
    raised, _ = log.update([wrong], "a", 2.1)
    assert raised, "and at once when the hand is there again"
    assert log.update([wrong], "a", 2.2, gone) == ([], [])
    assert list(log.open) == raised, "what is told stays told"


def test_a_side_without_a_hand_may_have_done_too_little() -> None:
    log, idle = CorrectionLog(LIMITS), replace(finding(LEFT, "symmetry"), by_absence=True)
    assert log.update([idle], "a", 1.0, frozenset({LEFT}))[0]


@pytest.mark.parametrize(("later_s", "sides"), [(0.45, ["both"]), (0.55, ["left", "right"])])
def test_sides_are_one_event_within_half_a_second(later_s: float, sides: list[str]) -> None:
    log = CorrectionLog(LIMITS)
    log.update([L], "a", 1.0)
    log.update([L, R], "a", 1.0 + later_s)
    assert [event.side for event in log.open] == sides


@pytest.mark.parametrize(("later_s", "raised"), [(0.7, 0), (0.8, 1)])
def test_a_side_rejoins_an_event_of_both_within_three_quarters_of_a_second(later_s: float, raised: int) -> None:
    log = CorrectionLog(LIMITS)
    log.update([L, R], "a", 1.0)
    log.update([L], "a", 2.0)
    assert len(log.update([L, R], "a", 2.0 + later_s)[0]) == raised


def test_kinds_that_come_within_half_a_second_on_two_sides_are_two_events() -> None:
    log, other = CorrectionLog(LIMITS), finding(RIGHT, "pace")
    log.update([L], "a", 1.0)
    for k in range(1, 5):
        log.update([L, other], "a", 1.0 + 0.1 * k)
    assert [(event.kind, event.side) for event in log.open] == [("zone", "left"), ("pace", "right")]


def test_a_third_side_cannot_join_and_an_event_of_both_is_not_joined_again() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L, R], "a", 1.0)
    assert log.update([L, R], "a", 1.2) == ([], [])
    assert [(event.index, event.side) for event in log.open] == [(0, "both")]
