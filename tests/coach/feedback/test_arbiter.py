"""Cues: one at a time by priority, again after 8 s, three times and three of a kind and then silence."""

from dataclasses import replace

import pytest

from facetrack.coach import Correction, Cue, Thresholds
from facetrack.coach.feedback.arbiter import CueArbiter
from facetrack.routine.compiled import Kind
from facetrack.routine.kinds import KINDS

LIMITS = Thresholds()


def event(index: int, kind: Kind = "zone", t_s: float = 0.0) -> Correction:
    return Correction(index, "a", "left", kind, t_s, None, 1.0, 0.5, f"{kind}.x", "Words")


class Screen:
    """A chooser that is told of corrections at times, frame by frame."""

    def __init__(self, voice: bool = False) -> None:
        self.chooser, self.t_s = CueArbiter(LIMITS, KINDS, voice), 0.0
        self.open: dict[int, Correction] = {}
        self.cues: list[Cue] = []
        self.shown: list[tuple[float, int | None]] = []

    def until(self, t_s: float, *raised: Correction, closed: tuple[int, ...] = ()) -> None:
        for index in closed:
            del self.open[index]
        new = list(raised)
        self.open.update({one.index: one for one in new})
        while self.t_s < t_s:
            cue = self.chooser.update(new, tuple(self.open.values()), self.t_s)
            if cue is not None:
                self.cues.append(cue)
            self.shown.append((self.t_s, self.chooser.shown.index if self.chooser.shown else None))
            new = []
            self.t_s += 1 / 30

    @property
    def given(self) -> list[tuple[int, float]]:
        return [(cue.correction, round(cue.t_s, 1)) for cue in self.cues if cue.shown]


def test_a_correction_is_shown_at_once_and_until_it_is_withdrawn() -> None:
    screen = Screen()
    screen.until(1.0, event(0))
    assert screen.given == [(0, 0.0)]
    assert {index for _, index in screen.shown} == {0}
    screen.until(1.1, closed=(0,))
    assert screen.shown[-1][1] is None


def test_without_voice_nothing_is_spoken_and_it_says_why() -> None:
    for voice, spoken, why_not in ((True, True, None), (False, False, "voice-off")):
        screen = Screen(voice)
        screen.until(0.5, event(0))
        assert [(cue.spoken, cue.why_not) for cue in screen.cues] == [(spoken, why_not)]


def test_the_place_comes_first_then_direction_pace_and_balance() -> None:
    assert tuple(KINDS) == ("zone", "direction", "pace", "symmetry")
    screen = Screen()
    screen.until(0.5, *(event(k, kind) for k, kind in enumerate(reversed(KINDS))))
    assert screen.given == [(3, 0.0)]
    assert screen.shown[-1][1] == 3


def test_one_at_a_time_the_lesser_one_waits_for_its_turn() -> None:
    screen = Screen()
    screen.until(1.0, event(0, "zone"))
    screen.until(2.0, event(1, "pace"))
    assert screen.given == [(0, 0.0)]
    assert [(cue.correction, cue.why_not) for cue in screen.cues[1:]] == [(1, "another-first")]
    screen.until(2.5, closed=(0,))
    assert screen.given == [(0, 0.0), (1, 2.0)]


def test_a_graver_one_takes_over_at_once() -> None:
    screen = Screen()
    screen.until(1.0, event(0, "pace"))
    screen.until(1.5, event(1, "zone"))
    assert screen.given == [(0, 0.0), (1, 1.0)]


def test_the_same_kind_is_not_shown_again_within_eight_seconds() -> None:
    screen = Screen()
    screen.until(1.0, event(0))
    screen.until(2.0, closed=(0,))
    screen.until(9.0, event(1))
    assert [index for index, _ in screen.given] == [0, 1]
    assert screen.given[1][1] == pytest.approx(LIMITS.tuning.feedback.again_s, abs=0.15)
    assert LIMITS.tuning.feedback.again_s == 8.0


def test_what_goes_on_is_said_three_times_eight_seconds_apart() -> None:
    screen = Screen()
    screen.until(40.0, event(0))
    assert screen.given == [(0, 0.0), (0, pytest.approx(8.0, abs=0.1)), (0, pytest.approx(16.0, abs=0.2))]
    assert {index for _, index in screen.shown} == {0}, "it stays on the screen"


