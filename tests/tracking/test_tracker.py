"""Frames in, observations out: what is seen where, and what happens when something breaks in the middle."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from facetrack.errors import FacetrackError
from facetrack.packets import LEFT, RIGHT, Frame, Observation
from facetrack.tracking import Tracker
from facetrack.tracking.tracker import MAX_FAILURES
from tests.recorded_tracking import RecordedTracker
from tests.tracking.rendered import rendered, scene

PERSON = scene((rendered("face"), 300, 170, 60), (rendered("hand"), 170, 470, 200))
TRUE_IRIS_PX = 170 + 300 * np.array([0.409, 0.591]), 60 + 300 * 0.375


@pytest.fixture
def tracker() -> Iterator[Tracker]:
    """With three threads; any other number sees the same: test_threads.py."""
    with Tracker(threads=3) as tracker:
        yield tracker


def failing(*_: object) -> None:
    raise RuntimeError("Graph has errors:\nCalculator::Process() failed")


def play(tracker: Tracker, image: np.ndarray, frames: int = 3, start: int = 0) -> Observation:
    for k in range(start, start + frames):
        observation = tracker.update(Frame(image, k / 30, k))
    return observation


def test_landmarks_are_pixels_of_the_frame_and_a_left_hand_is_left(tracker: Tracker) -> None:
    observation = play(tracker, PERSON)
    assert observation.size_wh == (640, 480)
    assert observation.t_s == 2 / 30
    assert observation.face_seen
    assert observation.hand_seen.tolist() == [True, False]
    assert np.abs(observation.face_px[[468, 473], 0] - TRUE_IRIS_PX[0]).max() < 4
    assert np.abs(observation.face_px[[468, 473], 1] - TRUE_IRIS_PX[1]).max() < 4
    assert np.abs(observation.hands_px[LEFT, 12, :2] - [470 + 170 * 0.529, 200 + 170 * 0.058]).max() < 6
    assert np.isnan(observation.hands_px[RIGHT]).all()


def test_a_mirrored_picture_swaps_the_sides(tracker: Tracker) -> None:
    observation = play(tracker, np.ascontiguousarray(PERSON[:, ::-1]))
    assert observation.hand_seen.tolist() == [False, True]


def test_views_with_strides_are_read_right(tracker: Tracker) -> None:
    wide = np.zeros((480, 700, 3), np.uint8)
    wide[:, 30:670] = PERSON
    observation = play(tracker, wide[:, 30:670])
    assert np.abs(observation.face_px[[468, 473], 0] - TRUE_IRIS_PX[0]).max() < 4


def test_frames_may_change_size_be_empty_or_stand_still_in_time(tracker: Tracker) -> None:
    play(tracker, PERSON)
    empty = tracker.update(Frame(np.empty((0, 0, 3), np.uint8), 0.1, 3))
    assert empty.size_wh == (0, 0)
    assert not empty.face_seen
    tracker.update(Frame(PERSON, 0.1, 4))
    assert tracker.update(Frame(PERSON, 0.1, 5)).face_seen
    half = cv2.resize(PERSON, (320, 240), interpolation=cv2.INTER_AREA)
    observation = play(tracker, half, start=6)
    assert observation.size_wh == (320, 240)
    assert np.abs(observation.face_px[[468, 473], 0] - TRUE_IRIS_PX[0] / 2).max() < 4


@pytest.mark.parametrize("side", ["face", "hands"])
def test_mediapipe_failing_in_the_middle_costs_one_frame(tracker: Tracker, monkeypatch: pytest.MonkeyPatch, side: str) -> None:
    play(tracker, PERSON)
    graphs = tracker._hands.graphs
    with monkeypatch.context() as broken:
        broken.setattr(*((graphs[1], "look") if side == "hands" else (tracker._face._follower, "detect")), failing)
        assert not tracker.update(Frame(PERSON, 0.1, 3)).face_seen
    assert tracker._hands.graphs is not graphs
    observation = play(tracker, PERSON, start=4)
    assert observation.face_seen
    assert observation.hand_seen[LEFT]


def test_mediapipe_failing_for_ever_is_told_in_one_line(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker._face, "update", failing)
    monkeypatch.setattr(tracker._face, "restart", lambda: None)
    monkeypatch.setattr(tracker._hands, "restart", lambda: None)
    for k in range(MAX_FAILURES):
        tracker.update(Frame(PERSON, k / 30, k))
    with pytest.raises(FacetrackError, match="fails on every frame") as error:
        tracker.update(Frame(PERSON, 1.0, 30))
    assert "\n" not in str(error.value)


def test_tracking_does_not_change_the_frame(tracker: Tracker) -> None:
    image = PERSON.copy()
    play(tracker, image)
    np.testing.assert_array_equal(image, PERSON)


def _shares(clip: Path) -> tuple[float, int]:
    """Share of frames with a face, and frames with any hand."""
    video = cv2.VideoCapture(str(clip))
    fps = video.get(cv2.CAP_PROP_FPS)
    faces, hands, index = [], 0, 0
    with RecordedTracker() as tracker:
        while True:
            ok, image = video.read()
            if not ok:
                break
            observation = tracker.update(Frame(image.astype(np.uint8), index / fps, index))
            faces.append(observation.face_seen)
            hands += bool(observation.hand_seen.any())
            index += 1
    video.release()
    return float(np.mean(faces)), hands


@pytest.mark.media
def test_a_real_face_is_seen_throughout_and_no_hand_is_made_up(media: Path) -> None:
    face, hands = _shares(media / "tfjs_facemesh_demo_input.mp4")
    assert face >= 0.98
    assert hands == 0


@pytest.mark.media
def test_a_face_that_leaves_is_not_seen(media: Path) -> None:
    face, hands = _shares(media / "pyfeat_face_noface.mov")
    assert 0.38 <= face <= 0.46
    assert hands == 0
