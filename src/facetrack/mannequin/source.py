"""The mannequin as a source of frames, like a camera or a video."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.capture.source import SourceInfo
from facetrack.mannequin.ground_truth.frame import GroundTruth
from facetrack.mannequin.performance.head_motion import HeadMotion
from facetrack.mannequin.performance.script import Performance
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.scene_rig import SceneRig
from facetrack.packets import Float, Frame

DEFAULT_FPS: Final = 30.0


def frame_times(
    duration_s: float, fps: float = DEFAULT_FPS, jitter_s: float = 0.0, lost_share: float = 0.0, seed: int = 0
) -> tuple[Float, NDArray[np.intp]]:
    """Times (N,) and numbers (N,) of the frames that arrive: unevenly by up to +-jitter_s, a share of them lost at random."""
    count = max(1, int(duration_s * fps))
    rng = np.random.default_rng(seed)
    times = np.maximum(np.arange(count) / fps + rng.uniform(-1, 1, count) * min(jitter_s, 0.45 / fps), 0.0)
    kept = np.flatnonzero(rng.random(count) >= lost_share)
    kept = kept if len(kept) else np.array([0])
    return times[kept], kept


class MannequinSource:
    """A ``FrameSource``. As fast as it renders, or, with ``wait``, paced in real time.

    wait: called with the time (s since the start) before which the next frame must not come; returns whether to go on. A
    clock of one's own goes in there; None: no pacing.
    """

    def __init__(
        self,
        performance: Performance,
        scene: Scene | None = None,
        head: HeadMotion | None = None,
        fps: float = DEFAULT_FPS,
        jitter_s: float = 0.0,
        lost_share: float = 0.0,
        wait: Callable[[float], bool] | None = None,
        name: str = "mannequin",
    ) -> None:
        self._performance, self._scene, self._head = performance, scene or Scene(), head or HeadMotion()
        self._times, self._numbers = frame_times(performance.duration_s, fps, jitter_s, lost_share, self._scene.seed)
        self._fps, self._wait, self._name = fps, wait, name
        self._closed = Event()
        self._rig: SceneRig | None = None

    @property
    def info(self) -> SourceInfo:
        return SourceInfo("mannequin", self._name, self._scene.camera.size_wh, self._fps, len(self._times))

    @property
    def frames_dropped(self) -> int:
        return 0

    @property
    def corruption(self) -> str | None:
        return None

    @property
    def frame_available(self) -> bool:
        return self._wait is None

    def close(self) -> None:
        self._closed.set()

    def frames(self) -> Iterator[Frame]:
        rig = self._ready()
        for number, (t_s, index) in enumerate(zip(self._times, self._numbers, strict=True)):
            if self._closed.is_set() or (self._wait is not None and not self._wait(float(t_s))):
                return
            yield Frame(rig.picture(number), float(t_s), int(index))

    def ground_truth(self, number: int) -> GroundTruth:
        """Of the frame that came ``number``-th, from 0."""
        return self._ready().ground_truth(number)

    def _ready(self) -> SceneRig:
        if self._rig is None:
            self._rig = SceneRig(self._performance, self._scene, self._head, self._times)
        return self._rig
