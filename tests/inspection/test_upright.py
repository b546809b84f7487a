"""A source that stands on its head or its side is turned, from its first frame on; all else is passed on as it is."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from facetrack.capture import SourceInfo
from facetrack.inspection.upright import AGREEING, MOST_HELD, UprightSource, turned
from facetrack.packets import Float, Frame

UP = np.zeros((48, 64, 3), np.uint8)
UP[:16] = 255
"""The sky is above: the forehead of the face that is found points to the bright third of the picture."""


def find_face(image: NDArray[np.uint8]) -> Float | None:
    """As MediaPipe does: a face on its head is found, and fitted the wrong way up."""
    bright = np.argwhere(image[..., 0] > 128)
    if not len(bright):
        return None
    y, x = bright.mean(axis=0) - np.array(image.shape[:2]) / 2
    face = np.zeros((478, 2))
    face[10] = (x, y) if abs(x) > abs(y) else (0.0, -abs(y))
    return face


class Pictures:
    frames_dropped, corruption, frame_available = 0, None, True

    def __init__(self, *pictures: NDArray[np.uint8]) -> None:
        self.pictures, self.read, self.closed = pictures, 0, False
        height, width = pictures[0].shape[:2]
        self.info = SourceInfo("video", "own", (width, height), 10.0, None)

    def frames(self) -> Iterator[Frame]:
        for index, picture in enumerate(self.pictures):
            self.read = index + 1
            yield Frame(picture, index / 10, index)

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("quarters", range(4))
def test_whichever_way_up_it_is_every_frame_comes_out_upright(quarters: int) -> None:
    said: list[str] = []
    source = UprightSource(Pictures(*[turned(UP, quarters)] * 20), find_face, said.append)
    frames = list(source.frames())
    assert [frame.index for frame in frames] == list(range(20))
    assert all(np.array_equal(frame.image_bgr, UP) for frame in frames)
    assert source.info.size_wh == (64, 48)
    assert said == ([] if quarters == 0 else ["turned"])


def test_until_there_is_a_face_pictures_are_passed_on_and_one_that_comes_later_is_turned() -> None:
    nobody = np.zeros_like(UP)
    source = UprightSource(Pictures(*[nobody] * 15, *[turned(UP, 2)] * 30), find_face)
    frames = list(source.frames())
    assert np.array_equal(frames[-1].image_bgr, UP)
    assert len(frames) == 45


def test_no_more_is_held_back_than_it_takes_to_know() -> None:
    for pictures, most in (([UP] * 30, AGREEING), ([np.zeros_like(UP)] * 30, MOST_HELD)):
        inner = Pictures(*pictures)
        next(UprightSource(inner, find_face).frames())
        assert inner.read == most


def test_a_single_wrong_look_turns_nothing() -> None:
    pictures = [turned(UP, 2), *[UP] * 20]
    frames = list(UprightSource(Pictures(*pictures), find_face).frames())
    assert all(np.array_equal(frame.image_bgr, picture) for frame, picture in zip(frames, pictures, strict=True))


def test_a_picture_that_its_source_excuses_is_not_looked_at() -> None:
    class Lost(Pictures):
        def frames(self) -> Iterator[Frame]:
            return (replace(frame, source_error="The camera is gone") for frame in super().frames())

    def never(_image: NDArray[np.uint8]) -> Float | None:
        raise AssertionError("looked")

    assert len(list(UprightSource(Lost(*[UP] * 12), never).frames())) == 12


def test_closing_closes_the_source() -> None:
    inner = Pictures(UP)
    UprightSource(inner, find_face).close()
    assert inner.closed


@pytest.mark.parametrize("quarters", range(4))
def test_a_face_that_is_fitted_the_wrong_way_up_on_one_side_turns_nothing(quarters: int) -> None:
    """As of a real face low in its picture: of the turns in which it lies on its side it is found truly in one only."""

    def misfits(image: NDArray[np.uint8]) -> Float | None:
        face = find_face(image)
        assert face is not None
        if face[10, 0] > 0.0:
            face[10, 0] *= -1.0
        return face

    said: list[str] = []
    frames = list(UprightSource(Pictures(*[turned(UP, quarters)] * 20), misfits, said.append).frames())
    assert all(np.array_equal(frame.image_bgr, turned(UP, quarters)) for frame in frames)
    assert said == []
