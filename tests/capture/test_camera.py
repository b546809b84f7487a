"""Cameras and the ways in which they fail."""

import threading
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from facetrack.capture import CameraDevice, CameraSource
from facetrack.capture.camera_reader import fingerprint
from facetrack.errors import FacetrackError
from tests.capture.fakes import QUICK, FakeCapture, living, noise

DEVICE = CameraDevice("0", "Test cam", 0)


def _source(*captures: FakeCapture, tell: Callable[[str], None] = lambda _: None) -> CameraSource:
    """A camera that gives these, one after the other, as it is opened again and again; the last one for ever."""
    waiting = list(captures)
    return CameraSource(DEVICE, opener=lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0], tell=tell, timing=QUICK)


def _until(source: CameraSource, done: Callable[[], bool], most: int = 400) -> list[np.ndarray]:
    images = []
    for frame in source.frames():
        images.append(frame.image_bgr)
        if done() or len(images) >= most:
            source.close()
    return images


def test_asks_for_720p_in_mjpg() -> None:
    camera = living()
    source = _source(camera)
    source.close()
    assert camera.settings[cv2.CAP_PROP_FOURCC] == cv2.VideoWriter.fourcc(*"MJPG")
    assert (camera.settings[cv2.CAP_PROP_FRAME_WIDTH], camera.settings[cv2.CAP_PROP_FRAME_HEIGHT]) == (1280, 720)


def test_a_camera_that_is_not_there() -> None:
    with pytest.raises(FacetrackError, match=r"The camera Test cam can't be opened.*--camera"):
        _source(FakeCapture(lambda _: (False, None), opened=False))


def test_a_camera_that_never_gives_a_picture() -> None:
    with pytest.raises(FacetrackError, match="gives no pictures"):
        _source(FakeCapture(lambda _: (False, None)))


def test_a_camera_that_blocks_from_the_start() -> None:
    never = threading.Event()
    try:
        with pytest.raises(FacetrackError, match="does not answer"):
            _source(FakeCapture(lambda _: (never.wait(), None)))
    finally:
        never.set()


def test_a_driver_that_raises() -> None:
    def broken(_: int | str) -> FakeCapture:
        raise RuntimeError("driver")

    with pytest.raises(FacetrackError, match=r"can't be opened \(driver\)"):
        CameraSource(DEVICE, opener=broken, timing=QUICK)


def test_the_camera_is_let_go_at_the_end() -> None:
    camera = living()
    source = _source(camera)
    _until(source, lambda: True)
    assert camera.released.wait(2.0)


def test_a_slow_reader_gets_the_newest_frame_and_the_others_count_as_dropped() -> None:
    camera = living()
    source = _source(camera)
    pause = threading.Event()
    indices = []
    for frame in source.frames():
        indices.append(frame.index)
        pause.wait(0.05)
        if len(indices) == 6:
            source.close()
    assert source.dropped > 5
    assert np.diff(indices[1:]).max() > 1


def test_one_failed_read_is_no_fault() -> None:
    told: list[str] = []
    source = _source(FakeCapture(lambda n: (False, None) if n == 5 else (True, noise(n))), tell=told.append)
    images = iter(range(20))
    assert len(_until(source, lambda: next(images) >= 19)) == 20
    assert told == []


@pytest.mark.parametrize(
    "useless",
    [np.empty((0, 0, 3), np.uint8), np.zeros((48, 64), np.uint8), None],
    ids=["no pixels", "one channel", "nothing"],
)
def test_useless_pictures_are_left_out(useless: np.ndarray | None) -> None:
    source = _source(FakeCapture(lambda n: (True, useless if n % 2 else noise(n))))
    images = _until(source, iter([False] * 9 + [True] * 99).__next__)
    assert all(image.shape == (48, 64, 3) for image in images)


def _fails(n: int) -> tuple[bool, np.ndarray | None]:
    return (True, noise(n)) if n < 5 else (False, None)


def _freezes(n: int) -> tuple[bool, np.ndarray | None]:
    return True, noise(min(n, 5))


def _raises(n: int) -> tuple[bool, np.ndarray | None]:
    if n >= 5:
        raise RuntimeError("USB")
    return True, noise(n)


@pytest.fixture
def blocks() -> Iterator[Callable[[int], tuple[bool, np.ndarray | None]]]:
    """Blocks in its sixth read, until the test is over."""
    over = threading.Event()

    def read(n: int) -> tuple[bool, np.ndarray | None]:
        if n >= 5:
            over.wait()
        return True, noise(n)

    yield read
    over.set()


@pytest.mark.parametrize("fault", ["fails", "freezes", "raises", "blocks"])
def test_a_lost_camera_is_told_opened_again_and_goes_on(fault: str, request: pytest.FixtureRequest) -> None:
    script = request.getfixturevalue("blocks") if fault == "blocks" else globals()[f"_{fault}"]
    told: list[str] = []
    source = _source(FakeCapture(script), FakeCapture(lambda _: (False, None), opened=False), living(1000), tell=told.append)
    after = iter(range(100))
    images = _until(source, lambda: len(told) == 2 and next(after) >= 3)
    assert len(told) == 2
    assert "Trying to open it again" in told[0]
    assert told[1] == "The camera Test cam is back."
    assert fingerprint(images[-1]) not in {fingerprint(noise(n)) for n in range(10)}
    assert source.damage is None


def test_a_frozen_camera_that_stays_frozen_gives_no_pictures_of_its_past() -> None:
    told: list[str] = []
    still = noise(5)
    source = _source(FakeCapture(_freezes), FakeCapture(lambda _: (True, still)), tell=told.append)
    images = list(source.frames())
    same = [image for image in images if np.array_equal(image, still)]
    assert len(same) < 40, "only those before the fault was known"
    assert len(told) == 1
    assert source.damage is not None
    assert "same picture" in source.damage


def test_a_camera_that_stays_away_is_given_up_and_said_so() -> None:
    source = _source(FakeCapture(_fails), FakeCapture(lambda _: (False, None), opened=False))
    images = list(source.frames())
    assert len(images) >= 1
    assert source.damage == "the camera gives no pictures; it was given up after 2 s"
