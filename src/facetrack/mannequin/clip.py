"""Clips of the mannequin as video files in the cache, with their truth beside them. Equal content is rendered once."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from facetrack.errors import FacetrackError
from facetrack.mannequin.body.mesh import DATA_FILE
from facetrack.mannequin.camera import HeadPose
from facetrack.mannequin.ground_truth.frame import Truth
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.source import DEFAULT_FPS, frame_times
from facetrack.mannequin.stage import Stage
from facetrack.packets import Float
from facetrack.system.paths import cache_dir

RENDER_VERSION: Final = 5
"""Raise it whenever the code changes what a clip looks like or what its truth says."""
Codec = Literal["mp4v", "MJPG"]
_SUFFIX: Final[dict[Codec, str]] = {"mp4v": ".mp4", "MJPG": ".avi"}
_POSE_FIELDS: Final = ("yaw_rad", "pitch_rad", "roll_rad")


@dataclass(frozen=True, slots=True)
class Clip:
    """video: the file. truth: its .npz; ``truths()`` reads it. times_s: (N,) nominal times of the frames, number / fps."""

    video: Path
    truth: Path
    fps: float

    def truths(self) -> "ClipTruth":
        with np.load(self.truth) as data:
            return ClipTruth(**{f.name: data[f.name] for f in fields(ClipTruth)})


@dataclass(frozen=True, slots=True)
class ClipTruth:
    """As ``truth.Truth``, with a leading frame axis. pose: (N, 6) yaw, pitch, roll in rad, translation in mm."""

    t_s: Float
    joints_px: Float
    points_mm: Float
    working_mm: Float
    lift_mm: Float
    contact: NDArray[np.bool_]
    at_face: NDArray[np.bool_]
    visible: NDArray[np.bool_]
    mesh_px: Float
    touch_px: Float
    pose: Float

    @staticmethod
    def of(truths: list[Truth]) -> "ClipTruth":
        stacked = {
            f.name: np.stack([np.asarray(getattr(t, f.name)) for t in truths]) for f in fields(Truth) if f.name != "pose"
        }
        return ClipTruth(**stacked, pose=np.stack([_pose_row(t.pose) for t in truths]))


def _pose_row(pose: HeadPose) -> Float:
    return np.array([*(getattr(pose, name) for name in _POSE_FIELDS), *pose.translation_mm])


def render_clip(
    performance: Performance,
    scene: Scene | None = None,
    head: HeadMotion | None = None,
    fps: float = DEFAULT_FPS,
    codec: Codec = "mp4v",
    folder: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Clip:
    """The performance as a video file with even frame times; from the cache if it was made before.

    folder: instead of the cache's. progress: called with (frames done, frames in all). Raises FacetrackError if the video
    can't be written. Written under another name first: a clip that is there is whole.
    """
    scene, head = scene or Scene(), head or HeadMotion()
    target = folder or cache_dir() / "mannequin"
    key = content_key(performance, scene, head, fps, codec)
    clip = Clip(target / f"{key}{_SUFFIX[codec]}", target / f"{key}.npz", fps)
    if clip.video.exists() and clip.truth.exists():
        return clip
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FacetrackError(
            f"cannot make the folder {target} for the mannequin's clips ({error.strerror}); set FACETRACK_CACHE_DIR"
        ) from error
    times, _ = frame_times(performance.duration_s, fps)
    stage = Stage(performance, scene, head, times)
    _write(clip, stage, codec, progress)
    return clip


def _write(clip: Clip, stage: Stage, codec: Codec, progress: Callable[[int, int], None] | None) -> None:
    mark = f".{os.getpid()}"
    video = clip.video.with_name(f"{clip.video.stem}{mark}{clip.video.suffix}")
    truth = clip.truth.with_name(f"{clip.truth.stem}{mark}.npz")
    try:
        truths = _write_video(video, clip.fps, stage, codec, progress)
        whole = ClipTruth.of(truths)
        np.savez_compressed(truth, **{f.name: getattr(whole, f.name) for f in fields(ClipTruth)})
        truth.replace(clip.truth)
        video.replace(clip.video)
    finally:
        video.unlink(missing_ok=True)
        truth.unlink(missing_ok=True)


def _write_video(
    path: Path, fps: float, stage: Stage, codec: Codec, progress: Callable[[int, int], None] | None
) -> list[Truth]:
    first = stage.picture(0)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (first.shape[1], first.shape[0]))
    if not writer.isOpened():
        raise FacetrackError(f"cannot write the video {path}; check that the folder can be written and the disk is not full")
    truths = []
    try:
        for number in range(len(stage)):
            writer.write(first if number == 0 else stage.picture(number))
            truths.append(stage.truth(number))
            if progress is not None:
                progress(number + 1, len(stage))
    finally:
        writer.release()
    return truths


_KEY_DECIMALS = 6
"""Of millimetres and seconds: far below what a picture shows."""


def content_key(performance: Performance, scene: Scene, head: HeadMotion, fps: float, codec: str) -> str:
    """Hash of everything that a clip depends on."""
    digest = hashlib.sha256()
    digest.update(files("facetrack.mannequin.body").joinpath(DATA_FILE).read_bytes())
    # What a scene leaves out does not change its key: clips of before there was a pulse are still theirs.
    shown = {name: value for name, value in asdict(scene).items() if value is not None}
    digest.update(repr((RENDER_VERSION, cv2.__version__, shown, asdict(head), float(fps), codec)).encode())
    tracks = performance.tracks
    for field in fields(tracks):
        array = np.ascontiguousarray(getattr(tracks, field.name))
        if np.issubdtype(array.dtype, np.floating):
            array = np.round(array, _KEY_DECIMALS) + 0.0  # the last digits depend on how many threads multiplied; no -0
        digest.update(field.name.encode() + str(array.shape).encode() + array.tobytes())
    for step in performance.steps:
        digest.update(step.contact.encode() + np.ascontiguousarray(step.working).tobytes())
    return digest.hexdigest()[:32]


__all__ = ["RENDER_VERSION", "Clip", "ClipTruth", "content_key", "render_clip"]
