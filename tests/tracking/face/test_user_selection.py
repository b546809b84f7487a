"""Of several faces the largest, most central one is the user, and stays it."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from facetrack.packets import Float
from facetrack.tracking import ensure_models
from facetrack.tracking.face.user_selection import FORGET_MS, RARE_LOOK_MS, SETTLED_MS, WORKED_S, UserFaceSelector
from facetrack.tracking.mediapipe.landmarkers import picture
from tests.tracking.rendered import rendered, scene

FACE = rendered("face")
USER = (FACE, 360, 100, 40)
OTHER = (FACE, 170, 460, 200)
FRAME_MS = 33


class Camera:
    """Shows faces to a UserFaceSelector and says whom it sees, by width: "user", "other" or None."""

    def __init__(self) -> None:
        self.face = UserFaceSelector(ensure_models().face)
        self.t_ms = 0
        self.x = np.nan  # of the face that is followed, px
        self.hands: list[Float] = []

    def show(self, frames: int, *faces: tuple[np.ndarray, int, int, int]) -> list[str | None]:
        rgb = cv2.cvtColor(scene(*faces), cv2.COLOR_BGR2RGB)
        seen: list[str | None] = []
        for _ in range(frames):
            self.t_ms += FRAME_MS
            found = self.face.update(rgb, picture(rgb), self.t_ms, self.hands)
            self.x = np.nan if found is None else float(found[168, 0]) * 640
            seen.append(None if found is None else "user" if np.ptp(found[[234, 454], 0]) * 640 > 100 else "other")
        return seen


@pytest.fixture
def camera() -> Iterator[Camera]:
    camera = Camera()
    yield camera
    camera.face.close()


def test_the_large_central_face_is_the_user_whatever_the_order(camera: Camera) -> None:
    assert camera.show(5, OTHER, USER)[-1] == "user"


def test_a_user_who_comes_after_somebody_else_takes_over_within_a_second(camera: Camera) -> None:
    assert set(camera.show(10, OTHER)) == {"other"}
    seen = camera.show(30, OTHER, USER)
    assert seen[-1] == "user"


def test_a_smaller_face_is_never_taken_for_a_user_who_is_hidden(camera: Camera) -> None:
    camera.show(10, USER, OTHER)
    assert set(camera.show(30, OTHER)) == {None}
    assert camera.show(10, USER, OTHER)[-5:] == ["user"] * 5


def test_a_user_of_some_seconds_stays_it_though_somebody_leans_in(camera: Camera) -> None:
    middle, near = (FACE, 230, 0, 120), (FACE, 400, 230, 40)
    camera.show(SETTLED_MS // FRAME_MS + 5, middle)
    assert set(camera.show(90, middle, near)) == {"other"}


def test_a_user_who_comes_back_takes_over_from_somebody_behind(camera: Camera) -> None:
    camera.show(SETTLED_MS // FRAME_MS + 5, OTHER)
    assert camera.show(RARE_LOOK_MS // FRAME_MS + 5, OTHER, USER)[-1] == "user"


def test_a_face_printed_on_the_shirt_is_never_the_user_however_long_palms_hide_the_face(camera: Camera) -> None:
    user, printed = (FACE, 310, 165, 0), (FACE, 170, 235, 310)
    assert set(camera.show(SETTLED_MS // FRAME_MS, user, printed)) == {"user"}
    assert set(camera.show(FORGET_MS // FRAME_MS + 60, printed)) == {None}
    assert camera.show(10, user, printed)[-1] == "user"


def test_a_restart_forgets_nobody(camera: Camera) -> None:
    camera.show(10, USER, OTHER)
    camera.face.restart()
    assert set(camera.show(10, OTHER)) == {None}


def test_a_user_far_off_is_taken_again_after_some_seconds(camera: Camera) -> None:
    camera.show(10, USER)
    camera.show(FORGET_MS // FRAME_MS + 5)
    assert camera.show(5, OTHER)[-1] == "other"


def test_the_picture_is_left_as_it_is(camera: Camera) -> None:
    camera.show(5, USER, OTHER)
    rgb = cv2.cvtColor(scene(OTHER), cv2.COLOR_BGR2RGB)
    before = rgb.copy()
    for _ in range(5):
        camera.t_ms += FRAME_MS
        camera.face.update(rgb, picture(rgb), camera.t_ms)
    np.testing.assert_array_equal(rgb, before)


LEFT_ONE, RIGHT_ONE = (FACE, 300, 0, 90), (FACE, 280, 350, 90)


def working_hand(face: tuple[np.ndarray, int, int, int]) -> Float:
    """(21, 3) px, its fingertips on that face and its wrist below it."""
    _, size, x, y = face
    hand = np.zeros((21, 3))
    hand[:, :2] = x + 0.5 * size, y + 0.45 * size
    hand[0, 1] += 0.25 * size
    return hand


def test_two_faces_alike_are_in_doubt_until_hands_work_on_one_of_them(camera: Camera) -> None:
    camera.show(20, LEFT_ONE, RIGHT_ONE)
    assert camera.face.in_doubt
    followed = camera.x
    theirs = LEFT_ONE if followed > 320 else RIGHT_ONE
    camera.hands = [working_hand(theirs)]
    camera.show(round(WORKED_S * 1000 / FRAME_MS) + RARE_LOOK_MS // FRAME_MS + 5, LEFT_ONE, RIGHT_ONE)
    assert abs(camera.x - followed) > 200
    assert not camera.face.in_doubt


def test_a_large_face_on_a_wall_is_not_the_users_whose_hands_work_on_a_smaller_one(camera: Camera) -> None:
    user, poster = (FACE, 200, 420, 180), (FACE, 380, 20, 40)
    camera.show(20, user, poster)
    assert camera.x < 320
    camera.hands = [working_hand(user)]
    camera.show(SETTLED_MS // FRAME_MS + RARE_LOOK_MS // FRAME_MS, user, poster)
    assert camera.x > 320
    assert not camera.face.in_doubt


def test_hands_of_both_leave_two_faces_alike_in_doubt(camera: Camera) -> None:
    camera.hands = [working_hand(LEFT_ONE), working_hand(RIGHT_ONE)]
    camera.show(60, LEFT_ONE, RIGHT_ONE)
    assert camera.face.in_doubt


def test_a_small_face_beside_the_users_is_no_doubt(camera: Camera) -> None:
    camera.show(20, USER, OTHER)
    assert not camera.face.in_doubt
