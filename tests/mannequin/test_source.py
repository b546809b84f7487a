"""The mannequin as a source of frames."""

from threading import Thread

import numpy as np

from facetrack.capture.source import FrameSource
from facetrack.mannequin.camera import Camera
from facetrack.mannequin.performance.performer import perform
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.source import MannequinSource
from tests.mannequin.steps import FOREHEAD

SCENE = Scene(camera=Camera(size_wh=(160, 120)))
PERFORMANCE = perform(FOREHEAD, neutral_s=0.3, repetitions=1)


def test_frames_come_in_time_and_end_with_the_performance() -> None:
    source: FrameSource = MannequinSource(PERFORMANCE, SCENE, fps=5.0)
    frames = list(source.frames())
    times = [frame.t_s for frame in frames]
    assert source.info.kind == "mannequin"
    assert source.info.size_wh == (160, 120)
    assert source.info.frames_promised == len(frames)
    assert abs(times[0]) < 0.1
    assert (np.diff(times) > 0).all()
    assert abs(times[-1] - PERFORMANCE.duration_s) < 0.5
    assert source.corruption is None
    assert source.frames_dropped == 0


def test_closing_from_another_thread_ends_the_frames() -> None:
    source = MannequinSource(PERFORMANCE, SCENE, fps=5.0)
    frames = source.frames()
    next(frames)
    thread = Thread(target=source.close)
    thread.start()
    thread.join()
    source.close()
    assert list(frames) == []
