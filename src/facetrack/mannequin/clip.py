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
from facetrack.mannequin.ground_truth.frame import GroundTruth
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.scene_rig import SceneRig
from facetrack.mannequin.source import DEFAULT_FPS, frame_times
from facetrack.packets import Float
from facetrack.system.paths import cache_dir

RENDER_VERSION: Final = 5
"""Raise it whenever the code changes what a clip looks like or what its truth says."""
Codec = Literal["mp4v", "MJPG"]
_SUFFIX: Final[dict[Codec, str]] = {"mp4v": ".mp4", "MJPG": ".avi"}
_POSE_FIELDS: Final = ("yaw_rad", "pitch_rad", "roll_rad")


@dataclass(frozen=True, slots=True)
class Clip:
    """A rendered video and the file (.npz) with its ground truth."""

    video: Path
    ground_truth_file: Path
    fps: float

    def ground_truth(self) -> "ClipGroundTruth":
        with np.load(self.ground_truth_file) as data:
            return ClipGroundTruth(**{f.name: data[f.name] for f in fields(ClipGroundTruth)})


@dataclass(frozen=True, slots=True)
class ClipGroundTruth:
    """As ``truth.GroundTruth``, with a leading frame axis. pose: (N, 6) yaw, pitch, roll in rad, translation in mm."""

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
    def of(truths: list[GroundTruth]) -> "ClipGroundTruth":
        stacked = {
            f.name: np.stack([np.asarray(getattr(t, f.name)) for t in truths]) for f in fields(GroundTruth) if f.name != "pose"
        }
        return ClipGroundTruth(**stacked, pose=np.stack([_pose_row(t.pose) for t in truths]))


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
    if clip.video.exists() and clip.ground_truth_file.exists():
        return clip
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FacetrackError(
            f"cannot make the folder {target} for the mannequin's clips ({error.strerror}); set FACETRACK_CACHE_DIR"
        ) from error
    times, _ = frame_times(performance.duration_s, fps)
    rig = SceneRig(performance, scene, head, times)
    _write(clip, rig, codec, progress)
    return clip


def _write(clip: Clip, rig: SceneRig, codec: Codec, progress: Callable[[int, int], None] | None) -> None:
    mark = f".{os.getpid()}"
    video = clip.video.with_name(f"{clip.video.stem}{mark}{clip.video.suffix}")
    truth = clip.ground_truth_file.with_name(f"{clip.ground_truth_file.stem}{mark}.npz")
    try:
        truths = _write_video(video, clip.fps, rig, codec, progress)
        whole = ClipGroundTruth.of(truths)
        np.savez_compressed(truth, **{f.name: getattr(whole, f.name) for f in fields(ClipGroundTruth)})
        truth.replace(clip.ground_truth_file)
        video.replace(clip.video)
    finally:
        video.unlink(missing_ok=True)
        truth.unlink(missing_ok=True)


def _write_video(
    path: Path, fps: float, rig: SceneRig, codec: Codec, progress: Callable[[int, int], None] | None
) -> list[GroundTruth]:
    first = rig.picture(0)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, (first.shape[1], first.shape[0]))
    if not writer.isOpened():
        raise FacetrackError(f"cannot write the video {path}; check that the folder can be written and the disk is not full")
    truths = []
    try:
        for number in range(len(rig)):
            writer.write(first if number == 0 else rig.picture(number))
            truths.append(rig.ground_truth(number))
            if progress is not None:
                progress(number + 1, len(rig))
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


__all__ = ["RENDER_VERSION", "Clip", "ClipGroundTruth", "content_key", "render_clip"]
