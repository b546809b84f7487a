"""Watches a recording or a camera: where the hands are on the face, frame by frame, once the face is known."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from facetrack.app.shutdown import StopSignal
from facetrack.capture import FrameSource, VideoSource
from facetrack.errors import FacetrackError
from facetrack.geometry.face_points import FacePoints
from facetrack.geometry.mapper import FaceMapper
from facetrack.learn.step import LearningError

LEAST_RECORDING_S: Final = 4.0
"""A shorter recording has no step in it."""
NOBODY_S: Final = 20.0
"""Somebody whose hands are away from the face for so long has finished, at a camera."""


def watch(source: FrameSource, stop: StopSignal, *, until_nobody: bool = False) -> list[FacePoints]:
    """Return what was seen in each frame after the face was learnt.

    until_nobody: end when no hand was at the face for NOBODY_S, after some work. Raises FacetrackError where the source can't
    be read or models are missing.
    """
    from facetrack.tracking import Tracker

    mapper, seen = FaceMapper(), []
    last_work_s: float | None = None
    with Tracker() as tracker:
        for frame in source.frames():
            points, _ = mapper.update(tracker.update(frame))
            if points.calibration != "running":
                seen.append(points)
            if points.near_face.any():
                last_work_s = points.t_s
            over = until_nobody and last_work_s is not None and points.t_s - last_work_s > NOBODY_S
            if over or stop():
                break
    return seen


def watch_recording(path: Path, stop: StopSignal, notify: Callable[[str], None]) -> list[FacePoints]:
    """Watch a recording. Raises LearningError where it is too short or shows no face, FacetrackError as ``watch``."""
    source = VideoSource(path)
    try:
        seen = watch(source, stop)
    finally:
        source.close()
    if source.corruption is not None:
        notify(f"{path} is damaged: what could be read of it is used.")
    if not seen or seen[-1].t_s < LEAST_RECORDING_S:
        raise LearningError(
            f"{path} is too short, or shows no face: begin with two seconds without hands, then show the step three times."
        )
    if not any(points.face_seen for points in seen):
        raise FacetrackError(f"No face is to be seen in {path}.")
    return seen
