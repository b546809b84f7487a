"""The mannequin as a source of frames, like a camera or a video."""

from collections.abc import Iterator
from threading import Event
from typing import Final

import numpy as np

from facetrack.capture.source import SourceInfo
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.scene_rig import SceneRig
from facetrack.packets import Float, Frame

DEFAULT_FPS: Final = 30.0
"""Frames per second."""


def frame_times(duration_s: float, fps: float = DEFAULT_FPS) -> Float:
    """Return the times (N,) of the frames, in s, at an even rate."""
    return np.arange(max(1, int(duration_s * fps))) / fps


class MannequinSource:
    """A ``FrameSource`` that renders the mannequin, as fast as it can."""

    frames_dropped = 0
    corruption = None
    frame_available = True

    def __init__(
        self,
        performance: Performance,
        scene: Scene | None = None,
        head: HeadMotion | None = None,
        fps: float = DEFAULT_FPS,
        name: str = "mannequin",
    ) -> None:
        self._performance, self._scene, self._head = performance, scene or Scene(), head or HeadMotion()
        self._times = frame_times(performance.duration_s, fps)
        self._fps, self._name = fps, name
        self._closed = Event()

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("mannequin", self._name, self._scene.camera.size_wh, self._fps, len(self._times))

    def close(self) -> None:
        self._closed.set()

    def frames(self) -> Iterator[Frame]:
        rig = SceneRig(self._performance, self._scene, self._head, self._times)
        for number, t_s in enumerate(self._times.tolist()):
            if self._closed.is_set():
                return
            yield Frame(rig.picture(number), t_s, number)
