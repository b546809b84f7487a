"""The log of corrections: one for a mistake that goes on, sides join within half a second, all are closed."""

import math
from dataclasses import replace

import pytest

from facetrack.coach import Correction, Thresholds
from facetrack.coach.feedback.corrections import CorrectionLog, Finding
from facetrack.packets import LEFT, RIGHT
from facetrack.routine.compiled import Kind
from facetrack.routine.kinds import KINDS

LIMITS = Thresholds()


def finding(side: int, kind: Kind = "zone", seen_s: float = math.inf) -> Finding:
    """seen_s: when it was last seen; infinite: in whichever frame it is given."""
    return Finding(kind, side, 12.0, 8.0, f"{kind}.x", "Words", seen_s)


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


@pytest.mark.parametrize(("later_s", "index"), [(1.0, 0), (7.9, 0), (8.1, 1)])
def test_what_is_found_no_more_is_withdrawn_and_found_again_at_once_was_not_mended(later_s: float, index: int) -> None:
    log = CorrectionLog(LIMITS)
    log.update([L], "a", 1.0)
    raised, changed = log.update([], "a", 2.0)
    assert not raised
    assert [(event.index, event.t_end_s, event.mended) for event in changed] == [(0, 2.0, True)]
    assert log.open == ()
    log.update([], "a", 2.0 + later_s - 0.1)
    _, changed = log.update([L], "a", 2.0 + later_s)
    assert [(event.index, event.t_end_s, event.mended) for event in changed] == [(index, None, False)]


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
    log.update(findings, "a", 1.3)
    assert [(event.kind, event.side) for event in log.open] == [("zone", "left"), ("pace", "right"), ("direction", "right")]


def test_both_stays_open_until_the_last_side_has_mended() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L, R], "a", 1.0)
    log.update([R], "a", 2.0)
    assert [event.t_end_s for event in log.open] == [None]
    _, changed = log.update([], "a", 3.0)
    assert changed[0].t_end_s == 3.0


def test_a_side_that_errs_again_while_the_other_goes_on_is_of_both_still() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L, R], "a", 1.0)
    log.update([R], "a", 2.0)
    assert log.update([L, R], "a", 3.0) == ([], [])
    assert log.update([L], "a", 4.0) == ([], [])
    _, changed = log.update([], "a", 5.0)
    assert [(event.side, event.t_end_s, event.mended) for event in changed] == [("both", 5.0, True)]


def test_a_pause_and_the_steps_end_close_what_is_open_without_a_mend() -> None:
    log = CorrectionLog(LIMITS)
    log.update([L], "a", 1.0)
    (ended,) = log.end(2.0)
    assert (ended.index, ended.t_end_s, ended.mended) == (0, 2.0, False)
    assert log.open == ()
    assert log.end(2.1) == []
    log.update([L], "b", 2.2)
    assert [(event.index, event.step_id) for event in log.open] == [(1, "b")]


STAYS_S, SAME_S = LIMITS.stays_open_s, LIMITS.same_within_s


def run(log: CorrectionLog, seen_s: float, until_s: float, *kinds: Kind) -> list[Correction]:
    """A mistake that was last seen at seen_s, and not its mend, frame by frame. Returns all that changed."""
    changed: list[Correction] = []
    t_s = seen_s
    while t_s < until_s:
        changed += log.update([finding(LEFT, kind, seen_s) for kind in kinds or ("zone",)], "a", t_s)[1]
        t_s += 0.1
    return changed


def test_what_is_not_seen_and_not_mended_stays_open_for_a_while_and_ends_at_its_last_evidence() -> None:
    log = CorrectionLog(LIMITS)
    run(log, 1.0, 1.0 + STAYS_S - 0.1)
    assert [event.t_end_s for event in log.open] == [None]
    (ended,) = run(log, 1.0, 1.0 + STAYS_S + 1.0)
    assert (ended.t_end_s, ended.mended) == (1.0, False)
    assert log.open == ()


@pytest.mark.parametrize("kind", list(KINDS))
def test_seen_again_soon_it_is_the_same_correction_and_later_another(kind: Kind) -> None:
    for again_s, index in ((1.0 + SAME_S - 0.5, 0), (1.0 + SAME_S + 0.5, 1)):
        log = CorrectionLog(LIMITS)
        run(log, 1.0, again_s, kind)
        assert log.open == ()
        run(log, again_s, again_s + 0.1, kind)
        assert [(event.index, event.t_end_s) for event in log.open] == [(index, None)]
        assert log.open[0].t_start_s == (1.0 if index == 0 else pytest.approx(again_s))


def test_after_a_mend_it_is_another_however_soon() -> None:
    log = CorrectionLog(LIMITS)
    run(log, 1.0, 1.0 + STAYS_S + 2.0)
    _, changed = log.update([], "a", 10.0)
    assert [(event.t_end_s, event.mended) for event in changed] == [(1.0, True)], "ended before, mended now"
    assert log.update([finding(LEFT)], "a", 10.5)[0][0].index == 1


def test_what_is_told_once_begins_and_ends_at_once() -> None:
    log = CorrectionLog(LIMITS)
    event = log.record_instant(finding(RIGHT, "symmetry"), "a", 5.0)
    assert (event.t_start_s, event.t_end_s, event.side) == (5.0, 5.0, "right")
    assert log.open == ()
    assert log.update([L], "a", 6.0)[0][0].index == event.index + 1


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