def test_words_stand_for_four_seconds_after_the_hands_have_gone() -> None:
    chooser, one = CueArbiter(LIMITS, KINDS, False), event(0)
    chooser.update([one], (one,), 0.0, at_work=True)
    for t_s, shown in ((0.5, True), (3.9, True), (4.1, False)):
        chooser.update([], (one,), t_s, at_work=False)
        assert (chooser.shown is not None) is shown, t_s
    chooser.update([], (one,), 4.5, at_work=True)
    assert chooser.shown == one, "the hands are back, and it still goes on"


def test_after_three_of_a_kind_there_is_silence_for_that_kind_only() -> None:
    screen = Screen()
    for k in range(6):
        screen.until(10.0 * k + 5.0, event(k, "direction"))
        screen.until(10.0 * k + 10.0, closed=(k,))
    screen.until(67.0, event(6, "pace"))
    assert [index for index, _ in screen.given] == [0, 1, 2, 6]
    assert [cue.why_not for cue in screen.cues if not cue.shown] == ["silenced"] * 3


def test_another_step_has_a_silence_of_its_own() -> None:
    screen = Screen()
    for k in range(4):
        screen.until(10.0 * k + 5.0, event(k))
        screen.until(10.0 * k + 10.0, closed=(k,))
    screen.chooser.reset()
    screen.until(45.0, event(9))
    assert screen.given[-1][0] == 9


def test_no_frame_shows_what_is_not_open_and_no_frame_gives_two_cues() -> None:
    screen = Screen()
    screen.until(0.1, event(0, "symmetry"), event(1, "pace"), event(2, "direction"), event(3, "zone"))
    for k in range(4):
        screen.until(5.0 * k + 5.0)
        screen.until(5.0 * k + 5.1, closed=(3 - k,))
    times = [cue.t_s for cue in screen.cues]
    assert len(times) == len(set(times))
    assert screen.shown[-1][1] is None


def test_what_is_shown_is_the_event_as_it_is_now() -> None:
    chooser, first = CueArbiter(LIMITS, KINDS, False), event(0)
    chooser.update([first], (first,), 0.0)
    both = replace(first, side="both")
    chooser.update([], (both,), 0.1)
    assert chooser.shown == both


def test_without_corrections_there_is_nothing_to_say() -> None:
    assert CueArbiter(LIMITS, KINDS, True).update([], (), 0.0) is None


def test_after_four_seconds_the_next_one_has_its_turn_though_the_first_goes_on() -> None:
    screen = Screen()
    screen.until(1.0, event(0, "zone"))
    screen.until(9.0, event(1, "pace"))
    assert screen.given[:2] == [(0, 0.0), (1, pytest.approx(4.0, abs=0.1))]


def test_what_goes_on_alone_stays_on_the_screen() -> None:
    screen = Screen()
    screen.until(9.0, event(0, "zone"))
    assert {index for _, index in screen.shown} == {0}


def test_a_silenced_one_that_goes_on_keeps_nobody_waiting() -> None:
    screen = Screen()
    for k in range(3):
        screen.until(10.0 * k + 5.0, event(k, "zone"))
        screen.until(10.0 * k + 10.0, closed=(k,))
    screen.until(32.0, event(3, "zone"))
    screen.until(33.0, event(4, "symmetry"))
    assert screen.given[-1] == (4, pytest.approx(32.0, abs=0.1))


def test_of_those_that_wait_the_gravest_comes_first() -> None:
    screen = Screen()
    screen.until(1.0, event(0, "zone"))
    screen.until(2.0, event(1, "symmetry"))
    screen.until(3.0, event(2, "direction"))
    screen.until(3.5, closed=(0,))
    assert screen.given[-1] == (2, pytest.approx(3.0, abs=0.1))


def test_why_a_correction_is_not_shown_is_told_once() -> None:
    screen = Screen()
    screen.until(1.0, event(0, "pace"))
    screen.until(2.0, closed=(0,))
    screen.until(2.5, event(1, "pace"))
    assert [cue.why_not for cue in screen.cues if not cue.shown] == ["shown-recently"]
