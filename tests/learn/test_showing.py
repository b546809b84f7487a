"""Whoever shows steps parts them by gestures, without a key: done, this one once more, all done; the screen says so."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from facetrack.flow.input.palm_gesture import HELD_S
from facetrack.flow.screen import Screen
from facetrack.learn.parts import learn_shown
from facetrack.learn.showing import AGAIN_S, NOBODY_S, Showing
from tests.flow import people
from tests.learn.performances import FPS, Pose, film, strokes

CHEEK, EAR, BROW, TEMPLE = (np.array(at) for at in ((25.0, -35.0), (70.0, -20.0), (14.0, 22.0), (66.0, 14.0)))
PALMS_S = HELD_S + 0.3
WORK_S = 11.5


@dataclass
class Shown:
    """Somebody at a camera, frame by frame."""

    showing: Showing = field(default_factory=Showing)
    screens: list[Screen] = field(default_factory=list)
    t_s: float = 0.0

    def __post_init__(self) -> None:
        self.go(2.0, calibration="running")

    def go(
        self, seconds: float, pose: Pose | None = None, *, palms: bool = False, face: bool = True, calibration: str = "neutral"
    ) -> "Shown":
        for points in film(pose, pose, seconds, self.t_s):
            left, right = people.palms() if palms else (None, None)
            seen = people.observation(points.t_s, face, left, right)
            self.showing.pre_coach(
                people.GREY, seen, replace(points, face_seen=face, hand_seen=seen.hand_seen, calibration=calibration)
            )
            self.screens.append(self.showing.post_coach(people.verdict(points.t_s)))
            self.t_s = points.t_s + 1 / FPS
        return self

    def work(self, pose: Pose) -> "Shown":
        return self.go(WORK_S, pose).go(1.0)

    def palms(self) -> "Shown":
        return self.go(PALMS_S, palms=True)

    @property
    def pages(self) -> list[str]:
        order = [screen.page for screen in self.screens]
        return [page for number, page in enumerate(order) if number == 0 or order[number - 1] != page]

    @property
    def said(self) -> str:
        return " | ".join(say.words for screen in self.screens for say in screen.utterances)


def test_both_palms_end_a_step_and_once_more_keeps_it() -> None:
    cheeks, brows = strokes(CHEEK, EAR), strokes(BROW, TEMPLE)
    shown = Shown().work(cheeks).palms().go(1.0).palms().go(1.0).work(cheeks).palms().go(AGAIN_S + 1.0).work(brows)
    assert [len(step) for step in shown.showing.steps] == [2, 1]
    assert shown.pages == ["neutral", "showing", "shown", "showing", "shown", "showing"]
    assert [words in shown.said for words in ("Show step 1", "Step 1 is kept", "Step 1 once more", "Show step 2")] == [True] * 4
    first, second = learn_shown(shown.showing.steps)
    assert np.hypot(*(first.phases[0].path_mm[-1] - EAR)) < 6.0
    assert np.hypot(*(second.phases[0].path_mm[-1] - TEMPLE)) < 6.0
    assert not shown.showing.over


def test_palms_after_a_while_or_before_any_work_begin_nothing_new() -> None:
    shown = Shown().palms().go(1.0)
    assert len(shown.showing.steps) == 1
    shown.work(strokes(CHEEK, EAR)).palms().go(AGAIN_S + 1.0).palms()
    assert [len(step) for step in shown.showing.steps] == [1, 1]


@pytest.mark.parametrize("face", [True, False], ids=["twenty seconds without hands", "leaving the picture"])
def test_it_ends_without_a_key(face: bool) -> None:
    shown = Shown().work(strokes(CHEEK, EAR))
    assert not shown.showing.over
    ended_s = shown.t_s - 1.0
    while not shown.showing.over:
        shown.go(0.5, face=face)
    assert shown.t_s - ended_s == pytest.approx(NOBODY_S if face else 3.0, abs=1.0)
    assert not face or not math.isnan(shown.screens[-1].left_s)


def test_nobody_is_hurried_before_the_first_step() -> None:
    assert not Shown().go(2 * NOBODY_S).showing.over


def test_a_key_is_as_good_as_the_palms() -> None:
    shown = Shown().work(strokes(CHEEK, EAR))
    shown.showing.key(ord(" "))
    assert shown.go(1.0).screens[-1].page == "shown"
    shown.showing.key(ord("m"))
    assert shown.go(1.0).screens[-1].muted
    assert len(shown.showing.steps) == 2
