"""Healthy recordings of every origin are read as they should be seen and never called damaged; cut ones always are."""

import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from facetrack.capture import VideoSource, interlaced
from facetrack.errors import DamagedInputError, FacetrackError
from tests.capture import containers
from tests.clips import cut, index_of, turn_quarter, write_clip

KINDS = {
    "mp4": "mp4v", "mov": "mp4v", "3gp": "mp4v", "avi": "MJPG", "mkv": "mp4v", "webm": "VP80",
    "flv": "FLV1", "ts": "mp4v", "m2ts": "MPG2", "mpg": "MPG2", "wmv": "WMV2",
}  # fmt: skip
"""Containers and codecs that OpenCV can write."""
INDEX_AT_THE_END = {"mp4", "mov", "3gp"}
SQUARE = (64, 64)


@pytest.mark.parametrize("suffix", KINDS)
def test_a_whole_recording_is_not_called_damaged(suffix: str, tmp_path: Path) -> None:
    source = VideoSource(write_clip(tmp_path / f"clip.{suffix}", 60, codec=KINDS[suffix], size_wh=SQUARE))
    frames = list(source.frames())
    assert [index_of(frame.image_bgr) for frame in frames] == list(range(60))
    assert source.corruption is None


@pytest.mark.parametrize("share", [0.35, 0.61])
@pytest.mark.parametrize("suffix", KINDS)
def test_one_that_was_cut_off_is_called_so(suffix: str, share: float, tmp_path: Path) -> None:
    path = cut(write_clip(tmp_path / f"clip.{suffix}", 60, codec=KINDS[suffix], size_wh=SQUARE), share)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2048 * 2048 + 1000])  # inside a packet
    if suffix in INDEX_AT_THE_END:
        with pytest.raises(DamagedInputError, match="is cut off"):
            VideoSource(path)
    else:
        source = VideoSource(path)
        frames = list(source.frames())
        assert 0 < len(frames) < 60
        assert source.corruption == f"clip.{suffix} is cut off or damaged: it could be read up to {frames[-1].t_s:.1f} s"


def test_an_mp4_with_its_index_in_front_is_cut_off_by_the_clock(tmp_path: Path) -> None:
    path = _index_in_front(write_clip(tmp_path / "clip.mp4", 60))
    whole = VideoSource(path)
    assert len(list(whole.frames())) == 60
    assert whole.corruption is None
    source = VideoSource(cut(path, 0.7))
    last_s = list(source.frames())[-1].t_s
    assert source.corruption == f"clip.mp4 is cut off or damaged: it could be read up to {last_s:.1f} of 2.0 s"


def _index_in_front(path: Path) -> Path:
    """As for the web. The places of the pictures move by the size of the index."""
    data = path.read_bytes()
    mdat, moov = data.index(b"mdat") - 4, data.index(b"moov") - 4
    index = bytearray(data[moov:])
    table = index.index(b"stco") + 8
    for n in range(int.from_bytes(index[table : table + 4], "big")):
        at = table + 4 + 4 * n
        index[at : at + 4] = (int.from_bytes(index[at : at + 4], "big") + len(index)).to_bytes(4, "big")
    path.write_bytes(data[:mdat] + index + data[mdat:moov])
    return path


def test_a_trimmed_mp4_keeps_pictures_that_it_does_not_show(tmp_path: Path) -> None:
    source = VideoSource(containers.trimmed(write_clip(tmp_path / "clip.mp4", 60), begin_s=1.2))
    frames = list(source.frames())
    assert len(frames) == 24
    assert source.info.frames_promised == 60
    assert source.corruption is None


def test_a_browsers_recording_states_no_length(tmp_path: Path) -> None:
    path = containers.sent_live(write_clip(tmp_path / "clip.webm", 60, codec="VP80"))
    source = VideoSource(path)
    assert len(list(source.frames())) == 60
    assert source.corruption is None
    source = VideoSource(cut(path, 0.6))
    list(source.frames())
    assert source.corruption is not None


@pytest.mark.parametrize(
    ("turn", "dark"),
    [
        (turn_quarter, "top"),
        (lambda path: containers.with_matrix(path, -containers.ONE, 0, 0, -containers.ONE), "right"),
        (lambda path: containers.with_matrix(path, 0, -containers.ONE, containers.ONE, 0), "bottom"),
        (lambda path: containers.with_matrix(path, *containers.FLIP), "right"),
        (lambda path: containers.with_matrix(path, *containers.UPSIDE_DOWN), "left"),
        (lambda path: containers.with_matrix(path, 0, containers.ONE, containers.ONE, 0), "top"),
        (lambda path: containers.with_matrix(path, 0, -containers.ONE, -containers.ONE, 0), "bottom"),
    ],
    ids=["quarter", "half", "three quarters", "mirrored", "upside down", "quarter of a mirrored", "three of a mirrored"],
)
def test_turned_and_flipped_as_the_container_says(turn: Callable[[Path], Path], dark: str, tmp_path: Path) -> None:
    """The dark side of the stored picture is the left one."""
    frame = next(iter(VideoSource(turn(write_clip(tmp_path / "clip.mp4"))).frames()))
    image = frame.image_bgr.astype(float)
    assert image.shape[:2] == ((64, 48) if dark in ("top", "bottom") else (48, 64))
    edges = {"left": image[:, :8], "right": image[:, -8:], "top": image[:8], "bottom": image[-8:]}
    assert min(edges, key=lambda edge: float(edges[edge].mean())) == dark
    assert frame.image_bgr.flags.c_contiguous


