"""Renders clips of the mannequin as video files in the cache, with their ground truth. Equal content is rendered once."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import asdict, fields
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np

from facetrack.errors import FacetrackError
from facetrack.mannequin.body.mesh import DATA_FILE
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.scene_rig import SceneRig
from facetrack.mannequin.source import DEFAULT_FPS, frame_times
from facetrack.system.file_lock import file_lock
from facetrack.system.native_paths import native_path
from facetrack.system.paths import cache_dir

RENDER_VERSION: Final = 5
"""Part of a clip's name in the cache. Raise it whenever the code changes what a clip looks like or what its ground truth
says."""
Codec = Literal["mp4v", "MJPG"]
_SUFFIX: Final[dict[Codec, str]] = {"mp4v": ".mp4", "MJPG": ".avi"}


def render_clip(
    performance: Performance,
    scene: Scene | None = None,
    head: HeadMotion | None = None,
    fps: float = DEFAULT_FPS,
    codec: Codec = "mp4v",
    folder: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Render the performance as a video file with even frame times, or take it from the cache.

    folder: instead of the cache's. progress: called with (frames done, all frames). Raises FacetrackError if the video can't be
        written. Files are written under another name first, so that a clip that exists is complete.
    """
    scene, head = scene or Scene(), head or HeadMotion()
    target = folder or cache_dir() / "mannequin"
    key = content_key(performance, scene, head, fps, codec)
    video = target / f"{key}{_SUFFIX[codec]}"
    if video.exists():
        return video
    try:
        target.mkdir(parents=True, exist_ok=True)
        with file_lock(target / f"{key}.lock"):
            if not video.exists():
                rig = SceneRig(performance, scene, head, frame_times(performance.duration_s, fps))
                _write_whole(video, fps, rig, codec, progress)
    except OSError as error:
        raise FacetrackError(
            f"cannot write the mannequin's clip to {target} ({error.strerror}); set FACETRACK_CACHE_DIR"
        ) from error
    return video


def _write_whole(path: Path, fps: float, rig: SceneRig, codec: Codec, progress: Callable[[int, int], None] | None) -> None:
    partial = path.with_name(f"{path.stem}.{os.getpid()}{path.suffix}")
    try:
        _write_video(partial, fps, rig, codec, progress)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write_video(path: Path, fps: float, rig: SceneRig, codec: Codec, progress: Callable[[int, int], None] | None) -> None:
    first = rig.picture(0)
    with native_path(path) as name:
        writer = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*codec), fps, (first.shape[1], first.shape[0]))
    if not writer.isOpened():
        raise FacetrackError(f"cannot write the video {path}; check that the folder can be written and the disk is not full")
    try:
        for number in range(len(rig)):
            writer.write(first if number == 0 else rig.picture(number))
            if progress is not None:
                progress(number + 1, len(rig))
    finally:
        writer.release()


_KEY_DECIMALS = 6
"""Decimals of millimetres and seconds in the key: far below what a picture shows."""


def content_key(performance: Performance, scene: Scene, head: HeadMotion, fps: float, codec: str) -> str:
    """Hash everything that a clip depends on."""
    digest = hashlib.sha256()
    digest.update(files("facetrack.mannequin.body").joinpath(DATA_FILE).read_bytes())
    # What a scene leaves out does not change its key: clips of before there was a pulse are still theirs.
    shown = {name: value for name, value in asdict(scene).items() if value is not None}
    digest.update(repr((RENDER_VERSION, cv2.__version__, shown, asdict(head), float(fps), codec)).encode())
    tracks = performance.tracks
    for field in fields(tracks):
        if getattr(tracks, field.name) is None:
            continue
        array = np.ascontiguousarray(getattr(tracks, field.name))
        if np.issubdtype(array.dtype, np.floating):
            array = np.round(array, _KEY_DECIMALS) + 0.0  # the last digits depend on how many threads multiplied; no -0
        digest.update(field.name.encode() + str(array.shape).encode() + array.tobytes())
    for step in performance.steps:
        digest.update(step.contact.encode() + np.ascontiguousarray(step.working).tobytes())
        digest.update(repr(performance.tool_of(step)).encode() if step.contact == "tool" else b"")
    return digest.hexdigest()[:32]
