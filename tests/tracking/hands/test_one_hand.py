"""One hand that works alone, through the real models: MediaPipe looks for the other and finds the first one again."""

import numpy as np
import pytest

from benchmarks.mannequin_truth import ground_truth_of
from facetrack.capture import VideoSource
from facetrack.mannequin import HeadMotion, Style, perform_steps, render_clip
from facetrack.mannequin.source import frame_times
from facetrack.packets import LEFT, RIGHT
from facetrack.routine import load_routine
from tests.recorded_tracking import RecordedTracker

pytestmark = pytest.mark.slow

SEEN_SHARE = 0.98


def test_a_hand_that_works_alone_is_seen_and_no_other_is_made_up() -> None:
    lips = next(step for step in load_routine("fascia").steps if step.id == "lips")
    performance = perform_steps((lips,), style=Style(seed=1, order="left"), neutral_s=0.5, seconds=4.0)
    head = HeadMotion(sway_deg=3, sway_mm=5)
    source = VideoSource(render_clip(performance, head=head, fps=10.0, codec="MJPG"))
    with RecordedTracker() as tracker:
        seen = np.array([tracker.update(frame).hand_seen for frame in source.frames()])
    at_face = ground_truth_of(performance, frame_times(performance.duration_s, 10.0), head=head).at_face[:, LEFT]
    assert at_face.sum() > 30
    assert seen[at_face, LEFT].mean() >= SEEN_SHARE
    assert not seen[:, RIGHT].any()
