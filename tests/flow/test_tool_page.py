"""A tool may be shown before the first step: it is offered once, heard, and never waited for long."""

import numpy as np
import pytest

from facetrack.flow import FlowOptions
from facetrack.flow.pages.tool_page import KNOWN_S, MOST_S, OTHER_HAND_S, UNUSED_S
from facetrack.flow.speech import spoken_s
from facetrack.flow.texts import TEXTS
from facetrack.geometry.face_points import INDEX_TIP, KNUCKLE, MIDDLE_TIP, PALM, POINTS
from facetrack.routine import load_routine
from tests.flow.test_session_flow import BEFORE_S, STEPS, Session

WITH_TOOL = tuple(load_routine("fascia").with_contact("tool").step(step.id) for step in STEPS)
BARE = tuple(load_routine("fascia").with_contact("fingertips").step(step.id) for step in STEPS)
SPOKEN_S = spoken_s(TEXTS["tool.say"])


def prepared(steps=WITH_TOOL) -> Session:
    """Somebody whose hands have just come to the first step's place."""
    session = Session(steps=steps).go(BEFORE_S)
    while session.last_page == "prepare":
        session.go(0.1, hands=True)
    return session


def test_a_tool_is_asked_for_before_the_first_step_and_heard() -> None:
    session = prepared()
    assert session.pages[-2:] == ["prepare", "tool"]
    assert session.last.ask == TEXTS["tool.ask"]
    assert session.said.endswith(TEXTS["tool.say"])
    assert session.flow.asks_for_tool
    assert session.paused, "nothing is judged meanwhile"


def test_who_shows_nothing_goes_on_by_himself() -> None:
    assert prepared().go(SPOKEN_S + UNUSED_S - 0.5).last_page == "tool"
    assert prepared().go(SPOKEN_S + UNUSED_S + 0.5).last_page == "working"
    assert prepared().go(SPOKEN_S + MOST_S - 0.5, hands=True).last_page == "tool"
    assert prepared().go(SPOKEN_S + MOST_S + 0.5, hands=True).last_page == "working"


def test_a_key_or_palms_go_on_at_once() -> None:
    session = prepared()
    session.flow.key(ord("x"))
    assert session.go(0.2).last_page == "working"
    assert prepared().go(2.0, palms=True).last_page == "working"


def test_both_tools_are_acknowledged_and_the_work_begins() -> None:
    session = prepared().go(3.0, hands=True)
    session.go(1.0, hands=True, known=(True, False))
    assert session.last.ask == TEXTS["tool.other"]
    assert TEXTS["tool.other"] in session.said
    session.go(0.5, hands=True, known=(True, True))
    assert session.last.ask == TEXTS["tool.both"]
    assert session.go(KNOWN_S + 0.2, hands=True, known=(True, True)).last_page == "working"
    assert not session.flow.asks_for_tool


def test_one_tool_is_enough() -> None:
    session = prepared().go(OTHER_HAND_S - 0.5, hands=True, known=(False, True))
    assert session.last_page == "tool"
    assert session.go(1.0, hands=True, known=(False, True)).last_page == "working"


@pytest.mark.parametrize(
    ("curl", "steps", "asked"), [(1.15, STEPS, True), (1.7, STEPS, False), (0.6, STEPS, False), (1.15, BARE, False)]
)
def test_where_a_tool_is_one_of_several_ways_only_who_seems_to_hold_one_is_asked(curl: float, steps, asked: bool) -> None:
    """curl: the fingertips' distance from the palm over the middle joint's."""
    session = Session(steps=steps).go(BEFORE_S)
    hand = np.tile(np.array([30.0, 45.0]), (POINTS, 1))
    hand[PALM], hand[KNUCKLE] = (30.0, 5.0), (30.0, 45.0)
    hand[[MIDDLE_TIP, INDEX_TIP]] = (30.0, 5.0 + 40.0 * curl)
    while session.last_page == "prepare":
        session.go(0.1, hands=True, hand_mm=hand)
    assert session.last_page == ("tool" if asked else "working")


@pytest.mark.parametrize("options", [{"camera": False}, {"judging": False}, {"interactive": False}])
def test_where_nothing_is_judged_or_nobody_is_there_it_is_not_asked(options: dict[str, bool]) -> None:
    session = Session(FlowOptions(safety=False, **options), steps=WITH_TOOL)
    for _ in range(80):
        session.go(1.0, hands=True)
    assert "tool" not in session.pages
