"""A hand printed on the shirt is not the user's, and takes no place from a hand that is."""

from collections.abc import Callable

import numpy as np

from facetrack.packets import LEFT, RIGHT, Frame, Observation
from tests.recorded_tracking import RecordedTracker
from tests.tracking.rendered import Image, rendered, scene

HAND = rendered("hand")
RIGHT_HAND = np.ascontiguousarray(HAND[:, ::-1])
FACE = (rendered("face"), 240, 200, 10)


def play(picture: Callable[[int], Image], frames: int) -> list[Observation]:
    with RecordedTracker() as tracker:
        return [tracker.update(Frame(picture(k), k / 30, k)) for k in range(frames)]


def test_a_printed_hand_is_no_hand() -> None:
    def swaying(k: int) -> Image:
        sway = round(3 * np.sin(k / 8))
        return scene((FACE[0], 240, 200 + sway, 10), (HAND, 110, 270 + sway, 350))

    assert not any(seen.hand_seen.any() for seen in play(swaying, 30))


def test_the_users_hands_are_seen_beside_it() -> None:
    """MediaPipe follows two hands, and the printed one is among them."""
    face, large_print = (rendered("face"), 340, 150, 0), (HAND, 190, 230, 430)

    def picture(k: int) -> Image:
        y = max(300 - 20 * k, 150)
        return scene(face, large_print, (HAND, 150, 380, y), (RIGHT_HAND, 150, 110, y), size_wh=(640, 640))

    seen = play(picture, 60)[-1]
    assert seen.hand_seen.tolist() == [True, True]
    assert seen.hands_px[LEFT, 0, 0] > 380
    assert seen.hands_px[RIGHT, 0, 0] < 260
