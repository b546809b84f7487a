"""facetrack's own mirrored video is known when it is read again."""

from pathlib import Path

import numpy as np
import pytest

from facetrack.capture import FlippedSource, open_video
from facetrack.overlay.video_writer import VideoWriter

PICTURE = np.zeros((64, 96, 3), np.uint8)
PICTURE[:, :48] = 255


def video(path: Path, mirrored: bool) -> Path:
    writer = VideoWriter(path, 10.0, mirrored=mirrored)
    for k in range(5):
        writer.write(PICTURE, k / 10)
    writer.close()
    return path


@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("said", [True, False])
def test_a_mirrored_one_is_turned_back_once_whatever_the_user_says(tmp_path: Path, mirrored: bool, said: bool) -> None:
    path = video(tmp_path / "annotated.mp4", mirrored)
    source = open_video(path, mirrored=said)
    images = [frame.image_bgr for frame in source.frames()]
    assert len(images) == 5
    assert (images[0][:, :40].mean() < 50) == (mirrored or said)
    assert isinstance(source, FlippedSource) == (mirrored or said)
