"""Cameras that are well and unusual: other kinds of picture, a slow pace, flashes, and still pictures to begin with."""

import threading
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from facetrack.capture import CameraDevice, CameraSource
from facetrack.capture.camera.pace import Pace
from facetrack.capture.camera.picture_kinds import PictureKinds
from facetrack.capture.camera.reader import SLOW, STILL, STROBE
from facetrack.errors import FacetrackError
from tests.capture.fakes import QUICK, FakeCapture, noise

DEVICE = CameraDevice("0", "Test cam", 0)
SIZE = (48, 64)
SLOW_TIMING = replace(QUICK, warm_up_s=1.0)
IMPATIENT = replace(QUICK, still_s=0.4)


def _scene(seed: int) -> np.ndarray:
    """A soft picture, so that colours at half resolution stay close, with a sensor's noise in its few lowest bits."""
    colours = np.random.default_rng(1).integers(40, 215, (4, 4, 3), np.uint8)
    soft = cv2.resize(colours, SIZE[::-1], interpolation=cv2.INTER_CUBIC)
    return soft ^ np.random.default_rng(seed).integers(0, 2, soft.shape, np.uint8)


def _nv12(picture: np.ndarray) -> np.ndarray:
    planes = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420)
    colours = planes[48:].reshape(2, -1).T.reshape(24, 64)
    return np.vstack([planes[:48], colours])


def _grey(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


KINDS: dict[str, tuple[str, Callable[[np.ndarray], np.ndarray], bool]] = {
    "plain": ("MJPG", lambda picture: picture, True),
    "alpha": ("", lambda picture: cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), True),
    "grey": ("GREY", _grey, False),
    "grey with one channel": ("", lambda picture: _grey(picture)[..., None], False),
    "10 of 16 bits": ("Y10 ", lambda picture: _grey(picture).astype(np.uint16) << 2, False),
    "16 bits": ("Y16 ", lambda picture: _grey(picture).astype(np.uint16) << 8, False),
    "16 bits in colour": ("", lambda picture: picture.astype(np.uint16) << 8, True),
    "YUY2": ("YUYV", lambda picture: cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_YUY2), True),
    "two bytes of no name": ("", lambda picture: np.dstack([_grey(picture), picture[..., 1]]), False),
    "UYVY": ("UYVY", lambda picture: cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_UYVY), True),
    "YVYU": ("YVYU", lambda picture: cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_YVYU), True),
    "NV12": ("NV12", _nv12, True),
    "I420": ("I420", lambda picture: cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), True),
    "a JPEG's bytes": ("MJPG", lambda picture: cv2.imencode(".jpg", picture)[1].reshape(1, -1), True),
}


class _Format(FakeCapture):
    """A camera that says which format it gives."""

    def __init__(self, name: str, script: Callable[[int], tuple[bool, np.ndarray | None]]) -> None:
        super().__init__(script)
        self._name = name

    def get(self, prop: int, /) -> float:
        if prop == cv2.CAP_PROP_FOURCC and self._name:
            return float(cv2.VideoWriter.fourcc(*self._name))
        return super().get(prop)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_picture_becomes_a_plain_one(kind: str) -> None:
    name, made, coloured = KINDS[kind]
    source = CameraSource(DEVICE, opener=lambda _: _Format(name, lambda n: (True, made(_scene(n)))), timing=QUICK)
    image = next(iter(source.frames())).image_bgr
    source.close()
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    expected = _scene(0) if coloured else cv2.cvtColor(_grey(_scene(0)), cv2.COLOR_GRAY2BGR)
    assert image.shape == expected.shape
    assert np.abs(image.astype(float) - expected).mean() < 6.0


def test_deep_pictures_keep_their_scale_when_the_light_changes() -> None:
    kinds = PictureKinds(FakeCapture(lambda _: (False, None)))
    bright, dim = np.full(SIZE, 1023, np.uint16), np.full(SIZE, 200, np.uint16)
    assert kinds.convert(bright) is not None
    image = kinds.convert(dim)
    assert image is not None
    assert image.max() == 50


