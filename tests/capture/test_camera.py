"""Cameras and the ways in which they fail."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest

from facetrack.capture import CameraDevice, CameraSource
from facetrack.capture.blank import GREY
from facetrack.errors import FacetrackError
from facetrack.packets import Frame
from tests.capture.fakes import QUICK, FakeCapture, living, noise

DEVICE = CameraDevice("0", "Test cam", 0)


def _source(*captures: FakeCapture, notify: Callable[[str], None] = lambda _: None) -> CameraSource:
    """A camera that gives these, one after the other, as it is opened again and again; the last one for ever."""
    waiting = list(captures)
    return CameraSource(
        DEVICE, opener=lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0], notify=notify, timing=QUICK
    )


def _frames_until(source: CameraSource, done: Callable[[], bool], most: int = 400) -> list[Frame]:
    frames = []
    for frame in source.frames():
        frames.append(frame)
        if done() or len(frames) >= most:
            source.close()
    assert np.all(np.diff([frame.t_s for frame in frames]) > 0.0)
    assert np.all(np.diff([frame.index for frame in frames]) > 0)
    return frames


def _until(source: CameraSource, done: Callable[[], bool], most: int = 400) -> list[np.ndarray]:
    return [frame.image_bgr for frame in _frames_until(source, done, most)]


def _times(number: int) -> Callable[[], bool]:
    """True when asked for the so manyth time."""
    return iter([False] * (number - 1) + [True] * 1000).__next__


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
    assert source.frames_dropped > 5
    assert np.diff(indices[1:]).max() > 1


def test_one_failed_read_is_no_fault() -> None:
    told: list[str] = []
    source = _source(FakeCapture(lambda n: (False, None) if n == 5 else (True, noise(n))), notify=told.append)
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
    source = _source(FakeCapture(script), FakeCapture(lambda _: (False, None), opened=False), living(1000), notify=told.append)
    enough = _times(3)
    frames = _frames_until(source, lambda: len(told) == 2 and enough())
    assert len(told) == 2
    assert "Trying to open it again" in told[0]
    assert told[1] == "The camera Test cam is back."
    _assert_one_marked_gap(frames, told[0])
    before = {noise(n).tobytes() for n in range(10)}
    assert frames[-1].image_bgr.tobytes() not in before
    assert source.corruption is None


def _assert_one_marked_gap(frames: list[Frame], fault: str) -> None:
    """The session's time goes on in plain frames that carry the fault, and nothing of the camera is shown meanwhile."""
    faults = [frame.source_error for frame in frames]
    gap = [n for n, one in enumerate(faults) if one is not None]
    assert gap == list(range(gap[0], gap[-1] + 1))
    assert {faults[n] for n in gap} == {fault}
    assert all((frames[n].image_bgr == GREY).all() and frames[n].image_bgr.shape == (48, 64, 3) for n in gap)


def test_a_frozen_camera_that_stays_frozen_gives_no_pictures_of_its_past() -> None:
    told: list[str] = []
    still = noise(5)
    source = _source(FakeCapture(_freezes), FakeCapture(lambda _: (True, still)), notify=told.append)
    images = list(source.frames())
    same = [frame for frame in images if np.array_equal(frame.image_bgr, still)]
    assert len(same) < 40, "only those before the fault was known"
    assert len(told) == 1
    assert source.corruption is not None
    assert "same picture" in source.corruption


def test_a_camera_that_stays_away_is_given_up_and_said_so() -> None:
    source = _source(FakeCapture(_fails), FakeCapture(lambda _: (False, None), opened=False))
    frames = list(source.frames())
    assert frames[0].source_error is None
    assert source.corruption is not None
    assert source.corruption.startswith("The camera Test cam gives no pictures")
    assert source.corruption.endswith("it was given up after 2 s")


@pytest.mark.parametrize("covered", [np.zeros((48, 64, 3), np.uint8), None], ids=["shutter", "covered lens"])
def test_a_black_picture_is_told_and_the_camera_is_kept(covered: np.ndarray | None) -> None:
    """None: black with the noise of a sensor."""
    told: list[str] = []

    def read(n: int) -> tuple[bool, np.ndarray | None]:
        if not 5 <= n < 60:
            return True, noise(n)
        return True, noise(n) // 8 if covered is None else covered

    source = _source(FakeCapture(read), notify=told.append)
    enough = _times(3)
    frames = _frames_until(source, lambda: len(told) == 2 and enough())
    words = "The camera Test cam shows only black. Is its lens covered, or the light off?"
    assert told == [words, "The camera Test cam is back."]
    dark = [frame for frame in frames if frame.source_error is not None]
    assert {frame.source_error for frame in dark} == {told[0]}
    assert all(frame.image_bgr.max() < 48 for frame in dark)
    assert frames[-1].source_error is None


class _JumpingClock:
    """Real time, which falls back by an hour when it is told to."""

    def __init__(self) -> None:
        self.fallen_s = 0.0

    def now(self) -> float:
        return time.monotonic() - self.fallen_s

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def test_a_clock_that_falls_back_changes_nothing() -> None:
    clock, told = _JumpingClock(), []

    def read(n: int) -> tuple[bool, np.ndarray | None]:
        clock.fallen_s = 3600.0 if n >= 10 else 0.0
        return True, noise(n)

    source = CameraSource(DEVICE, opener=lambda _: FakeCapture(read), notify=told.append, clock=clock, timing=QUICK)
    times = [frame.t_s for frame in _frames_until(source, _times(30))]
    assert told == []
    assert np.median(np.diff(times[12:])) > 0.005, "time goes on at its pace"
    assert times[-1] < 30.0


def test_a_picture_that_changes_its_size_is_handed_on_as_it_is() -> None:
    source = _source(FakeCapture(lambda n: (True, noise(n) if n < 5 else np.repeat(noise(n), 2, axis=0))))
    sizes = [frame.image_bgr.shape for frame in _frames_until(source, _times(12))]
    assert sizes[0] == (48, 64, 3)
    assert sizes[-1] == (96, 64, 3)


def test_a_read_that_takes_its_time_is_told_and_not_given_up() -> None:
    """A busy computer is no lost camera: it would take longer to open it again."""
    told: list[str] = []
    slow = threading.Event()

    def read(n: int) -> tuple[bool, np.ndarray | None]:
        if n == 5:
            slow.wait(4.0 * QUICK.silent_s)
        return True, noise(n)

    opened: list[FakeCapture] = []

    def opener(_: int | str) -> FakeCapture:
        opened.append(FakeCapture(read))
        return opened[-1]

    source = CameraSource(DEVICE, opener=opener, notify=told.append, timing=replace(QUICK, stuck_s=30.0))
    enough = _times(3)
    _frames_until(source, lambda: len(told) == 2 and enough())
    assert ["does not answer" in line for line in told] == [True, False]
    assert len(opened) == 1
