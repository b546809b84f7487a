"""Leaving the frame is noticed; palms that hide the face are no absence."""

from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.input.presence import BACK_S, COVERED_S, LEFT_S, Presence
from tests.flow import people

FPS = 20.0


def _away(script: list[tuple[float, bool, bool]]) -> list[tuple[float, bool]]:
    """script: (seconds, face seen, hands at the face). When ``away`` changed, and to what."""
    presence, changes, t_s, before = Presence(), [], 0.0, False
    for seconds, face, hands in script:
        for _ in range(round(seconds * FPS)):
            left, right = people.palms() if hands else (None, None)
            seen = people.observation(t_s, face=face, left=left, right=right)
            now = presence.update(FrameFacts.of(seen, people.points(seen, at_face=(hands, hands))))
            if now != before:
                changes.append((round(t_s, 2), now))
            before = now
            t_s += 1 / FPS
    return changes


def test_who_leaves_is_away_and_who_comes_back_is_not() -> None:
    (left_s, away), (back_s, again) = _away([(3.0, True, False), (5.0, False, False), (2.0, True, False)])
    assert (away, again) == (True, False)
    assert abs(left_s - (3.0 + LEFT_S)) < 0.15
    assert abs(back_s - (8.0 + BACK_S)) < 0.15


def test_a_glance_aside_is_no_absence() -> None:
    assert _away([(3.0, True, False), (LEFT_S - 0.3, False, False), (3.0, True, False)]) == []


def test_hands_that_hide_the_face_are_no_absence_however_long() -> None:
    assert _away([(3.0, True, True), (60.0, False, True), (1.0, True, True)]) == []


def test_nor_are_hands_that_hide_each_other_for_a_while() -> None:
    assert _away([(3.0, True, True), (COVERED_S - 0.5, False, False), (1.0, True, True)]) == []
    assert [away for _, away in _away([(3.0, True, True), (COVERED_S + 1.0, False, False)])] == [True]


def test_a_face_that_flickers_at_the_edge_is_not_back() -> None:
    flicker = [(0.2, True, False), (0.4, False, False)] * 5
    assert [away for _, away in _away([(1.0, True, False), (4.0, False, False), *flicker])] == [True]


def test_nobody_there_from_the_start() -> None:
    assert [away for _, away in _away([(4.0, False, False)])] == [True]