@pytest.mark.parametrize("shape", [(48, 64, 5), (48, 64, 3, 2)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_an_unknown_kind_is_named_with_what_to_do(shape: tuple[int, ...], dtype: type) -> None:
    words = rf"kind that can't be read \({' x '.join(map(str, shape))}, {np.dtype(dtype)}\)\. Choose another format"
    with pytest.raises(FacetrackError, match=words):
        CameraSource(DEVICE, opener=lambda _: FakeCapture(lambda _: (True, np.zeros(shape, dtype))), timing=QUICK)


@pytest.mark.parametrize(("fps", "slow"), [(1.2, True), (4.0, True), (7.5, True), (10.0, False), (30.0, False)])
def test_a_slow_pace_is_known_after_some_seconds(fps: float, slow: bool) -> None:
    pace = Pace()
    assert pace.usual_silence_s is None
    for n in range(int(6.0 * fps) + 1):
        pace.update(n / fps)
    assert pace.slow == slow
    assert pace.usual_silence_s == pytest.approx(2.0 / fps)


def test_a_pause_is_no_slow_pace() -> None:
    pace = Pace()
    for n in range(120):
        pace.update(n / 30.0 + (1.0 if n > 60 else 0.0))
        assert not pace.slow


def test_a_slow_camera_is_not_lost_and_said_to_be_slow() -> None:
    pause = threading.Event()
    told: list[str] = []

    def slowly(n: int) -> tuple[bool, np.ndarray]:
        pause.wait(0.0 if n == 0 else 2.5 * QUICK.silent_s)
        return True, noise(n)

    source = CameraSource(DEVICE, opener=lambda _: FakeCapture(slowly), notify=told.append, timing=SLOW_TIMING)
    for frame in source.frames():
        assert frame.source_error is None
        if frame.t_s > 3.5:
            source.close()
    assert told == [f"The camera Test cam {SLOW}"]


def test_every_second_picture_dark_is_left_out_and_said_once() -> None:
    told: list[str] = []
    source = CameraSource(
        DEVICE,
        opener=lambda _: FakeCapture(lambda n: (True, noise(n) // 16 if n % 2 else noise(n))),
        notify=told.append,
        timing=QUICK,
    )
    frames = []
    for frame in source.frames():
        frames.append(frame)
        if len(frames) == 40:
            source.close()
    levels = np.array([frame.image_bgr.mean() for frame in frames])
    assert (levels[10:] > 100.0).all()
    assert told == [f"The camera Test cam {STROBE}"]


def test_a_lamp_that_is_switched_off_is_no_flash() -> None:
    told: list[str] = []
    source = CameraSource(
        DEVICE,
        opener=lambda _: FakeCapture(lambda n: (True, noise(n) // (3 if n // 10 % 2 else 1))),
        notify=told.append,
        timing=QUICK,
    )
    numbers = []
    for frame in source.frames():
        numbers.append(frame.index)
        if len(numbers) == 50:
            source.close()
    assert told == []


@pytest.mark.parametrize("black", [0, 3], ids=["a still picture", "black, then a still picture"])
def test_a_still_beginning_is_said_and_waited_for(black: int) -> None:
    """As phones and programs give it until somebody starts them there."""
    told: list[str] = []
    opened: list[FakeCapture] = []

    def read(n: int) -> tuple[bool, np.ndarray]:
        return True, noise(n) if n > 40 else np.zeros((*SIZE, 3), np.uint8) if n < black else noise(0)

    def opener(_: int | str) -> FakeCapture:
        opened.append(FakeCapture(read))
        return opened[-1]

    source = CameraSource(DEVICE, opener=opener, notify=told.append, timing=QUICK)
    for frame in source.frames():
        if frame.index > 60:
            source.close()
    assert told == [f"The camera Test cam {STILL}", "The camera Test cam is back."]
    assert len(opened) == 1


def test_a_picture_that_never_moves_is_a_lost_camera_in_the_end() -> None:
    source = CameraSource(DEVICE, opener=lambda _: FakeCapture(lambda _: (True, noise(0))), timing=IMPATIENT)
    frames = list(source.frames())
    assert any(frame.source_error and "start it there" in frame.source_error for frame in frames)
    assert source.corruption is not None
    assert "shows one and the same picture" in source.corruption