def test_a_picture_that_is_stored_upside_down_is_not_just_mirrored(tmp_path: Path) -> None:
    stored = next(iter(VideoSource(write_clip(tmp_path / "clip.mp4", 2)).frames())).image_bgr
    path = containers.with_matrix(tmp_path / "clip.mp4", *containers.UPSIDE_DOWN)
    np.testing.assert_array_equal(next(iter(VideoSource(path).frames())).image_bgr, stored[::-1])


@pytest.mark.parametrize(
    ("wide", "high", "size_wh"),
    [(4, 3, (86, 48)), (8, 9, (64, 54)), (16, 15, (68, 48)), (1, 1, (64, 48)), (200, 201, (64, 48)), (90, 1, (64, 48))],
)
def test_pixels_become_square(wide: int, high: int, size_wh: tuple[int, int], tmp_path: Path) -> None:
    source = VideoSource(containers.with_pixels(write_clip(tmp_path / "clip.mp4"), wide, high))
    assert source.info.size_wh == size_wh
    assert next(iter(source.frames())).image_bgr.shape == (size_wh[1], size_wh[0], 3)


def test_pixels_of_a_turned_picture_become_square(tmp_path: Path) -> None:
    source = VideoSource(turn_quarter(containers.with_pixels(write_clip(tmp_path / "clip.mp4"), 4, 3)))
    assert source.info.size_wh == (48, 86)


@pytest.fixture(params=["it's; [a], b.m2ts", os.fsdecode(b"caf\xe9.m2ts")], ids=["signs", "no UTF-8"])
def camcorder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    try:
        return containers.interlaced(write_clip(tmp_path / "clip.m2ts", 40, codec="MPG2", size_wh=SQUARE)).replace(path)
    except OSError as error:
        pytest.skip(f"this disk takes no such name ({error})")


def _filters() -> bool:
    with interlaced._environment(interlaced.OPTIONS, "input_format;lavfi"):
        return bool(cv2.VideoCapture("color=size=64x64", cv2.CAP_FFMPEG).isOpened())


@pytest.mark.skipif(not _filters(), reason="this OpenCV was built without FFmpeg's filters")
def test_interlaced_pictures_have_their_content(camcorder: Path) -> None:
    source = VideoSource(camcorder)
    frames = list(source.frames())
    assert [index_of(frame.image_bgr) for frame in frames] == list(range(40))
    np.testing.assert_allclose(np.diff([frame.t_s for frame in frames]), 1 / 30, atol=2e-3)
    assert source.corruption is None


def test_interlaced_pictures_that_cant_be_read_are_named(camcorder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interlaced, "_filtered", lambda *_: None)
    with pytest.raises(FacetrackError, match=r"is interlaced.*Convert it with: ffmpeg -i .* -vf bwdif") as caught:
        VideoSource(camcorder)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("filters", [True, False], ids=["with filters", "without"])
def test_a_still_beginning_is_no_interlacing(filters: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not filters:
        monkeypatch.setattr(interlaced, "_filtered", lambda *_: None)
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30.0, SQUARE)
    for n in range(30):
        writer.write(np.full((64, 64, 3), 100 if n < 20 else 180, np.uint8))
    writer.release()
    assert len(list(VideoSource(path).frames())) == 30


def test_a_codec_that_cant_be_decoded_is_named(tmp_path: Path) -> None:
    """AV1, for which OpenCV brings no decoder. The file opens, because its index is whole."""
    path = write_clip(tmp_path / "clip.mp4")
    at = path.read_bytes().index(b"moov")
    head, index = path.read_bytes()[:at], path.read_bytes()[at:]
    path.write_bytes(head + index.replace(b"mp4v", b"av01").replace(b"esds", b"free"))
    with pytest.raises(FacetrackError, match=r"encoded as [aA][vV]01.*convert it with: ffmpeg -i clip.mp4 -c:v libx264"):
        VideoSource(path)


def test_one_that_ends_before_its_first_picture_is_cut_off(tmp_path: Path) -> None:
    path = _index_in_front(write_clip(tmp_path / "clip.mp4"))
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"mdat") + 10])
    with pytest.raises(DamagedInputError, match="is cut off"):
        VideoSource(path)


def test_a_packet_without_a_picture_is_not_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Theora has them for pictures that repeat; nothing here can encode it."""

    real = cv2.VideoCapture

    class Theora:
        def __init__(self, *arguments: object) -> None:
            self._capture, self._grabs = real(*arguments), 0

        def grab(self) -> bool:
            self._grabs += 1
            return self._grabs != 10 and self._capture.grab()

        def __getattr__(self, name: str) -> object:
            return getattr(self._capture, name)

    path = write_clip(tmp_path / "clip.mp4")
    monkeypatch.setattr(cv2, "VideoCapture", Theora)
    assert [index_of(frame.image_bgr) for frame in VideoSource(path).frames()] == list(range(30))
