"""Which event matches which mistake."""

import math
from dataclasses import replace

import pytest

from benchmarks.accuracy.cases import case_of, performance_of
from benchmarks.accuracy.expected import Unit, expected_units
from benchmarks.accuracy.judging import Event, Withheld, events_of
from benchmarks.accuracy.scoring import match
from benchmarks.accuracy.truth_signals import Signals
from facetrack.coach import Correction

DUE = Unit("zone", "left", "beside", 10.0, 16.0, evidence_s=10.8, mend_s=17.0)


def event(kind: str = "zone", side: str = "left", start: float = 11.0, end: float = 17.5) -> Event:
    return Event(kind, side, start, end)  # type: ignore[arg-type]


def test_a_hit_has_its_delays() -> None:
    scored = match([event()], [DUE], end_s=30.0)
    (hit,) = scored.hits
    assert hit.found
    assert (hit.raised_s, hit.withdrawn_s) == pytest.approx((0.2, 0.5))
    assert scored.false == ()
    assert len(scored.true) == 1


@pytest.mark.parametrize(
    "wrong",
    [event(kind="pace"), event(side="right"), event(start=9.9, end=17.0), event(start=17.1, end=21.0)],
    ids=["another kind", "the other side", "begun before it", "too long after it"],
)
def test_what_does_not_match_is_false_and_the_mistake_missed(wrong: Event) -> None:
    scored = match([wrong], [DUE], end_s=30.0)
    assert not scored.hits[0].found
    assert math.isnan(scored.hits[0].raised_s)
    assert scored.false == (wrong,)


@pytest.mark.parametrize("late", [event(start=16.9, end=21.0), event(start=10.0, end=10.1)], ids=["just in time", "at once"])
def test_the_edges_of_a_match(late: Event) -> None:
    assert match([late], [DUE], end_s=30.0).hits[0].found


def test_an_event_of_both_counts_for_each_side() -> None:
    both = Correction(0, "forehead", "both", "zone", 11.0, None, 12.0, 8.0, "zone.up", "Up")
    events = events_of(both)
    assert [e.side for e in events] == ["left", "right"]
    scored = match(events, [DUE], end_s=30.0)
    assert scored.hits[0].found
    assert [e.side for e in scored.false] == ["right"]


def test_an_event_that_is_never_withdrawn_lasts_to_the_end() -> None:
    assert match([event(end=math.inf)], [DUE], end_s=30.0).hits[0].withdrawn_s == pytest.approx(13.0)


def test_a_tolerated_unit_excuses_but_asks_for_nothing() -> None:
    tolerated = Unit("symmetry", "left", "true", 10.0, 16.0, None, None, required=False)
    assert match([], [tolerated], end_s=30.0).hits == ()
    scored = match([event(kind="symmetry")], [tolerated], end_s=30.0)
    assert (scored.false, scored.true) == ((), ())


def test_a_mistake_that_is_told_again_is_one_hit_and_a_false_correction() -> None:
    again = event(start=14.0, end=18.0)
    scored = match([event(start=11.0, end=13.0), again], [DUE], end_s=30.0)
    (hit,) = scored.hits
    assert (hit.count, hit.withdrawn_s) == (2, pytest.approx(1.0))
    assert len(scored.true) == 1
    assert scored.false == (again,)


def test_what_was_withheld_is_due_but_was_not_judged() -> None:
    blind = Withheld("left", 10.0, 13.5, "contact")
    for events, withheld, judged in (([], [blind], False), ([], [], True), ([event()], [blind], True)):
        assert match(events, [DUE], end_s=30.0, withheld=withheld).hits[0].judged is judged
    assert match([], [DUE], end_s=30.0, withheld=[replace(blind, side="right")]).hits[0].judged


def test_totals_are_asked_for_once_and_true_from_the_time_that_they_are_due() -> None:
    """Of a side that is left out; and of one that got less than half, in a clip that goes on after its planned strokes."""
    left_out, less = (
        [unit for unit in expected_units(Signals.of(performance_of(case_of(name, seed=1)))) if unit.variant == "totals"]
        for name in ("fascia/forehead/totals-left/0", "fascia/brow/rushed-left/0")
    )
    assert [(unit.side, unit.required) for unit in left_out + less] == [("left", True), ("right", True)]
    assert less[0].t_start_s < less[0].t_end_s - 5.0
