"""Learning the user's neutral face."""

import numpy as np
import pytest

from facetrack.geometry.head.calibration import PARTIAL_S, PATIENCE_S, WANTED_S, WORST_PATIENCE_S, Calibration
from facetrack.geometry.head.canonical import canonical_face
from facetrack.packets import Float
from tests.geometry.heads import FRONTAL, View, person, turned

FPS = 30.0
CANONICAL = canonical_face().points_mm


def watched(
    calibration: Calibration, head: Float, seconds: float, hand: bool = False, start_s: float = 0.0, view: View = FRONTAL
) -> float:
    """Show a head for a while; gives the time after it."""
    for k in range(round(seconds * FPS)):
        calibration.update(view.px(head), hand, start_s + k / FPS)
    return start_s + round(seconds * FPS) / FPS


def test_it_begins_with_the_canonical_face() -> None:
    calibration = Calibration()
    assert calibration.state == "running"
    assert calibration.share == 0.0
    np.testing.assert_array_equal(calibration.template_mm, CANONICAL)


def test_after_two_seconds_without_hands_the_user_s_face_is_known() -> None:
    calibration, head = Calibration(), person(1.1, (1.05, 0.97, 1.1))
    shares = []
    for k in range(round((WANTED_S + 0.2) * FPS)):
        calibration.update(FRONTAL.px(head), False, k / FPS)
        shares.append(calibration.share)
        if k / FPS < WANTED_S - 0.1:
            assert calibration.state == "running"
    assert calibration.state == "neutral"
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    own, found = (shape - shape[:468].mean(axis=0) for shape in (head, calibration.template_mm))
    skin = np.linalg.norm((found - own)[:468], axis=1)
    assert np.quantile(skin, 0.95) < 1.5


@pytest.mark.parametrize(("seconds", "state"), [(1.85, "running"), (2.15, "neutral")])
def test_it_takes_two_seconds_worth_of_bare_frames(seconds: float, state: str) -> None:
    calibration = Calibration()
    watched(calibration, person(), seconds)
    assert calibration.state == state


@pytest.mark.parametrize("fps", [10.0, 60.0])
def test_two_seconds_are_two_seconds_at_any_frame_rate(fps: float) -> None:
    calibration, k = Calibration(), 0
    while calibration.state == "running":
        calibration.update(FRONTAL.px(person()), False, k / fps)
        k += 1
    assert k / fps == pytest.approx(WANTED_S, abs=0.25)


def test_gaps_are_not_counted_as_seen() -> None:
    calibration = Calibration()
    for t_s in (0.0, 0.1, 1.5, 3.0):
        calibration.update(FRONTAL.px(person()), False, t_s)
    assert calibration.uncovered_s < 0.6
    assert calibration.state == "running"


def test_with_hands_always_there_it_is_the_canonical_face_of_the_iris_s_size() -> None:
    calibration = Calibration()
    watched(calibration, person(1.15), PATIENCE_S + 0.2, hand=True)
    assert calibration.state == "canonical"
    assert calibration.size == pytest.approx(1.15, rel=0.01)
    np.testing.assert_allclose(calibration.template_mm, CANONICAL * calibration.size)
    assert calibration.share == 1.0


def test_hands_that_come_too_soon_leave_it_partial() -> None:
    calibration, head = Calibration(), person(1.0, (1.06, 1.0, 1.0))
    then_s = watched(calibration, head, 2 * PARTIAL_S)
    watched(calibration, head, PATIENCE_S, hand=True, start_s=then_s)
    assert calibration.state == "partial"
    assert np.ptp(calibration.template_mm[:, 0]) == pytest.approx(np.ptp(head[:, 0]), rel=0.03)


def test_later_bare_frames_make_it_neutral_after_all() -> None:
    calibration = Calibration()
    then_s = watched(calibration, person(), PATIENCE_S + 0.2, hand=True)
    assert calibration.state == "canonical"
    watched(calibration, person(), WANTED_S + 0.2, start_s=then_s)
    assert calibration.state == "neutral"


def test_nothing_waits_for_ever() -> None:
    calibration = Calibration()
    misread = person(0.3)  # by the iris a dwarf's face: no such size is believed
    watched(calibration, misread, WORST_PATIENCE_S + 0.2)
    assert calibration.state == "canonical"
    assert calibration.size == 1.0


