"""Clips in the cache."""

import threading
from dataclasses import replace
from pathlib import Path

import cv2
import pytest

from facetrack.errors import FacetrackError
from facetrack.mannequin import clip as clip_module
from facetrack.mannequin.camera import Camera
from facetrack.mannequin.clip import content_key, render_clip
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.performer import perform
from facetrack.mannequin.performance.style import Style
from facetrack.mannequin.render.scene import Appearance, Scene
from facetrack.mannequin.scene_rig import SceneRig
from tests.mannequin.steps import FOREHEAD

SCENE = Scene(camera=Camera(size_wh=(160, 120)))
PERFORMANCE = perform(FOREHEAD, neutral_s=0.2, repetitions=1)
FPS = 4.0


def test_a_clip_has_all_frames(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    clip = render_clip(PERFORMANCE, SCENE, fps=FPS, folder=tmp_path, progress=lambda done, of: told.append((done, of)))
    capture = cv2.VideoCapture(str(clip))
    count = 0
    while capture.read()[0]:
        count += 1
    capture.release()
    assert count == int(PERFORMANCE.duration_s * FPS) == told[-1][0] == told[-1][1]


def test_the_second_call_comes_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = render_clip(PERFORMANCE, SCENE, fps=FPS, folder=tmp_path)
    monkeypatch.setattr(SceneRig, "picture", lambda *_: pytest.fail("rendered again"))
    assert render_clip(PERFORMANCE, SCENE, fps=FPS, folder=tmp_path) == first


def test_everything_that_matters_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    head = HeadMotion()

    def key() -> str:
        return content_key(PERFORMANCE, SCENE, head, FPS, "mp4v")

    plain = key()
    assert key() == plain
    changed = {
        content_key(perform(FOREHEAD, style=Style(seed=9), neutral_s=0.2, repetitions=1), SCENE, head, FPS, "mp4v"),
        content_key(PERFORMANCE, replace(SCENE, look=Appearance(tone=7)), head, FPS, "mp4v"),
        content_key(PERFORMANCE, SCENE, HeadMotion(yaw_deg=5.0), FPS, "mp4v"),
        content_key(PERFORMANCE, SCENE, head, 25.0, "mp4v"),
        content_key(PERFORMANCE, SCENE, head, FPS, "MJPG"),
    }
    monkeypatch.setattr(clip_module, "RENDER_VERSION", clip_module.RENDER_VERSION + 1)
    changed.add(key())
    assert plain not in changed
    assert len(changed) == 6


def test_an_interrupted_rendering_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_clip(PERFORMANCE, SCENE, fps=FPS, folder=tmp_path, progress=interrupt)
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


def test_a_clip_that_another_process_renders_is_waited_for(tmp_path: Path) -> None:
    other = threading.Thread(target=render_clip, args=(PERFORMANCE, SCENE), kwargs={"fps": FPS, "folder": tmp_path})

    def begin_other(done: int, _of: int) -> None:
        if done == 1:
            other.start()

    clip = render_clip(PERFORMANCE, SCENE, fps=FPS, folder=tmp_path, progress=begin_other)
    made = clip.stat().st_mtime_ns
    other.join()
    assert clip.stat().st_mtime_ns == made


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(FacetrackError, match="FACETRACK_CACHE_DIR") as error:
        render_clip(PERFORMANCE, SCENE, fps=FPS, folder=in_the_way / "clips")
    assert "\n" not in str(error.value)
