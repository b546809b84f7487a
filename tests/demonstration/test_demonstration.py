"""Demonstrations play in a loop, never make anybody wait, and are made beside the session."""

import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from facetrack.demonstration import BackgroundRenderer, DemonstrationPlayer, clips, demonstration_clip, demonstration_ready
from facetrack.demonstration.clips import FPS
from facetrack.routine import load_routine
from tests.clips import index_of, write_clip

ROUTINE = load_routine("fascia")
STEP = ROUTINE.steps[0].id


def _player(path: Path | None, **how) -> DemonstrationPlayer:
    return DemonstrationPlayer(ROUTINE, find=lambda _step: path, **how)


def _first(player: DemonstrationPlayer, t_s: float = 0.0) -> np.ndarray:
    assert player.picture(STEP, t_s) is None, "nobody waits for the first"
    player.wait()
    picture = player.picture(STEP, t_s)
    assert picture is not None
    return picture


def test_plays_at_its_own_pace_in_a_loop(tmp_path: Path) -> None:
    player = _player(write_clip(tmp_path / "film.avi", frames=24, codec="MJPG"), mirrored=False)
    assert index_of(_first(player, 5.0)) == 0
    shown = [index_of(player.picture(STEP, 5.0 + seconds)) for seconds in (0.0, 1.0 / FPS + 0.01, 1.01, 24 / FPS + 0.01)]
    assert shown == [0, 1, 12, 0]


def test_mirrored_as_the_users_own_picture(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "film.avi", frames=3, codec="MJPG")
    plain, mirrored = _first(_player(path, mirrored=False)), _first(_player(path))
    np.testing.assert_array_equal(mirrored, cv2.flip(plain, 1))


def test_none_for_no_step_and_for_a_film_that_is_not_there_yet(tmp_path: Path) -> None:
    player = _player(None)
    assert player.picture(None, 0.0) is None
    for t_s in (0.0, 0.5, 1.5):
        assert player.picture(STEP, t_s) is None
        player.wait()
    player._find = lambda _step: write_clip(tmp_path / "film.avi", frames=3, codec="MJPG")
    player.picture(STEP, 3.0)
    player.wait()
    assert player.picture(STEP, 3.1) is not None, "it is looked for again"


@pytest.mark.slow
def test_another_process_makes_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACETRACK_CACHE_DIR", str(tmp_path))
    step = ROUTINE.step("nose-sides")
    assert demonstration_ready(step) is None
    making = BackgroundRenderer("fascia", ["nose-sides"])
    limit = time.monotonic() + 120.0
    while making._process is not None and making._process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.05)
    making.close()
    made = demonstration_ready(step)
    assert made is not None
    assert demonstration_clip(step) == made, "it is not made again"
    capture = cv2.VideoCapture(str(made))
    assert int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)) == clips.SIZE_WH[0]
    capture.release()


def test_making_nothing_and_making_that_is_stopped() -> None:
    BackgroundRenderer("fascia", []).close()
    making = BackgroundRenderer("fascia", [STEP])
    process = making._process
    assert process is not None
    making.close()
    assert process.poll() is not None
    making.close()
