"""A lost hand is looked for where it was and about the face; with the real models on rendered hands."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from facetrack.packets import Float, Frame
from facetrack.tracking import Tracker, ensure_models
from facetrack.tracking.face.face_place import FacePlace
from facetrack.tracking.hand_shape import hand_sizes, mean_distance
from facetrack.tracking.hands.association import LostHand, Search
from facetrack.tracking.hands.redetection import LOOK_AROUND_S, PAUSES_S, SecondLook
from facetrack.tracking.mediapipe.landmarkers import HandLandmarker, Hands, picture
from tests.tracking.rendered import Image, rendered, scene

SIZE_WH = (640, 480)
NOTHING = Hands(np.empty((0, 21, 3), np.float32), np.empty(0))
FACE = FacePlace(320.0, 170.0, 120.0, 150.0, 0.0, np.array([320.0, 150.0]), np.zeros(2))
BARE = scene((rendered("face"), 300, 170, 20))


def rgb(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)


def with_hand(x: int, y: int, mirrored: bool = False) -> Image:
    hand = rendered("hand")
    return scene((rendered("face"), 300, 170, 20), (np.ascontiguousarray(hand[:, ::-1]) if mirrored else hand, 170, x, y))


@pytest.fixture(scope="module")
def true_points() -> Float:
    """(21, 3) px of the hand at (350, 180), by the first look."""
    landmarker = HandLandmarker(ensure_models().hand, 2)
    image = picture(rgb(with_hand(350, 180)))
    found = [landmarker.detect(image, t_ms) for t_ms in (0, 33, 66)][-1]
    landmarker.close()
    return found.landmarks[0] * np.array([*SIZE_WH, SIZE_WH[0]], float)


@pytest.fixture
def second() -> Iterator[SecondLook]:
    look = SecondLook(ensure_models().hand)
    yield look
    look.close()


def searched(xy: Float | None, face: FacePlace | None = None) -> Search:
    return Search([] if xy is None else [LostHand(7, xy)], 1, face)


@pytest.mark.parametrize(
    ("shift", "turn_deg", "grow"), [((0, 0), 0, 1.0), ((18, -12), 0, 1.0), ((0, 0), 20, 1.0), ((8, 8), -10, 1.2)]
)
def test_a_hand_is_found_near_where_it_was(
    second: SecondLook, true_points: Float, shift: tuple[int, int], turn_deg: float, grow: float
) -> None:
    matrix = cv2.getRotationMatrix2D(tuple(true_points[0, :2].tolist()), turn_deg, grow)
    expected = true_points[:, :2] @ matrix[:, :2].T + matrix[:, 2] + shift
    found = second.update(rgb(with_hand(350, 180)), 0.0, NOTHING, searched(expected))
    assert len(found.landmarks) == 1
    points = found.landmarks[0] * np.array([*SIZE_WH, SIZE_WH[0]])
    assert mean_distance(points[:, :2], true_points[:, :2]) < 0.12 * hand_sizes(true_points[:, :2])


def test_it_is_followed_as_it_moves_away_from_there(second: SecondLook, true_points: Float) -> None:
    mirrored = true_points[:, :2] * [-1, 1] + [2 * 350 + 170, 0]
    expected = mirrored
    for k in range(12):
        found = second.update(rgb(with_hand(350 - 8 * k, 180, mirrored=True)), k / 30, NOTHING, searched(expected))
        assert len(found.landmarks) == 1, k
        expected = found.landmarks[0, :, :2] * np.array(SIZE_WH, float)
    assert mean_distance(expected, mirrored - [8 * 11, 0]) < 0.15 * hand_sizes(mirrored)


def test_a_hand_lost_again_elsewhere_is_found_there(second: SecondLook, true_points: Float) -> None:
    for x in (350, 210):
        expected = true_points[:, :2] + [x - 350, 0]
        image = rgb(with_hand(x, 180))
        assert [len(second.update(image, x + k / 30, NOTHING, searched(expected)).landmarks) for k in range(3)] == [1, 1, 1]
        second.update(image, x + 1.0, NOTHING, Search([], 0, None))


def test_no_hand_is_made_up_on_a_bare_face_and_the_tries_end(
    second: SecondLook, true_points: Float, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    detect = HandLandmarker.detect
    monkeypatch.setattr(HandLandmarker, "detect", lambda *a, **k: (looks.append(1), detect(*a, **k))[1])
    bare = rgb(BARE)
    for k in range(60):
        found = second.update(bare, k / 30, NOTHING, searched(true_points[:, :2]))
        assert not len(found.landmarks)
    assert 0 < len(looks) <= 2 * len(PAUSES_S)


def test_a_hand_that_was_never_seen_is_found_about_the_face_now_and_then(second: SecondLook) -> None:
    image = rgb(with_hand(350, 180))
    found = [len(second.update(image, k / 30, NOTHING, searched(None, FACE)).landmarks) for k in range(45)]
    assert sum(found) == 2
    assert found.index(1) == 0
    assert found[1:].index(1) + 1 == round(LOOK_AROUND_S * 30)


def test_what_the_first_look_found_is_not_found_again(second: SecondLook, true_points: Float) -> None:
    first = Hands(np.float32(true_points[None] / [*SIZE_WH, SIZE_WH[0]]), np.array([0.9]))
    found = second.update(rgb(with_hand(350, 180)), 0.0, first, searched(true_points[:, :2] + 5, FACE))
    assert not len(found.landmarks)


def test_where_nothing_is_missing_nothing_is_done(second: SecondLook) -> None:
    found = second.update(rgb(BARE), 0.0, NOTHING, Search([], 0, FACE))
    assert not len(found.landmarks)
    assert second._around is None


def test_black_frames_do_not_make_the_tracker_lose_a_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it start a second look: the first goes on where it was."""
    image, black = with_hand(350, 180), np.zeros((480, 640, 3), np.uint8)
    monkeypatch.setattr(SecondLook, "update", lambda *_: NOTHING)
    with Tracker() as tracker:
        monkeypatch.setattr(tracker._hands._first, "detect", counted := Counted(tracker._hands._first.detect))
        for k in range(10):
            tracker.update(Frame(image, k / 30, k))
        for k in range(10, 15):
            assert not tracker.update(Frame(black, k / 30, k)).hand_seen.any()
        assert counted.calls == 10
        assert tracker.update(Frame(image, 0.5, 15)).hand_seen.any()


class Counted:
    def __init__(self, function: object) -> None:
        self._function, self.calls = function, 0

    def __call__(self, *arguments: object) -> object:
        self.calls += 1
        return self._function(*arguments)  # type: ignore[operator]
