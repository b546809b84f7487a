"""What is doubted and what is said of pictures: each kind of wrong input, and beside it the ordinary one that is left alone."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.inspection.inspection import Inspection
from facetrack.inspection.remarks import REMARKS
from facetrack.packets import LEFT, RIGHT, Float, Frame, Observation

WIDTH, HEIGHT = 640, 480
RNG = np.random.default_rng(7)
SCENE = RNG.integers(40, 200, (120, 160, 3)).astype(np.uint8)
IRIS = 0.5 * 11.7
SHARE = 1.14
"""An iris is drawn a little wider than high."""


def face_px(stretch: float = 1.0) -> Float:
    """A face that looks ahead, its width times stretch."""
    face = canonical_face().points_mm * (1.0, -1.0, 1.0)
    for middle, around in ((468, (469, 470, 471, 472)), (473, (474, 475, 476, 477))):
        for point, way in zip(around, ((SHARE, 0.0), (0.0, 1.0), (-SHARE, 0.0), (0.0, -1.0)), strict=True):
            face[point, :2] = face[middle, :2] + IRIS * np.array(way)
    return face * np.array([1.5 * stretch, 1.5, 1.5]) + np.array([WIDTH / 2, HEIGHT / 2, 0.0])


def seen(t_s: float, stretch: float = 1.0, hands: bool = False, labels: tuple[float, float] = (0.9, 0.1)) -> Observation:
    one = Observation(t_s, (WIDTH, HEIGHT), face_px(stretch), np.full((2, 21, 3), np.nan))
    if hands:
        one.hands_px[LEFT], one.hands_px[RIGHT] = (WIDTH / 2 + 50, HEIGHT / 2, 0), (WIDTH / 2 - 50, HEIGHT / 2, 0)
        one = replace(one, left_score=np.array(labels))
    return one


def noisy(moving: bool = False, index: int = 0) -> np.ndarray:
    scene = np.roll(SCENE, 3 * index, axis=1) if moving else SCENE
    return np.clip(scene + RNG.normal(0.0, 1.5, scene.shape), 0, 255).astype(np.uint8)


class Watch:
    """Everything that an inspection says of a stretch of pictures."""

    def __init__(self, kind: str = "video") -> None:
        self.inspection, self.t_s, self.index = Inspection(kind), 0.0, 0
        self.said: list[str] = []
        self.doubts: list[str | None] = []
        self.repeated: list[bool] = []

    def go(self, seconds: float, picture: np.ndarray | None = None, fps: float = 15.0, **what: object) -> "Watch":
        for _ in range(round(seconds * fps)):
            image = noisy(index=self.index) if picture is None else picture
            self.see(image, seen(self.t_s, **what), fps)  # type: ignore[arg-type]
        return self

    def see(self, image: np.ndarray, observation: Observation, fps: float = 15.0, error: str | None = None) -> None:
        judged = self.inspection.update(Frame(image, self.t_s, self.index, error), observation)
        self.said += self.inspection.remarks
        self.doubts.append(judged.doubt)
        self.repeated.append(judged.repeated)
        self.t_s, self.index = self.t_s + 1 / fps, self.index + 1


def test_an_ordinary_person_is_neither_doubted_nor_spoken_of() -> None:
    watch = Watch().go(3.0).go(8.0, hands=True)
    assert (watch.said, set(watch.doubts), set(watch.repeated)) == ([], {None}, {False})


@pytest.mark.parametrize("stretch", [0.5625, 0.75, 1.34, 1.78])
def test_a_squeezed_or_stretched_picture_is_withheld_from_its_first_seconds_on(stretch: float) -> None:
    watch = Watch().go(4.0, stretch=stretch)
    assert watch.said == ["squeezed"]
    assert watch.doubts[-1] == "picture"
    assert watch.doubts.index("picture") / 15.0 < 2.0


@pytest.mark.parametrize("stretch", [0.93, 1.0, 1.08, 1.15])
def test_faces_are_as_wide_as_they_are(stretch: float) -> None:
    assert set(Watch().go(4.0, stretch=stretch).doubts) == {None}


def test_a_face_under_hands_says_nothing_of_the_proportions() -> None:
    assert set(Watch().go(4.0, stretch=0.75, hands=True).doubts) == {None}


@pytest.mark.parametrize("grey", [0, 16, 128, 255])
def test_a_single_colour_is_no_picture(grey: int) -> None:
    watch = Watch()
    for _ in range(60):
        watch.see(np.full(SCENE.shape, grey, np.uint8), Observation.empty(watch.t_s, (WIDTH, HEIGHT)))
    assert watch.said == ["blank"]
    assert watch.doubts[-1] == "picture"


def test_a_camera_that_fails_for_a_moment_or_says_so_itself_is_not_doubted() -> None:
    black = np.zeros(SCENE.shape, np.uint8)
    watch = Watch().go(1.0)
    for error in (None, "The camera is gone"):
        for _ in range(10 if error is None else 80):
            watch.see(black, Observation.empty(watch.t_s, (WIDTH, HEIGHT)), error=error)
        watch.go(1.0)
    assert (watch.said, set(watch.doubts)) == ([], {None})


def test_the_grey_in_place_of_a_camera_is_not_spoken_of() -> None:
    grey = np.full((48, 64, 3), 50, np.uint8)
    assert Watch("none").go(5.0, picture=grey).said == []
    assert "blank" in Watch("camera").go(5.0, picture=grey).said


def test_one_picture_again_and_again_is_nothing_new() -> None:
    watch = Watch().go(5.0, picture=SCENE)
    assert all(watch.repeated[1:])
    assert watch.said == ["still"]
    assert not any(Watch("mannequin").go(5.0, picture=SCENE).repeated)


@pytest.mark.parametrize("times", [3, 6])
def test_of_pictures_that_stand_for_a_while_only_the_first_is_new(times: int) -> None:
    watch = Watch()
    for k in range(120):
        image = np.roll(SCENE, 5 * (k // times), axis=1).astype(np.int16)
        if k % times:  # encoded a little differently each time
            image[::8, (k % 5) * 8] += 1
        watch.see(np.clip(image, 0, 255).astype(np.uint8), seen(watch.t_s), fps=30.0)
    new = [not one for one in watch.repeated[40:]]
    assert sum(new) == pytest.approx(len(new) / times, abs=1)


def test_who_moves_after_a_rest_is_new_in_every_picture() -> None:
    watch = Watch()
    for k in range(90):
        watch.see(noisy(moving=30 <= k < 60, index=k), seen(watch.t_s), fps=30.0)
    assert not any(watch.repeated)


@pytest.mark.parametrize(
    ("seconds", "labels", "said"),
    [(5.5, (0.1, 0.9), ["mirrored"]), (4.5, (0.1, 0.9), []), (20.0, (0.9, 0.1), []), (20.0, (0.1, 0.1), [])],
)
def test_it_looks_mirrored_only_where_both_hands_say_so_for_long_enough(
    seconds: float, labels: tuple[float, float], said: list[str]
) -> None:
    assert Watch().go(2.0).go(seconds, hands=True, labels=labels).said == said


@pytest.mark.parametrize(("against", "said"), [(19, ["mirrored"]), (17, [])])
def test_nine_of_ten_frames_must_say_so(against: int, said: list[str]) -> None:
    watch = Watch()
    for k in range(200):
        labels = (0.1, 0.9) if k % 20 < against else (0.9, 0.1)
        watch.see(noisy(index=k), seen(watch.t_s, hands=True, labels=labels))
    assert watch.said == said


def test_what_is_found_elsewhere_is_said_with_the_next_frame_and_once() -> None:
    watch = Watch()
    watch.inspection.say("turned")
    watch.go(1.0)
    watch.inspection.say("turned")
    watch.go(1.0)
    assert watch.said == ["turned"]
    assert all(words.endswith((".", ")")) for words in REMARKS.values())


@pytest.mark.parametrize("times", [2, 6])
def test_while_nothing_moves_new_pictures_come_as_often_as_they_did(times: int) -> None:
    watch = Watch()
    for k in range(240):
        moved = min(k, 120) // times
        image = np.roll(SCENE, 5 * moved, axis=1)
        image[::8, (k % 5) * 8] += 1
        watch.see(image, seen(watch.t_s), fps=30.0)
    new = [not one for one in watch.repeated[150:]]
    assert sum(new) == pytest.approx(len(new) / times, abs=2)
