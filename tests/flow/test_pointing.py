"""What a correction says and where its arrow leads are one decision, wherever the hand goes."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.coach.feedback.messages import nearest_place
from facetrack.coach.verdict import Verdict
from facetrack.flow.pointing import SETTLES_S, Pointer
from facetrack.routine import load_routine
from tests.overlay import scenes

JAW = load_routine("fascia").step("jawline")
WAYS = {"Further out": (1, 0), "Further in": (-1, 0), "Higher": (0, 1), "Lower": (0, -1)}


def verdict(t_s: float, here: tuple[float, float], side: str = "both", kind: str = "zone", in_zone: bool = False) -> Verdict:
    """Both hands at mirrored places."""
    sides = tuple(
        scenes.side(hand, np.array(here) * (sign, 1.0), in_zone=in_zone) for hand, sign in (("left", 1.0), ("right", -1.0))
    )
    shown = replace(scenes.correction(side, kind, "Words of the first instant"), step_id="jawline")
    return replace(scenes.verdict(shown), t_s=t_s, sides=sides)


@pytest.mark.parametrize("seed", range(3))
def test_word_and_arrow_agree_wherever_the_hand_goes(seed: int) -> None:
    rng, pointer, here = np.random.default_rng(seed), Pointer(), np.array([30.0, -40.0])
    for frame in range(200):
        here = np.clip(here + rng.normal(0.0, 4.0, 2), (5.0, -60.0), (60.0, 60.0))
        now = pointer.update(verdict(frame / 10, tuple(here)), JAW)
        way, place = now.words.split(", to ")
        arrow = now.arrows[0]
        assert arrow is not None
        assert arrow.arrives
        np.testing.assert_array_equal(arrow.start_mm, here)
        aim = arrow.end_mm
        assert nearest_place(JAW, aim)[1] == place, "the arrow ends at the place that is named"
        if now.words == pointer.update(verdict(frame / 10 + 0.01, tuple(here)), JAW).words:
            ahead = aim - here
            assert ahead @ WAYS[way] > -30.0


def test_words_follow_the_hand_but_do_not_flicker() -> None:
    pointer = Pointer()
    assert pointer.update(verdict(0.0, (10.0, -70.0)), JAW).words == "Lower, to the chin"
    below = (20.0, -170.0)
    assert pointer.update(verdict(0.1, below), JAW).words == "Lower, to the chin"
    assert pointer.update(verdict(0.2 + SETTLES_S, below), JAW).words.startswith("Higher, to the ")


def test_one_side_comes_first_and_only_it_has_an_arrow() -> None:
    now = Pointer().update(verdict(0.0, (10.0, -70.0), side="right"), JAW)
    assert now.words == "Right: lower, to the chin"
    assert now.arrows[0] is None
    assert now.arrows[1] is not None
    assert now.arrows[1].end_mm[0] < 0.0, "on the right half"


def test_a_hand_that_is_inside_again_has_no_arrow_and_other_kinds_keep_their_words() -> None:
    pointer = Pointer()
    words = pointer.update(verdict(0.0, (10.0, -70.0)), JAW).words
    inside = pointer.update(verdict(0.1, (20.0, -100.0), in_zone=True), JAW)
    assert (inside.words, inside.arrows) == (words, (None, None))
    assert pointer.update(verdict(0.2, (10.0, -70.0), kind="pace"), JAW).words == "Words of the first instant"
    assert pointer.update(replace(verdict(0.3, (10.0, -70.0)), shown=None), JAW).words == ""


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_the_arrow_of_a_direction_goes_along_the_path_from_the_hand(side: str) -> None:
    now = Pointer().update(verdict(0.0, (30.0, -90.0), side, "direction"), JAW)
    path = JAW.phases[0].path_mm
    for name, sign, arrow in zip(("left", "right"), (1.0, -1.0), now.arrows, strict=True):
        if side not in (name, "both"):
            assert arrow is None
            continue
        assert arrow is not None
        np.testing.assert_array_equal(arrow.start_mm, (30.0 * sign, -90.0))
        assert (arrow.end_mm - arrow.start_mm) @ ((path[-1] - path[0]) * (sign, 1.0)) > 0.0
        assert not arrow.arrives


def test_the_arrow_of_the_lesser_side_begins_at_its_path_and_pace_and_lift_have_none() -> None:
    less = Pointer().update(verdict(0.0, (30.0, -90.0), "left", "symmetry"), JAW).arrows
    assert less[0] is not None
    np.testing.assert_array_equal(less[0].start_mm, JAW.phases[0].path_mm[0])
    assert Pointer().update(verdict(0.0, (30.0, -90.0), "left", "pace"), JAW).arrows == (None, None)
    slides = verdict(0.0, (30.0, -90.0), "left", "direction")
    assert slides.shown is not None
    lift = replace(slides, shown=replace(slides.shown, message_id="direction.lift"))
    assert Pointer().update(lift, JAW).arrows == (None, None)
