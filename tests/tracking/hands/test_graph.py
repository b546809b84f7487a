"""One hand's graph: it follows, lets go, does not find what is hidden from it, and finds a lost hand where it was and about the
face; with the real models on rendered hands."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from facetrack.packets import Float, Frame
from facetrack.tracking import Tracker, ensure_models
from facetrack.tracking.face.face_place import FacePlace
from facetrack.tracking.hand_shape import hand_sizes, mean_distance
from facetrack.tracking.hands.graph import HandGraph
from facetrack.tracking.hands.request import Detection, LookRequest, Shown
from facetrack.tracking.mediapipe.landmarkers import picture
from tests.tracking.rendered import Image, rendered, scene

FACE = FacePlace(320.0, 170.0, 120.0, 150.0, 0.0, np.array([320.0, 150.0]), np.zeros(2))
BARE = scene((rendered("face"), 300, 170, 20))
FOLLOW, SEARCH = LookRequest(follow=True), LookRequest(search=True)


def shown(image: Image) -> Shown:
    rgb = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8)
    return Shown(rgb, picture(rgb))


def with_hand(x: int, y: int, mirrored: bool = False) -> Image:
    hand = rendered("hand")
    return scene((rendered("face"), 300, 170, 20), (np.ascontiguousarray(hand[:, ::-1]) if mirrored else hand, 170, x, y))


def off(found: Detection | None, expected: Float) -> float:
    """Hand sizes between what was found and the expected landmarks (21, 2)."""
    assert found is not None
    return float(mean_distance(found.xy, expected) / hand_sizes(expected))


@pytest.fixture
def graph() -> Iterator[HandGraph]:
    graph = HandGraph(ensure_models().hand)
    yield graph
    graph.close()


@pytest.fixture(scope="module")
def true_xy() -> Float:
    """(21, 2) px of the hand at (350, 180), as it is followed."""
    graph = HandGraph(ensure_models().hand)
    there = shown(with_hand(350, 180))
    found = [graph.look(there, request) for request in (SEARCH, FOLLOW, FOLLOW)][-1]
    graph.close()
    assert found is not None
    return found.xy


@pytest.mark.parametrize(
    ("shift", "turn_deg", "grow"), [((0, 0), 0, 1.0), ((18, -12), 0, 1.0), ((0, 0), 20, 1.0), ((8, 8), -10, 1.2)]
)
def test_a_lost_hand_is_found_near_where_it_was_and_then_followed(
    graph: HandGraph, true_xy: Float, shift: tuple[int, int], turn_deg: float, grow: float
) -> None:
    matrix = cv2.getRotationMatrix2D(tuple(true_xy[0].tolist()), turn_deg, grow)
    expected = true_xy @ matrix[:, :2].T + matrix[:, 2] + shift
    assert off(graph.look(shown(with_hand(350, 180)), LookRequest(lost=expected)), true_xy) < 0.12
    for k in range(1, 8):
        assert off(graph.look(shown(with_hand(350 - 8 * k, 180)), FOLLOW), true_xy - [8 * k, 0]) < 0.15


def test_a_graph_that_held_a_hand_finds_a_lost_one_elsewhere(graph: HandGraph, true_xy: Float) -> None:
    graph.look(shown(with_hand(350, 180)), SEARCH)
    elsewhere = true_xy - [140, 0]
    assert off(graph.look(shown(with_hand(210, 180)), LookRequest(lost=elsewhere)), elsewhere) < 0.12


def test_it_lets_go_of_a_hand_that_is_hidden_from_it(graph: HandGraph, true_xy: Float) -> None:
    there = shown(with_hand(350, 180))
    assert graph.look(there, SEARCH) is not None
    assert graph.look(there, FOLLOW) is not None
    hidden = LookRequest(search=True, hidden=[true_xy])
    assert [graph.look(there, hidden) for _ in range(3)] == [None, None, None]
    assert graph.look(there, SEARCH) is not None


def test_beside_a_hidden_hand_it_finds_the_other(graph: HandGraph, true_xy: Float) -> None:
    both = scene(
        (rendered("face"), 300, 170, 20),
        (rendered("hand"), 170, 350, 180),
        (np.ascontiguousarray(rendered("hand")[:, ::-1]), 170, 120, 180),
    )
    other = true_xy * [-1, 1] + [640, 0]
    assert off(graph.look(shown(both), LookRequest(search=True, hidden=[true_xy])), other) < 0.15


def test_nothing_is_made_up_on_a_bare_face(graph: HandGraph, true_xy: Float) -> None:
    bare = shown(BARE)
    for widths in (2.4, 3.2):
        assert graph.look(bare, LookRequest(search=True, lost=true_xy, around=(FACE, widths))) is None


def test_a_hand_that_is_found_about_the_face_is_followed_in_the_whole_picture(graph: HandGraph, true_xy: Float) -> None:
    there = shown(with_hand(350, 180))
    assert off(graph.look(there, LookRequest(around=(FACE, 3.2))), true_xy) < 0.12
    assert off(graph.look(there, FOLLOW), true_xy) < 0.12


def test_without_a_request_it_rests(graph: HandGraph) -> None:
    assert graph.look(shown(with_hand(350, 180)), LookRequest()) is None


def test_black_frames_do_not_make_the_tracker_lose_a_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The graphs are not shown them, and go on where the hand was."""
    image, black = with_hand(350, 180), np.zeros((480, 640, 3), np.uint8)
    with Tracker() as tracker:
        for k in range(10):
            tracker.update(Frame(image, k / 30, k))
        looks: list[int] = []
        for graph in tracker._hands.graphs:
            monkeypatch.setattr(graph, "look", lambda *a, look=graph.look: (looks.append(1), look(*a))[1])
        for k in range(10, 15):
            assert not tracker.update(Frame(black, k / 30, k)).hand_seen.any()
        assert not looks
        assert tracker.update(Frame(image, 0.5, 15)).hand_seen.any()
