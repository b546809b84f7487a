"""Rendered clips of cases, and what the tracker saw in them; both kept in the cache by content.

A clip holds just the frames that arrive (uneven, with gaps, as the case's conditions say), as a video of JPEGs like a webcam's.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

import facetrack
from benchmarks.accuracy.cases import Case
from facetrack.mannequin import Performance
from facetrack.mannequin.clip import content_key
from facetrack.mannequin.scene_rig import SceneRig
from facetrack.packets import Float, Frame, Observation
from facetrack.system.file_lock import file_lock
from facetrack.system.paths import cache_dir

_STEPS_PER_PX: Final = 16.0
"""Kept landmarks are rounded to a sixteenth of a pixel: a twentieth of the tracker's own noise."""


def clip_key(case: Case, performance: Performance, times_s: Float) -> str:
    """Hash of everything that the clip depends on."""
    conditions = case.conditions
    content = content_key(performance, conditions.scene, conditions.head, conditions.fps, "MJPG")
    return hashlib.sha256(content.encode() + np.ascontiguousarray(times_s).tobytes()).hexdigest()[:32]


def observed(case: Case, performance: Performance, times_s: Float) -> list[Observation]:
    """What the tracker saw in the case's clip, from the cache if it looked before."""
    key = clip_key(case, performance, times_s)
    file = _folder() / f"{key}-{tracking_hash()[:16]}.npz"
    size_wh = case.conditions.camera.size_wh
    with file_lock(_folder() / f"{key}.lock"):  # tests that run side by side ask for the same clip
        if not file.exists():
            seen = _track(_rendered(case, performance, times_s, key), times_s)
            part = file.with_name(f"{file.stem}.{os.getpid()}.npz")
            np.savez_compressed(part, face=_packed([o.face_px for o in seen]), hands=_packed([o.hands_px for o in seen]))
            part.replace(file)
    with np.load(file) as data:
        face, hands = (_unpacked(data[name]) for name in ("face", "hands"))
    return [Observation(float(t), size_wh, face[k], hands[k]) for k, t in enumerate(times_s)]


def _folder() -> Path:
    folder = cache_dir() / "accuracy-clips"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_MISSING: Final = np.iinfo(np.int16).min


def _packed(landmarks: list[Float]) -> NDArray[np.int16]:
    steps = np.clip(np.rint(np.stack(landmarks) * _STEPS_PER_PX), _MISSING + 1, -(_MISSING + 1))
    return np.where(np.isnan(steps), _MISSING, np.nan_to_num(steps)).astype(np.int16)


def _unpacked(packed: NDArray[np.int16]) -> Float:
    return np.where(packed == _MISSING, np.nan, packed / _STEPS_PER_PX)


def _rendered(case: Case, performance: Performance, times_s: Float, key: str) -> Path:
    video = _folder() / f"{key}.avi"
    if video.exists():
        return video
    conditions = case.conditions
    stage = SceneRig(performance, conditions.scene, conditions.head, times_s)
    part = video.with_name(f"{video.stem}.{os.getpid()}.avi")
    writer = cv2.VideoWriter(str(part), cv2.VideoWriter.fourcc(*"MJPG"), conditions.fps, conditions.camera.size_wh)
    if not writer.isOpened():
        raise OSError(f"cannot write {part}")
    for number in range(len(stage)):
        writer.write(stage.picture(number))
    writer.release()
    part.replace(video)
    return video


def _track(video: Path, times_s: Float) -> list[Observation]:
    from facetrack.tracking import Tracker

    with Tracker() as tracker:
        return [
            tracker.update(Frame(image, float(t), k)) for k, (image, t) in enumerate(zip(_images(video), times_s, strict=True))
        ]


def _images(video: Path) -> Iterator[NDArray[np.uint8]]:
    capture = cv2.VideoCapture(str(video))
    try:
        while True:
            more, image = capture.read()
            if not more:
                return
            yield image
    finally:
        capture.release()


@cache
def tracking_hash() -> str:
    """Of the tracker's code and models."""
    from importlib.metadata import version

    from facetrack.tracking import ensure_models

    digest = hashlib.sha256(repr((sorted(ensure_models().hashes.items()), version("mediapipe"))).encode())
    folder = Path(facetrack.__file__).parent / "tracking"
    for file in sorted(folder.rglob("*.py")):
        digest.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return digest.hexdigest()
