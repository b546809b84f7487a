"""Face and hands looked for at the same time: the same observations, bit for bit, whatever happens on the way."""

import threading
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from facetrack.mannequin import MannequinSource, Style, perform
from facetrack.packets import Frame, Observation
from facetrack.routine import load_routine
from facetrack.system.cores import usable_cores
from facetrack.tracking import Tracker
from facetrack.tracking.face.user_selection import UserFaceSelector
from facetrack.tracking.hands.graph import HandGraph
from facetrack.tracking.hands.request import Detection, LookRequest, Shown
from facetrack.tracking.mediapipe import threads
from facetrack.tracking.mediapipe.threads import InThisThread
from tests.tracking.rendered import Image, rendered, scene

FPS = 10.0
LOST = range(16, 21)
"""Frames in which the graphs lose their hands."""
PERSON = scene((rendered("face"), 300, 170, 60), (rendered("hand"), 170, 470, 200))
STRANGER = scene((rendered("face"), 300, 340, 60), (rendered("face"), 130, 20, 200))


def acts() -> Iterator[Image]:
    """Hands come to the face and work; then all is black, smaller, and beside somebody else."""
    performance = perform(load_routine("fascia").step("jawline"), (), Style(order="together"), neutral_s=0.4, seconds=4.0)
    for number, frame in zip(range(31), MannequinSource(performance, fps=FPS).frames(), strict=False):
        image = frame.image_bgr
        yield np.zeros_like(image) if number in (24, 25) else image
    for number in range(6):
        yield cv2.resize(image, (480, 360)).astype(np.uint8) if number < 3 else STRANGER


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    return [Frame(image, number / FPS, number) for number, image in enumerate(acts())]


class Losing:
    """A graph that loses its hand in some frames, so that it is looked for again."""

    def __init__(self, graph: HandGraph) -> None:
        self._look = graph.look
        self._looks = 0
        self.again = 0

    def look(self, shown: Shown, request: LookRequest) -> Detection | None:
        self._looks += 1
        self.again += request.lost is not None and not request.follow
        return self._look(shown, LookRequest() if self._looks in LOST else request)


def watched(frames: list[Frame], threads: int, ahead: bool, fail_at: int = -1) -> tuple[list[Observation], int]:
    """What was seen, and how often a lost hand was looked for. ahead: each frame is begun as soon as the one before is done.
    fail_at: MediaPipe fails there on the face."""
    seen = []
    with Tracker(threads=threads) as tracker:
        losing = [Losing(graph) for graph in tracker._hands.graphs]
        for graph, look in zip(tracker._hands.graphs, losing, strict=True):
            graph.look = look.look  # type: ignore[method-assign]
        for number, frame in enumerate(frames):
            if number == fail_at:
                tracker._face._follower.detect = _fails  # type: ignore[method-assign]
            there = ahead and number + 1 < len(frames)
            seen.append(tracker.update(frame, lambda n=number, there=there: frames[n + 1] if there else None))
    return seen, sum(look.again for look in losing)


def _fails(*_: object) -> None:
    raise RuntimeError("Calculator::Process() failed")


def assert_same(ones: list[Observation], others: list[Observation]) -> None:
    assert len(ones) == len(others)
    for one, other in zip(ones, others, strict=True):
        assert (one.t_s, one.size_wh) == (other.t_s, other.size_wh)
        np.testing.assert_array_equal(one.face_px, other.face_px)
        np.testing.assert_array_equal(one.hands_px, other.hands_px)


@pytest.mark.slow
def test_any_number_of_threads_sees_the_same_frame_by_frame(frames: list[Frame]) -> None:
    serial, looked_again = watched(frames, threads=1, ahead=False)
    assert looked_again > 1, "nothing here is looked for again"
    assert sum(one.face_seen for one in serial) > 28
    assert sum(bool(one.hand_seen.all()) for one in serial) > 10
    assert_same(serial, watched(frames, threads=2, ahead=False)[0])
    assert_same(serial, watched(frames, threads=3, ahead=True)[0])


@pytest.mark.slow
def test_and_the_same_after_mediapipe_has_failed(frames: list[Frame]) -> None:
    few = frames[8:16]
    serial, _ = watched(few, threads=1, ahead=False, fail_at=4)
    assert not serial[4].face_seen
    assert serial[-1].face_seen
    for count, ahead in ((2, True), (3, False), (3, True)):
        assert_same(serial, watched(few, threads=count, ahead=ahead, fail_at=4)[0])


def test_face_and_hands_are_looked_for_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of three waits for the others to have begun: one after the other they would wait for ever."""
    all_three = threading.Barrier(3, timeout=20.0)
    look, update = HandGraph.look, UserFaceSelector.update
    monkeypatch.setattr(HandGraph, "look", lambda *arguments: (all_three.wait(), look(*arguments))[1])
    monkeypatch.setattr(UserFaceSelector, "update", lambda *arguments: (all_three.wait(), update(*arguments))[1])
    with Tracker(threads=3) as tracker:
        assert tracker.update(Frame(PERSON, 0.0, 0)).face_seen


def test_mediapipe_lets_go_of_pythons_lock_while_it_works() -> None:
    """While the hands are looked for, Python code runs here."""
    with Tracker(threads=3) as tracker:
        tracker.update(Frame(PERSON, 0.0, 0))
        tracker.update(Frame(PERSON, 0.1, 1), lambda: Frame(PERSON, 0.2, 2))
        assert tracker._begun is not None
        turns = 0
        while not all(look.done() for look in tracker._begun.hands):
            turns += 1
    assert turns > 100


@pytest.mark.parametrize("cores", [1, 2])
def test_on_one_core_there_is_one_thread(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert usable_cores() == cores
    with Tracker() as tracker:
        assert tracker.threads == (1 if cores == 1 else 3)
        assert isinstance(tracker._beside, InThisThread) == (cores == 1)
        following = Frame(PERSON, 0.1, 1)
        assert tracker.update(Frame(PERSON, 0.0, 0), lambda: following).face_seen
        assert (tracker._begun is not None) == (cores > 1)
        assert tracker.update(following).face_seen
        assert (tracker.spare_s != 0.0) == (cores > 1)


def test_the_frame_that_was_begun_is_the_next() -> None:
    with Tracker(threads=3) as tracker:
        tracker.update(Frame(PERSON, 0.0, 0), lambda: Frame(PERSON, 0.1, 1))
        with pytest.raises(ValueError, match="another frame"):
            tracker.update(Frame(PERSON, 0.1, 1))


def test_closing_waits_for_a_frame_that_was_begun() -> None:
    tracker = Tracker(threads=3)
    tracker.update(Frame(PERSON, 0.0, 0), lambda: Frame(PERSON, 0.1, 1))
    begun = tracker._begun
    tracker.close()
    assert begun is not None
    assert all(look.done() for look in begun.hands)
    assert any(look.result() is not None for look in begun.hands)


def test_what_fails_in_this_thread_fails_where_it_is_asked_for() -> None:
    failed = InThisThread().submit(_fails)
    assert isinstance(failed.exception(), RuntimeError)
    assert threads.other_threads(1).submit(lambda: 3).result() == 3
