"""Hands found in no order, as a graph for two hands finds them, handed to a graph each."""

import numpy as np

from facetrack.packets import Float
from facetrack.tracking.hand_shape import hand_sizes, mean_distance
from facetrack.tracking.hands.request import Detection

REACH = 1.5
"""Hand sizes within which a graph goes on with a hand."""


class Seats:
    """Plays the two graphs: each goes on with the hand that is near to the one it had, or else takes one that is left."""

    def __init__(self) -> None:
        self._held: list[Detection | None] = [None, None]

    def taken(self, hands_px: Float, left_score: Float) -> list[Detection | None]:
        """hands_px: (H, 21, 3) px. left_score: (H,)."""
        finds = [Detection(points, float(score)) for points, score in zip(hands_px, left_score, strict=True)]
        seats: list[Detection | None] = [None, None]
        pairs = [(_away(held, find), k, i) for k, held in enumerate(self._held) for i, find in enumerate(finds)]
        for away, k, i in sorted(pair for pair in pairs if pair[0] < REACH):
            if seats[k] is None and all(seat is not finds[i] for seat in seats):
                assert away < REACH
                seats[k] = finds[i]
        left = [find for find in finds if all(seat is not find for seat in seats)]
        for k in sorted(range(2), key=lambda k: self._held[k] is not None):
            if seats[k] is None and left:
                seats[k] = left.pop(0)
        self._held = seats
        return seats


def _away(held: Detection | None, find: Detection) -> float:
    return np.inf if held is None else float(mean_distance(held.xy, find.xy) / hand_sizes(find.xy))
