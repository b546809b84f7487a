"""A graph a hand, with the real models: one looks while no hand is there; one that comes onto the other's hand lets go."""

import numpy as np
import pytest

from facetrack.packets import LEFT, RIGHT, Float, Frame, Observation
from facetrack.tracking import Tracker
from facetrack.tracking.hands.graph import HandGraph
from facetrack.tracking.hands.request import Detection, LookRequest, Shown
from tests.tracking.rendered import Image, rendered, scene

FACE, LEFT_HAND = (rendered("face"), 300, 170, 20), (rendered("hand"), 170, 350, 180)
RIGHT_HAND = (np.ascontiguousarray(rendered("hand")[:, ::-1]), 170, 120, 180)
BOTH = scene(FACE, LEFT_HAND, RIGHT_HAND)


class Driven:
    """Drives a graph onto a place when it is told to."""

    def __init__(self, graph: HandGraph) -> None:
        self._look = graph.look
        self.onto: Float | None = None
        self.requests: list[LookRequest] = []
        graph.look = self.look  # type: ignore[method-assign]

    def look(self, shown: Shown, request: LookRequest) -> Detection | None:
        self.requests.append(request)
        onto, self.onto = self.onto, None
        return self._look(shown, request if onto is None else LookRequest(lost=onto))


def play(tracker: Tracker, image: Image, frames: range) -> list[Observation]:
    return [tracker.update(Frame(image, k / 30, k)) for k in frames]


def wrists(seen: Observation) -> list[float]:
    return [round(float(seen.hands_px[side, 0, 0])) for side in (LEFT, RIGHT)]


@pytest.mark.parametrize("driven", [0, 1])
def test_a_graph_that_is_driven_onto_the_others_hand_lets_go_and_comes_back_to_its_own(driven: int) -> None:
    with Tracker() as tracker:
        graphs = [Driven(graph) for graph in tracker._hands.graphs]
        left, right = wrists(play(tracker, BOTH, range(6))[-1])
        assert left > 400 > 240 > right
        other = tracker._associator._followed[1 - driven]
        assert other is not None
        graphs[driven].onto = other.xy
        seen = play(tracker, BOTH, range(6, 16))
        assert all(hand.hand_seen[other.side] for hand in seen)
        assert not seen[0].hand_seen[1 - other.side], "it was not driven onto the other's hand"
        for hand in seen:
            at = wrists(hand) if hand.hand_seen.all() else [left, right]
            np.testing.assert_allclose(at, [left, right], atol=6)
        assert all(hand.hand_seen.all() for hand in seen[3:])


def test_one_graph_looks_alone_while_no_hand_is_there() -> None:
    with Tracker() as tracker:
        graphs = [Driven(graph) for graph in tracker._hands.graphs]
        play(tracker, scene(FACE), range(4))
        assert [[request.search for request in graph.requests] for graph in graphs] == [[True] * 4, [False] * 4]
        play(tracker, scene(FACE, LEFT_HAND), range(4, 8))
        assert [len(request.hidden) for request in graphs[1].requests[5:]] == [1, 1, 1]


def test_a_second_hand_is_never_made_up_beside_one() -> None:
    with Tracker() as tracker:
        for k in range(30):
            image = scene(FACE, (LEFT_HAND[0], 170, 350 - 4 * k, 180 + k))
            assert tracker.update(Frame(image, k / 30, k)).hand_seen.sum() == 1, k
