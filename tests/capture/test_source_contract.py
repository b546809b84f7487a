"""What every source of frames must do, whatever it is."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from facetrack.capture import BlankSource, CameraDevice, CameraSource, FlippedSource, FrameSource, VideoSource
from tests.capture.fakes import QUICK, FakeSource, HandClock, living
from tests.clips import write_clip

Make = Callable[[Path], FrameSource]


def _video(folder: Path) -> FrameSource:
    return VideoSource(write_clip(folder / "clip.mp4"))


def _paced(folder: Path) -> FrameSource:
    return VideoSource(write_clip(folder / "clip.avi", codec="MJPG"), paced=True, clock=HandClock())


def _camera(_: Path) -> FrameSource:
    return CameraSource(CameraDevice("0", "fake", 0), opener=lambda _: living(), timing=QUICK)


def _flipped(folder: Path) -> FrameSource:
    return FlippedSource(_video(folder))


def _fake(_: Path) -> FrameSource:
    return FakeSource(frames=30)


def _mannequin(_: Path) -> FrameSource:
    from facetrack.mannequin import Camera, MannequinSource, Scene, perform
    from facetrack.routine import load_routine

    step = load_routine("fascia").step("forehead")
    return MannequinSource(perform(step, repetitions=1, neutral_s=0.2), Scene(camera=Camera(size_wh=(64, 48))))


def _blank(_: Path) -> FrameSource:
    return BlankSource(HandClock(), (64, 48), 30.0)


SOURCES: dict[str, Make] = {
    "video": _video,
    "paced": _paced,
    "camera": _camera,
    "flipped": _flipped,
    "mannequin": _mannequin,
    "fake": _fake,
    "blank": _blank,
}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, tmp_path: Path):
    made = SOURCES[request.param](tmp_path)
    yield made
    made.close()


def _some(source: FrameSource, most: int = 12):
    frames = []
    for frame in source.frames():
        frames.append(frame)
        if len(frames) == most:
            source.close()
    return frames


def test_describes_itself(source: FrameSource) -> None:
    assert source.info.name
    assert source.info.kind in ("camera", "video", "mannequin")
    assert source.info.size_wh == (64, 48)
    assert source.info.fps == pytest.approx(30.0)
    assert source.corruption is None
    assert source.frames_dropped == 0


def test_times_begin_near_zero_and_strictly_rise(source: FrameSource) -> None:
    frames = _some(source)
    times = np.array([frame.t_s for frame in frames])
    assert 0.0 <= times[0] < 0.1
    assert (np.diff(times) > 0.0).all()
    assert (np.diff([frame.index for frame in frames]) > 0).all()


def test_pictures_are_contiguous_bgr_and_stay_as_they_were_given(source: FrameSource) -> None:
    frames = _some(source)
    sums = [int(frame.image_bgr.sum()) for frame in frames]
    for frame, total in zip(frames, sums, strict=True):
        width, height = source.info.size_wh
        assert frame.image_bgr.shape == (height, width, 3)
        assert frame.image_bgr.dtype == np.uint8
        assert frame.image_bgr.flags.c_contiguous
        assert int(frame.image_bgr.sum()) == total
    assert len({id(frame.image_bgr) for frame in frames}) == len(frames)


def test_close_ends_the_frames(source: FrameSource) -> None:
    assert len(_some(source, most=3)) == 3


def test_close_from_another_thread_ends_the_frames(source: FrameSource) -> None:
    closing = None
    for frame in source.frames():
        if frame.index >= 2 and closing is None:
            closing = threading.Thread(target=source.close)
            closing.start()
            closing.join()
    assert closing is not None


def test_close_before_the_first_frame_and_twice(source: FrameSource) -> None:
    source.close()
    source.close()
    assert list(source.frames()) == []