@pytest.mark.parametrize("size", [0.75, 1.0, 1.3])
@pytest.mark.parametrize("px_per_mm", [0.8, 3.0])
def test_the_iris_tells_the_size_whatever_the_distance(size: float, px_per_mm: float) -> None:
    calibration = Calibration()
    watched(calibration, person(size), 1.0, view=View(turned(), px_per_mm))
    assert calibration.size == pytest.approx(size, rel=0.01)


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(15, 0, 0), (0, 10, 0), (0, 0, 30), (10, -8, 15)])
def test_a_turned_head_has_the_same_size_and_shape(yaw: float, pitch: float, roll: float) -> None:
    calibration, head = Calibration(), person(1.1)
    watched(calibration, head, WANTED_S + 0.2, view=View(turned(yaw, pitch, roll)))
    assert calibration.size == pytest.approx(1.1, rel=0.02)
    off = np.linalg.norm(calibration.template_mm[:468] - head[:468], axis=1)
    assert np.quantile(off, 0.95) < 2.0


def test_the_neutral_face_stays_as_it_is() -> None:
    calibration = Calibration()
    then_s = watched(calibration, person(), WANTED_S + 0.2)
    kept = calibration.template_mm.copy()
    watched(calibration, person(1.3), 2.0, start_s=then_s)
    np.testing.assert_array_equal(calibration.template_mm, kept)


def test_reset_forgets_the_user() -> None:
    calibration = Calibration()
    watched(calibration, person(1.2), WANTED_S + 0.2)
    calibration.reset()
    assert calibration.state == "running"
    assert calibration.size == 1.0
    np.testing.assert_array_equal(calibration.template_mm, CANONICAL)


@pytest.mark.parametrize(("bare_s", "state"), [(0.2, "canonical"), (0.4, "partial")])
def test_three_tenths_of_a_second_without_hands_tell_more_than_the_canonical_face(bare_s: float, state: str) -> None:
    calibration = Calibration()
    then_s = watched(calibration, person(), bare_s)
    watched(calibration, person(), 5.0, hand=True, start_s=then_s)
    assert calibration.state == state


@pytest.mark.parametrize(("seconds", "hand", "state"), [(3.9, True, "running"), (4.1, True, "canonical")])
def test_with_hands_there_it_waits_for_four_seconds(seconds: float, hand: bool, state: str) -> None:
    calibration = Calibration()
    watched(calibration, person(), seconds, hand=hand)
    assert calibration.state == state


@pytest.mark.parametrize(("seconds", "state"), [(7.9, "running"), (8.1, "canonical")])
def test_and_for_eight_however_it_goes(seconds: float, state: str) -> None:
    calibration = Calibration()
    watched(calibration, person(0.3), seconds)
    assert calibration.state == state


@pytest.mark.parametrize(("size", "believed"), [(0.55, False), (0.65, True), (1.45, True), (1.55, False)])
def test_faces_are_from_three_fifths_to_one_and_a_half_of_the_canonical_one(size: float, believed: bool) -> None:
    calibration = Calibration()
    watched(calibration, person(size), 0.5)
    assert calibration.size == pytest.approx(size if believed else 1.0, rel=0.01)
    assert (calibration.uncovered_s > 0.0) == believed


def test_of_a_gap_a_fifth_of_a_second_counts_as_seen() -> None:
    calibration = Calibration()
    for t_s in (0.0, 0.1, 1.5, 3.0):
        calibration.update(FRONTAL.px(person()), False, t_s)
    assert calibration.uncovered_s == pytest.approx(0.1 + 0.2 + 0.2, abs=0.01)
    assert calibration.share == pytest.approx(0.25, abs=0.01)


def test_it_says_whether_something_changed() -> None:
    calibration = Calibration()
    changed = [calibration.update(FRONTAL.px(person()), hand, k / FPS) for k, hand in enumerate([False] * 30 + [True] * 30)]
    assert changed == [True] * 30 + [False] * 30
    watched(calibration, person(), 2.0, start_s=2.0)
    assert calibration.state == "neutral"
    assert not calibration.update(FRONTAL.px(person()), False, 5.0)


def test_the_size_is_the_median_of_what_was_read() -> None:
    """With hands there only the first frame is looked at."""
    calibration = Calibration()
    for k, size in enumerate((1.0, 1.1, 1.1, 1.3, 1.1)):
        calibration.update(FRONTAL.px(person(size)), False, k / FPS)
    assert calibration.size == pytest.approx(1.1, rel=0.01)
    calibration.update(FRONTAL.px(person(1.4)), True, 1.0)
    assert calibration.size == pytest.approx(1.1, rel=0.01)
