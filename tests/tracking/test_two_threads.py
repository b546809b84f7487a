"""Face and hands looked for at the same time: the same observations, bit for bit, whatever happens on the way."""

import threading
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from facetrack.mannequin import MannequinSource, Style, perform
from facetrack.packets import Frame, Observation
from facetrack.routine import load_routine
from facetrack.system.cores import usable_cores
from facetrack.tracking import Tracker
from facetrack.tracking.face.user_selection import UserFace
from facetrack.tracking.hands.detector import HandsFinder
from facetrack.tracking.hands.redetection import SecondLook
from facetrack.tracking.mediapipe import threads
from facetrack.tracking.mediapipe.landmarkers import Hands
from facetrack.tracking.mediapipe.threads import InThisThread
from tests.tracking.rendered import Image, rendered, scene

FPS = 15.0
LOST = range(24, 31)
"""Frames in which the first look misses a hand."""
PERSON = scene((rendered("face"), 300, 170, 60), (rendered("hand"), 170, 470, 200))
STRANGER = scene((rendered("face"), 300, 340, 60), (rendered("face"), 130, 20, 200))


def acts() -> Iterator[Image]:
    """Hands come to the face and work; then all is black, smaller, and beside somebody else."""
    performance = perform(load_routine("fascia").step("jawline"), (), Style(order="together"), neutral_s=0.4, seconds=4.0)
    for number, frame in zip(range(46), MannequinSource(performance, fps=FPS).frames(), strict=False):
        image = frame.image_bgr
        yield np.zeros_like(image) if number in (36, 37) else image
    for number in range(6):
        yield cv2.resize(image, (480, 360)).astype(np.uint8) if number < 3 else STRANGER


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return [Frame(image, number / FPS, number) for number, image in enumerate(acts())]


class Losing:
    """A first look that misses one hand in some frames, so that there is a second."""

    def __init__(self, detect: Callable[..., Hands]) -> None:
        self._detect = detect
        self._calls = 0

    def __call__(self, image: object, t_ms: int) -> Hands:
        found = self._detect(image, t_ms)
        self._calls += 1
        lost = self._calls in LOST
        return Hands(found.landmarks[1:], found.left_score[1:]) if lost else found


def watched(frames: list[Frame], two_threads: bool, ahead: bool, fail_at: int = -1) -> list[Observation]:
    """ahead: each frame is begun as soon as the one before is done. fail_at: MediaPipe fails there on the face."""
    seen = []
    with Tracker(two_threads=two_threads) as tracker:
        first = tracker._hands._first
        first.detect = Losing(first.detect)  # type: ignore[method-assign]
        for number, frame in enumerate(frames):
            if number == fail_at:
                tracker._face._follower.detect = _fails  # type: ignore[method-assign]
            there = ahead and number + 1 < len(frames)
            seen.append(tracker.update(frame, lambda n=number, there=there: frames[n + 1] if there else None))
    return seen


def _fails(*_: object) -> None:
    raise RuntimeError("Calculator::Process() failed")


def assert_same(ones: list[Observation], others: list[Observation]) -> None:
    assert len(ones) == len(others)
    for one, other in zip(ones, others, strict=True):
        assert (one.t_s, one.size_wh) == (other.t_s, other.size_wh)
        np.testing.assert_array_equal(one.face_px, other.face_px)
        np.testing.assert_array_equal(one.hands_px, other.hands_px)


@pytest.mark.slow
def test_two_threads_see_the_same_frame_by_frame(frames: list[Frame], monkeypatch: pytest.MonkeyPatch) -> None:
    second_looks: list[int] = []
    look = SecondLook.update

    def counted(self: SecondLook, *arguments: object) -> object:
        found = look(self, *arguments)  # type: ignore[arg-type]
        second_looks.append(len(found.landmarks))
        return found

    monkeypatch.setattr(SecondLook, "update", counted)
    serial = watched(frames, two_threads=False, ahead=False)
    assert sum(second_looks) > 3, "nothing here needs a second look"
    assert sum(one.face_seen for one in serial) > 40
    assert sum(bool(one.hand_seen.all()) for one in serial) > 15
    assert_same(serial, watched(frames, two_threads=True, ahead=True))


@pytest.mark.slow
def test_and_the_same_after_mediapipe_has_failed(frames: list[Frame]) -> None:
    few = frames[12:24]
    serial = watched(few, two_threads=False, ahead=False, fail_at=4)
    assert not serial[4].face_seen
    assert serial[-1].face_seen
    assert_same(serial, watched(few, two_threads=True, ahead=False, fail_at=4))
    assert_same(serial, watched(few, two_threads=True, ahead=True, fail_at=4))


def test_face_and_hands_are_looked_for_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for the other to have begun: one after the other they would wait for ever."""
    both = threading.Barrier(2, timeout=20.0)
    find, update = HandsFinder.find, UserFace.update
    monkeypatch.setattr(HandsFinder, "find", lambda *arguments: (both.wait(), find(*arguments))[1])
    monkeypatch.setattr(UserFace, "update", lambda *arguments: (both.wait(), update(*arguments))[1])
    with Tracker(two_threads=True) as tracker:
        assert tracker.update(Frame(PERSON, 0.0, 0)).face_seen


def test_mediapipe_lets_go_of_pythons_lock_while_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the hands are looked for, Python code runs here."""
    began = threading.Event()
    find = HandsFinder.find

    def found(*arguments: object) -> object:
        began.set()
        return find(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(HandsFinder, "find", found)
    with Tracker(two_threads=True) as tracker:
        tracker.update(Frame(PERSON, 0.0, 0))
        began.clear()
        tracker.update(Frame(PERSON, 0.1, 1), lambda: Frame(PERSON, 0.2, 2))
        assert began.wait(20.0)
        assert tracker._begun is not None
        turns = 0
        while not tracker._begun.hands.done():
            turns += 1
    assert turns > 100


@pytest.mark.parametrize("cores", [1, 2])
def test_on_one_core_there_is_one_thread(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert usable_cores() == cores
    with Tracker() as tracker:
        assert tracker.two_threads == (cores > 1)
        assert isinstance(tracker._beside, InThisThread) == (cores == 1)
        following = Frame(PERSON, 0.1, 1)
        assert tracker.update(Frame(PERSON, 0.0, 0), lambda: following).face_seen
        assert (tracker.spare_s != 0.0) == (tracker._begun is not None) == (cores > 1)
        assert tracker.update(following).face_seen


def test_the_frame_that_was_begun_is_the_next() -> None:
    with Tracker(two_threads=True) as tracker:
        tracker.update(Frame(PERSON, 0.0, 0), lambda: Frame(PERSON, 0.1, 1))
        with pytest.raises(ValueError, match="another frame"):
            tracker.update(Frame(PERSON, 0.1, 1))


def test_closing_waits_for_a_frame_that_was_begun() -> None:
    tracker = Tracker(two_threads=True)
    tracker.update(Frame(PERSON, 0.0, 0), lambda: Frame(PERSON, 0.1, 1))
    begun = tracker._begun
    tracker.close()
    assert begun is not None
    assert begun.hands.done()
    assert len(begun.hands.result()[0].landmarks) == 1


def test_what_fails_in_this_thread_fails_where_it_is_asked_for() -> None:
    failed = InThisThread().submit(_fails)
    assert isinstance(failed.exception(), RuntimeError)
    assert threads.one_thread().submit(lambda: 3).result() == 3
