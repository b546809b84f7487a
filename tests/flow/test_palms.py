"""The pausing gesture: both open palms beside the face, towards the camera; nothing else is it."""

import numpy as np
import pytest

from facetrack.flow.input.palm_gesture import GAP_S, HELD_S, RELEASE_S, PalmsGesture, open_palms
from tests.flow import people

FPS = 30.0


def _is(left, right, **place) -> bool:
    seen = people.observation(0.0, left=left, right=right, **place)
    return open_palms(seen, seen.face_px[:, :2])


def test_both_open_palms_beside_the_face() -> None:
    assert _is(*people.palms())


@pytest.mark.parametrize("lean", [-0.5, -0.2, 0.2, 0.5])
@pytest.mark.parametrize("long_px", [35.0, 60.0, 75.0])
def test_leaning_and_nearer_hands_too(lean: float, long_px: float) -> None:
    assert _is(people.hand((500.0, 330.0), long_px, lean=lean), people.hand((140.0, 330.0), long_px, 1, lean=lean))


@pytest.mark.parametrize(
    ("what", "left", "right"),
    [
        ("one hand only", people.hand((470.0, 330.0)), None),
        ("backs of the hands", people.hand((430.0, 330.0), side=1), people.hand((210.0, 330.0))),
        ("over the face", people.hand((360.0, 330.0)), people.hand((280.0, 330.0), side=1)),
        ("one over the face", people.hand((470.0, 330.0)), people.hand((280.0, 330.0), side=1)),
        ("fists", people.hand((470.0, 330.0), curled=True), people.hand((170.0, 330.0), side=1, curled=True)),
        ("fingers down", people.hand((500.0, 200.0), lean=np.pi), people.hand((140.0, 200.0), side=1, lean=np.pi)),
        ("fingers to the face", people.hand((560.0, 330.0), lean=-1.3), people.hand((80.0, 330.0), side=1, lean=-1.3)),
        ("in the lap", people.hand((470.0, 560.0)), people.hand((170.0, 560.0), side=1)),
        ("crossed", people.hand((170.0, 330.0)), people.hand((470.0, 330.0), side=1)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_gesture(what: str, left, right) -> None:
    assert not _is(left, right), what


def test_edge_on_hands_are_none() -> None:
    left, right = (palm.copy() for palm in people.palms())
    for one in (left, right):
        one[:, 0] = one[0, 0] + 0.3 * (one[:, 0] - one[0, 0])
    assert not _is(left, right)


def _completed(held: list[bool]) -> list[float]:
    gesture, times = PalmsGesture(), []
    left, right = people.palms()
    for number, up in enumerate(held):
        t_s = number / FPS
        seen = people.observation(t_s, left=left if up else None, right=right if up else None)
        if gesture.update(seen, t_s):
            times.append(t_s)
    return times


def _for(seconds: float, up: bool) -> list[bool]:
    return [up] * round(seconds * FPS)


def test_held_for_its_time_once() -> None:
    assert _completed(_for(5.0, True)) == [pytest.approx(HELD_S, abs=0.05)]
    assert _completed(_for(HELD_S - 0.1, True) + _for(1.0, False)) == []


def test_short_gaps_are_bridged_and_long_ones_begin_anew() -> None:
    half = _for(HELD_S / 2 + 0.1, True)
    assert len(_completed(half + _for(GAP_S - 0.05, False) + half)) == 1
    assert _completed(half + _for(GAP_S + 0.1, False) + half) == []


def test_again_only_after_the_hands_were_away() -> None:
    held = _for(HELD_S + 0.2, True)
    assert len(_completed(held + _for(RELEASE_S + 0.2, False) + held)) == 2
    assert len(_completed(held + _for(RELEASE_S - 0.15, False) + held)) == 1


def test_a_face_that_was_lost_just_now_still_counts_and_an_old_one_does_not() -> None:
    left, right = people.palms()
    for gone_s, expected in ((0.5, True), (2.0, False)):
        gesture = PalmsGesture()
        gesture.update(people.observation(0.0), 0.0)
        times = gone_s + np.arange(0, 0.2, 1 / FPS)
        for t_s in times:
            gesture.update(people.observation(t_s, face=False, left=left, right=right), t_s)
        assert bool(gesture.share > 0.0) is expected
