"""The book of corrections: sides join within half a second, events keep their number, all are closed."""

from dataclasses import replace

import pytest

from facetrack.coach import Thresholds
from facetrack.coach.feedback.corrections import CorrectionBook, Finding
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import Kind

LIMITS = Thresholds()


def finding(side: int, kind: Kind = "zone") -> Finding:
    return Finding(kind, side, 12.0, 8.0, f"{kind}.x", "Words")


L, R = finding(LEFT), finding(RIGHT)


def test_an_event_is_raised_once_and_stays_open_while_it_is_found() -> None:
    book = CorrectionBook(LIMITS)
    raised, changed = book.update([L], "a", 1.0)
    assert raised == changed == list(book.open)
    event = raised[0]
    assert (event.index, event.step_id, event.side, event.kind) == (0, "a", "left", "zone")
    assert (event.t_start_s, event.t_end_s, event.value, event.limit) == (1.0, None, 12.0, 8.0)
    assert book.update([L], "a", 1.1) == ([], [])
    assert book.open == (event,)


def test_what_is_found_no_more_is_withdrawn_and_found_again_is_another() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L], "a", 1.0)
    raised, changed = book.update([], "a", 2.0)
    assert not raised
    assert [(event.index, event.t_end_s) for event in changed] == [(0, 2.0)]
    assert book.open == ()
    raised, _ = book.update([L], "a", 3.0)
    assert raised[0].index == 1


def test_sides_within_half_a_second_become_both() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L], "a", 1.0)
    raised, changed = book.update([L, R], "a", 1.0 + LIMITS.tuning.feedback.both_within_s - 0.05)
    assert not raised
    assert [(event.index, event.side, event.t_start_s) for event in changed] == [(0, "both", 1.0)]
    assert len(book.open) == 1


def test_sides_in_the_same_frame_become_both() -> None:
    raised, changed = (book := CorrectionBook(LIMITS)).update([L, R], "a", 1.0)
    assert len(raised) == 1
    assert changed[-1].side == "both"
    assert [event.side for event in book.open] == ["both"]


def test_later_than_that_they_are_two() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L], "a", 1.0)
    raised, _ = book.update([L, R], "a", 1.0 + LIMITS.tuning.feedback.both_within_s + 0.05)
    assert [event.side for event in raised] == ["right"]
    assert [event.side for event in book.open] == ["left", "right"]


def test_kinds_never_join() -> None:
    book, findings = CorrectionBook(LIMITS), [L, finding(RIGHT, "pace"), finding(RIGHT, "direction")]
    book.update(findings, "a", 1.0)
    book.update(findings, "a", 1.0 + LIMITS.zone.confirm_s)
    assert [(event.kind, event.side) for event in book.open] == [("zone", "left"), ("pace", "right"), ("direction", "right")]


def test_both_stays_open_until_the_last_side_has_mended() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L, R], "a", 1.0)
    book.update([R], "a", 2.0)
    assert [event.t_end_s for event in book.open] == [None]
    _, changed = book.update([], "a", 3.0)
    assert changed[0].t_end_s == 3.0


def test_a_side_that_errs_again_while_the_other_is_open_is_an_event_of_its_own() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L, R], "a", 1.0)
    book.update([R], "a", 2.0)
    raised, _ = book.update([L, R], "a", 3.0)
    assert [(event.index, event.side) for event in raised] == [(1, "left")]


def test_another_step_closes_what_is_open() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L], "a", 1.0)
    _, changed = book.update([L], "b", 2.0)
    assert (changed[0].index, changed[0].t_end_s) == (0, 2.0)
    assert [(event.index, event.step_id) for event in book.open] == [(1, "b")]


def test_what_is_told_once_begins_and_ends_at_once() -> None:
    book = CorrectionBook(LIMITS)
    event = book.once(finding(RIGHT, "symmetry"), "a", 5.0)
    assert (event.t_start_s, event.t_end_s, event.side) == (5.0, 5.0, "right")
    assert book.open == ()
    assert book.update([L], "a", 6.0)[0][0].index == event.index + 1


def test_a_side_that_left_an_event_of_both_for_a_moment_rejoins_it() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L, R], "a", 1.0)
    assert book.update([L], "a", 2.0) == ([], [])
    assert book.update([L, R], "a", 2.5) == ([], [])
    _, changed = book.update([], "a", 4.0)
    assert [(event.side, event.t_end_s) for event in changed] == [("both", 4.0)]


def test_what_one_odd_stroke_shows_is_told_when_it_stands() -> None:
    stands_s = 0.3
    book, wrong = CorrectionBook(LIMITS), replace(finding(LEFT, "pace"), confirm_s=stands_s)
    assert book.update([wrong], "a", 1.0) == ([], [])
    assert book.update([], "a", 1.1) == ([], []), "a flicker is never told"
    book.update([wrong], "a", 2.0)
    assert book.update([wrong], "a", 2.0 + stands_s - 0.02) == ([], [])
    raised, _ = book.update([wrong], "a", 2.0 + stands_s)
    assert [event.t_start_s for event in raised] == [2.0 + stands_s]


@pytest.mark.parametrize("kind", ["zone", "direction", "pace"])
def test_nothing_new_is_told_of_a_side_without_a_hand(kind: Kind) -> None:
    book, wrong = CorrectionBook(LIMITS), finding(LEFT, kind)
    gone = frozenset({LEFT})
    book.update([wrong], "a", 1.0, gone)
    assert book.update([wrong], "a", 2.0, gone) == ([], []), "however long it stands"
    raised, _ = book.update([wrong], "a", 2.1)
    assert raised, "and at once when the hand is there again"
    assert book.update([wrong], "a", 2.2, gone) == ([], [])
    assert list(book.open) == raised, "what is told stays told"


def test_a_side_without_a_hand_may_have_done_too_little() -> None:
    book, idle = CorrectionBook(LIMITS), replace(finding(LEFT, "symmetry"), by_absence=True)
    assert book.update([idle], "a", 1.0, frozenset({LEFT}))[0]


@pytest.mark.parametrize(("later_s", "sides"), [(0.45, ["both"]), (0.55, ["left", "right"])])
def test_sides_are_one_event_within_half_a_second(later_s: float, sides: list[str]) -> None:
    book = CorrectionBook(LIMITS)
    book.update([L], "a", 1.0)
    book.update([L, R], "a", 1.0 + later_s)
    assert [event.side for event in book.open] == sides


@pytest.mark.parametrize(("later_s", "raised"), [(0.7, 0), (0.8, 1)])
def test_a_side_rejoins_an_event_of_both_within_three_quarters_of_a_second(later_s: float, raised: int) -> None:
    book = CorrectionBook(LIMITS)
    book.update([L, R], "a", 1.0)
    book.update([L], "a", 2.0)
    assert len(book.update([L, R], "a", 2.0 + later_s)[0]) == raised


def test_kinds_that_come_within_half_a_second_on_two_sides_are_two_events() -> None:
    book, other = CorrectionBook(LIMITS), finding(RIGHT, "pace")
    book.update([L], "a", 1.0)
    for k in range(1, 5):
        book.update([L, other], "a", 1.0 + 0.1 * k)
    assert [(event.kind, event.side) for event in book.open] == [("zone", "left"), ("pace", "right")]


def test_a_third_side_cannot_join_and_an_event_of_both_is_not_joined_again() -> None:
    book = CorrectionBook(LIMITS)
    book.update([L, R], "a", 1.0)
    assert book.update([L, R], "a", 1.2) == ([], [])
    assert [(event.index, event.side) for event in book.open] == [(0, "both")]
