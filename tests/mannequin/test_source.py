"""The mannequin as a source of frames."""

from threading import Thread

import numpy as np

from facetrack.capture.source import FrameSource
from facetrack.mannequin.camera import Camera
from facetrack.mannequin.performance.performer import perform
from facetrack.mannequin.render.scene import Scene
from facetrack.mannequin.source import MannequinSource, frame_times
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


def test_uneven_times_rise_and_lost_frames_leave_gaps() -> None:
    for seed in range(20):
        times, numbers = frame_times(20.0, 30.0, jitter_s=0.02, lost_share=0.1, seed=seed)
        assert times[0] >= 0
        assert (np.diff(times) > 0).all(), f"seed {seed}"
        assert (np.diff(numbers) > 0).all()
        assert 0.03 < 1 - len(times) / 600 < 0.2
        assert np.diff(times).std() > 0.005


def test_truth_belongs_to_the_frame() -> None:
    source = MannequinSource(PERFORMANCE, SCENE, fps=10.0, lost_share=0.3)
    for number, frame in zip(range(8), source.frames(), strict=False):
        assert source.ground_truth(number).t_s == frame.t_s


def test_waiting_paces_and_can_stop() -> None:
    asked: list[float] = []

    def wait(until_s: float) -> bool:
        asked.append(until_s)
        return until_s < 1.0

    frames = list(MannequinSource(PERFORMANCE, SCENE, fps=5.0, wait=wait).frames())
    assert len(frames) == 5
    assert asked == [frame.t_s for frame in frames] + [1.0]


def test_closing_from_another_thread_ends_the_frames() -> None:
    source = MannequinSource(PERFORMANCE, SCENE, fps=5.0)
    frames = source.frames()
    next(frames)
    thread = Thread(target=source.close)
    thread.start()
    thread.join()
    source.close()
    assert list(frames) == []
