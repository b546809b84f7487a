"""A hand that was at work on the face and is lost is asked for, soon, seldom, and by its name."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from facetrack.coach import Coach, Thresholds
from facetrack.coach.feedback.messages import HINTS
from tests.coach.synthetic import FPS, PATH, Hand, film, phase, routine, step

LIMITS = Thresholds()
END = PATH[-1]
LONG = routine(step("brow", phase(), repetitions=None, seconds=60.0, planned_s=60.0))


def hints(left: Hand, right: Hand) -> list[tuple[float, str | None]]:
    """(time, hint id) of every frame."""
    coach = Coach(LONG)
    return [(points.t_s, coach.update(points).hint_id) for points in film(left, right)]


def stroking(gone_s: float) -> Hand:
    """Lost in the middle of the third stroke."""
    hand = Hand().strokes(2)
    return hand.go(tuple((a + b) / 2 for a, b in zip(PATH[0], PATH[1], strict=True))).gone(gone_s).go(END)  # type: ignore[arg-type]


def seen(seconds: float) -> Hand:
    return Hand().strokes(int(seconds / 2.0) + 1)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_hand_lost_in_a_stroke_is_asked_for_within_a_second_and_a_half(side: str) -> None:
    lost = stroking(3.0)
    lost_s = lost.unseen[0][0]
    other = seen(lost.now_s)
    told = hints(lost, other) if side == "left" else hints(other, lost)
    asked = [t for t, hint in told if hint == f"unseen.lift-{side}"]
    assert lost_s + LIMITS.tuning.feedback.lift_after_s <= asked[0] <= lost_s + 1.5
    assert asked[-1] < lost_s + 3.0 + 0.1
    assert HINTS[f"unseen.lift-{side}"] == f"I lost your {side} hand: lift it off and back"


def test_both_hands_are_asked_for_together() -> None:
    lost = stroking(3.0)
    assert "unseen.lift-hands" in {hint for _, hint in hints(lost, lost)}


def test_it_is_asked_for_a_while_and_not_again_within_ten_seconds() -> None:
    lost = stroking(25.0)
    asked = [t for t, hint in hints(lost, seen(lost.now_s)) if hint == "unseen.lift-left"]
    begins = [t for t, before in zip(asked, [-1.0, *asked], strict=False) if t - before > 0.5]
    assert len(begins) == 3
    assert all(b - a >= LIMITS.tuning.feedback.lift_again_s for a, b in pairwise(begins))
    assert asked[-1] - begins[-1] < LIMITS.tuning.feedback.shown_s


def test_a_hand_that_goes_away_is_not_asked_for() -> None:
    hand = Hand().strokes(2).back(END, mm_s=400.0, lifted=False)
    hand.unseen.append((hand.now_s, hand.now_s + 4.0))
    hand.rest(4.0)
    told = hints(hand, seen(hand.now_s))
    assert "unseen.left" in {hint for _, hint in told}
    assert "unseen.lift-left" not in {hint for _, hint in told}


DOWN, ASIDE, UP, ASLANT = (0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (0.7, -0.7)


@pytest.mark.parametrize("mm_s", [60.0, 80.0, 100.0, 150.0, 250.0, 350.0])
@pytest.mark.parametrize("way", [DOWN, ASIDE, UP, ASLANT])
@pytest.mark.parametrize("seen_mm", [45.0, 90.0])
def test_hands_that_leave_the_face_at_any_pace_are_not_asked_for(mm_s: float, way: tuple[float, float], seen_mm: float) -> None:
    """They are out of sight while they are still over the face, or beside it."""
    hand = Hand().strokes(2).go(END).rest(0.2)
    hand.go((END[0] + seen_mm * way[0], END[1] + seen_mm * way[1]), mm_s=mm_s).gone(4.0)
    told = {hint for _, hint in hints(hand, hand)}
    assert "unseen.hands" in told
    assert not {hint for hint in told if "lift" in (hint or "")}


@pytest.mark.parametrize("near", [True, False])
def test_a_hand_that_was_last_seen_without_its_place_is_asked_for_only_if_it_was_near(near: bool) -> None:
    """It was at work, then round the side of the head, or beside it; then it is out of sight."""
    lost = Hand().strokes(2).rest(4.0)
    frames = []
    for points in film(lost, seen(lost.now_s)):
        since_s = points.t_s - (lost.now_s - 4.0)
        if since_s >= 0.0:
            places, seen_now, close = points.points_mm.copy(), points.hand_seen.copy(), points.near_face.copy()
            places[0], seen_now[0], close[0] = np.nan, since_s < 1.0, near and since_s < 1.0
            points = replace(points, points_mm=places, hand_seen=seen_now, near_face=close)
        frames.append(points)
    coach = Coach(LONG)
    assert ("unseen.lift-left" in [coach.update(points).hint_id for points in frames]) == near


def test_a_gap_that_a_second_look_mends_is_not_told() -> None:
    lost = stroking(0.6)
    assert not any((hint or "").startswith("unseen.lift") for _, hint in hints(lost, seen(lost.now_s)))


def test_it_is_asked_after_nine_tenths_of_a_second_for_four_seconds_and_every_ten() -> None:
    lost = stroking(25.0)
    lost_s = lost.unseen[0][0]
    asked = [t for t, hint in hints(lost, seen(lost.now_s)) if hint == "unseen.lift-left"]
    begins = [t for t, before in zip(asked, [-1.0, *asked], strict=False) if t - before > 0.5]
    assert [begun - lost_s for begun in begins] == pytest.approx([0.9, 10.9, 20.9], abs=0.12)
    assert len(asked) / FPS == pytest.approx(3 * 4.0, abs=0.3)


def test_when_the_other_hand_is_lost_as_well_both_are_asked_for_with_the_next_request() -> None:
    left, right = stroking(25.0), stroking(25.0)
    right = Hand().strokes(3).go((30.0, 40.0)).gone(20.0).go(END)
    told = [hint for _, hint in hints(left, right)]
    assert "unseen.lift-left" in told
    assert "unseen.lift-hands" in told[told.index("unseen.lift-left") :]


def test_a_hand_that_waited_off_the_face_is_not_asked_for() -> None:
    frames = [
        replace(points, near_face=np.zeros(2, bool)) if points.t_s < 2.0 else points
        for points in film(Hand().at(PATH[0]).rest(2.0).gone(6.0), seen(8.0))
    ]
    coach = Coach(LONG)
    assert "unseen.lift-left" not in [coach.update(points).hint_id for points in frames]
