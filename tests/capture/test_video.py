"""Video files: true times, rotation, pace, and every way of being damaged."""

import struct
from pathlib import Path

import numpy as np
import pytest

from facetrack.capture import FlippedSource, VideoSource
from facetrack.capture.container.mp4 import index_is_missing
from facetrack.capture.video import LEAST_STEP_S, RisingTime
from facetrack.errors import FacetrackError
from tests.capture.fakes import HandClock
from tests.clips import cut, index_of, turn_quarter, write_clip


def test_every_frame_in_order_at_its_time(tmp_path: Path) -> None:
    frames = list(VideoSource(write_clip(tmp_path / "clip.mp4", frames=40, fps=25.0)).frames())
    assert [index_of(frame.image_bgr) for frame in frames] == list(range(40))
    np.testing.assert_allclose([frame.t_s for frame in frames], np.arange(40) / 25.0, atol=1e-3)


@pytest.mark.parametrize("name", ["Gesicht massieren.mp4", "顔.mp4", "é.mp4", "clip%02d.mp4", "-i.mp4"])
def test_any_file_name(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write_clip(tmp_path / name, frames=5)
    monkeypatch.chdir(tmp_path)
    assert len(list(VideoSource(name).frames())) == 5


def test_turned_as_the_container_says(tmp_path: Path) -> None:
    source = VideoSource(turn_quarter(write_clip(tmp_path / "upright.mp4")))
    frame = next(iter(source.frames()))
    assert source.info.size_wh == (48, 64)
    assert frame.image_bgr.shape == (64, 48, 3)
    top, bottom = frame.image_bgr[4].mean(), frame.image_bgr[-4].mean()
    assert top < 0.7 * bottom, "a quarter clockwise brings the dark left side to the top"


def test_unmirrored_flips_left_and_right(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4")
    plain = next(iter(VideoSource(path).frames()))
    flipped = next(iter(FlippedSource(VideoSource(path)).frames()))
    np.testing.assert_array_equal(flipped.image_bgr, plain.image_bgr[:, ::-1])
    assert (flipped.t_s, flipped.index) == (plain.t_s, plain.index)


def test_paced_gives_each_frame_at_its_time(tmp_path: Path) -> None:
    clock = HandClock()
    source = VideoSource(write_clip(tmp_path / "clip.mp4"), paced=True, clock=clock)
    start_s = clock.now()
    for frame in source.frames():
        assert clock.now() - start_s == pytest.approx(frame.t_s, abs=1e-6)
    assert source.frames_dropped == 0


def test_paced_skips_frames_when_the_reader_is_late_and_keeps_their_numbers(tmp_path: Path) -> None:
    clock = HandClock()
    source = VideoSource(write_clip(tmp_path / "clip.mp4", frames=60), paced=True, clock=clock)
    given = []
    for frame in source.frames():
        given.append(frame.index)
        assert index_of(frame.image_bgr) == frame.index
        if frame.index == 10:
            clock.time_s += 1.0
    assert source.frames_dropped == 60 - len(given) > 20
    assert source.corruption is None
    assert given[11] == pytest.approx(10 + 30 - 3, abs=2)


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([0.5, 0.6, 0.7], [0.0, 0.1, 0.2]),
        ([0.0, 0.0, 0.0], [0.0, 0.1, 0.2]),
        ([float("nan")] * 3, [0.0, 0.1, 0.2]),
        ([0.0, 0.4, 0.2, 0.5], [0.0, 0.4, 0.4 + LEAST_STEP_S, 0.5]),
        ([0.0, 0.1, 0.1, 0.1, 0.2], [0.0, 0.1, 0.1 + LEAST_STEP_S, 0.1 + 2 * LEAST_STEP_S, 0.2]),
        ([0.0, 0.04, 0.11, 0.12], [0.0, 0.04, 0.11, 0.12]),
        ([0.0, 1.0, 2.0, 0.0, 1.0, 2.0], [0.0, 1.0, 2.0, 2.1, 3.1, 4.1]),
        ([0.0, 0.1, 0.2, 9000.0, 9000.1], [0.0, 0.1, 0.2, 0.3, 0.4]),
        ([0.0, 0.1, 20.0, 20.1], [0.0, 0.1, 20.0, 20.1]),
    ],
    ids=[
        "begins late",
        "stands still",
        "absent",
        "goes back",
        "repeats",
        "variable rate",
        "begins anew",
        "leaps ahead",
        "a gap",
    ],
)
def test_rising_time(stamps: list[float], expected: list[float]) -> None:
    time = RisingTime(fps=10.0)
    np.testing.assert_allclose([time.update(stamp) for stamp in stamps], expected)


