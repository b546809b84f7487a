"""The annotated video keeps time and never leaves half a file under its name."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from facetrack.capture import VideoSource
from facetrack.errors import FacetrackError
from facetrack.overlay import VideoWriter
from tests.clips import index_of, picture


def _read(path: Path) -> list[int]:
    return [index_of(frame.image_bgr) for frame in VideoSource(path).frames()]


def test_even_times_give_every_picture_once(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "a.mp4", 30.0)
    for index in range(20):
        writer.write(picture(index), 5.0 + index / 30.0)
    writer.close()
    assert _read(tmp_path / "a.mp4") == list(range(20))
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_gaps_are_filled_and_crowds_thinned(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "a.mp4", 10.0)
    for index, t_s in enumerate([0.0, 0.1, 0.4, 0.41, 0.5]):
        writer.write(picture(index), t_s)
    writer.close()
    assert _read(tmp_path / "a.mp4") == [0, 1, 2, 2, 2, 4]


def test_an_unknown_rate_is_thirty(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "a.mp4", None)
    writer.write(picture(0), 0.0)
    writer.write(picture(1), 1.0)
    writer.close()
    source = VideoSource(tmp_path / "a.mp4")
    assert source.info.fps == 30.0
    assert source.info.frames_promised == 31
    source.close()


def test_another_size_is_scaled(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "a.mp4", 30.0)
    writer.write(picture(0, (64, 48)), 0.0)
    writer.write(picture(1, (128, 96)), 1 / 30)
    writer.close()
    assert _read(tmp_path / "a.mp4") == [0, 1]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "no" / "a.mp4", 30.0)
    with pytest.raises(FacetrackError, match="can't be written"):
        writer.write(picture(0), 0.0)
    writer.close()


def test_a_file_that_is_lost_while_it_grows_is_told(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "a.mp4", 30.0)
    writer.write(picture(0), 0.0)
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(FacetrackError, match="could not be finished"):
        writer.close()


def test_nothing_written_leaves_nothing(tmp_path: Path) -> None:
    VideoWriter(tmp_path / "a.mp4", 30.0).close()
    assert list(tmp_path.iterdir()) == []


def test_a_non_ascii_folder(tmp_path: Path) -> None:
    folder = tmp_path / "顔 é"
    folder.mkdir()
    writer = VideoWriter(folder / "a.mp4", 30.0)
    writer.write(np.zeros((48, 64, 3), np.uint8), 0.0)
    writer.close()
    assert (folder / "a.mp4").stat().st_size > 0


def test_a_disk_that_is_nearly_full_ends_the_video_while_it_can_be_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [10**9]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free[0]))
    writer = VideoWriter(tmp_path / "a.mp4", 10.0)
    for number in range(10):
        writer.write(picture(number), number / 10)
    free[0] = 10**6
    for number in (10, 11):
        with pytest.raises(FacetrackError, match=r"disk is nearly full.*a\.mp4 ends here"):
            writer.write(picture(number), number / 10)
    writer.close()
    assert _read(tmp_path / "a.mp4") == list(range(10))