def test_whole_file_has_no_damage(tmp_path: Path) -> None:
    source = VideoSource(write_clip(tmp_path / "clip.mp4"))
    list(source.frames())
    assert source.corruption is None


def test_cut_off_file_says_so_at_its_end(tmp_path: Path) -> None:
    source = VideoSource(cut(write_clip(tmp_path / "clip.avi", frames=100, codec="MJPG"), 0.5))
    read = len(list(source.frames()))
    assert 20 < read < 80
    assert source.corruption == f"clip.avi is cut off or damaged: it could be read up to {(read - 1) / 30:.1f} s"


def test_closing_early_is_no_damage(tmp_path: Path) -> None:
    source = VideoSource(write_clip(tmp_path / "clip.mp4"))
    for _ in source.frames():
        source.close()
    assert source.corruption is None


def _text(path: Path) -> None:
    path.write_text("This is a shopping list.\n" * 100)


def _zero_frames(path: Path) -> None:
    write_clip(path, frames=0)


def _cut_mp4(path: Path) -> None:
    cut(write_clip(path), 0.7)  # the index stands at the end


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: None, "There is no file"),
        (Path.mkdir, "is not a file"),
        (Path.touch, "is empty"),
        (_text, "is not a video that can be read"),
        (_zero_frames, "has no frames"),
        (_cut_mp4, "is cut off"),
    ],
    ids=["absent", "folder", "empty", "text", "zero frames", "cut before its index"],
)
def test_nothing_to_read_is_one_line(tmp_path: Path, make, words: str, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(FacetrackError, match=words) as caught:
        VideoSource(path)
    assert "\n" not in str(caught.value)
    assert "clip.mp4" in str(caught.value)
    assert capfd.readouterr().err == "", "OpenCV and FFmpeg keep quiet"


def _box(kind: bytes, size: int = 8, written: int | None = None) -> bytes:
    return struct.pack(">I4s", size, kind) + bytes((size if written is None else written) - 8)


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (_box(b"ftyp", 20) + _box(b"mdat", 100), True),
        (_box(b"ftyp", 20) + _box(b"mdat", 100, written=50), True),
        (_box(b"wide") + _box(b"mdat", 0, written=50), True),
        (_box(b"ftyp", 20) + struct.pack(">I4sQ", 1, b"mdat", 24) + bytes(8), True),
        (_box(b"ftyp", 20) + struct.pack(">I4sQ", 1, b"mdat", 2**64 - 1), True),
        (_box(b"ftyp", 20)[:6], False),
        (_box(b"ftyp", 20) + _box(b"mdat", 100) + _box(b"moov", 300), False),
        (_box(b"ftyp", 20) + _box(b"moov", 300, written=20), False),
        (_box(b"RIFF", 20) + _box(b"mdat", 100), False),
        (_box(b"free") * 2000, False),
        (b"", False),
    ],
)
def test_which_files_have_lost_their_index(data: bytes, missing: bool, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(data)
    assert index_is_missing(path) == missing


@pytest.mark.media
def test_variable_frame_rate_of_a_real_recording(media: Path) -> None:
    frames = list(VideoSource(media / "pyfeat_face_noface.mov").frames())
    gaps = np.diff([frame.t_s for frame in frames])
    assert len(frames) == 169
    assert gaps.min() > 0.0
    assert gaps.max() > 1.2 * gaps.min()


def test_a_paced_frame_is_ready_when_its_time_has_come_and_any_other_always(tmp_path: Path) -> None:
    clock = HandClock()
    paced = VideoSource(write_clip(tmp_path / "clip.avi", codec="MJPG"), paced=True, clock=clock)
    frames = paced.frames()
    next(frames)
    assert not paced.frame_available
    clock.time_s += 1.01 / 30.0
    assert paced.frame_available
    slept = len(clock.slept)
    next(frames)
    assert len(clock.slept) == slept
    assert not paced.frame_available
    paced.close()
    source = VideoSource(tmp_path / "clip.avi")
    next(source.frames())
    assert source.frame_available
    source.close()
