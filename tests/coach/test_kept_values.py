"""What is kept from frame to frame to save work is what working it out anew would give."""

import math
from dataclasses import replace

import numpy as np
import pytest

from facetrack.coach.checks.symmetry import _Extent
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.strokes.segments import PathHere, Segment, begin_segment
from facetrack.coach.tuning import SegmentTuning, SymmetryTuning
from facetrack.packets import LEFT

TUNING = SymmetryTuning()
START = HandSample(LEFT, LEFT, 0.0, 1 / 30, 20.0, 0.0, 30.0, 0.0, 30.0, 30.0, 30.0, 1.0, math.nan, True, False)


def told(segment: Segment) -> tuple[object, ...]:
    return segment.path, segment.off_path_deg, segment.travelled_mm, segment.top_pace


@pytest.mark.parametrize("seed", range(5))
def test_a_segment_that_is_asked_in_every_frame_tells_what_one_asked_once_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = [replace(START, t_s=k / 30, x=20.0 + x, y=y) for k, (x, y) in enumerate(rng.normal(0, 4, (40, 2)).cumsum(axis=0))]
    paths: list[PathHere] = rng.normal(0, 5, (40, 2, 4)).tolist()  # two paths: which is followed may change
    asked = begin_segment(samples[0], paths[0], SegmentTuning())
    answers = set()
    for last, (sample, here) in enumerate(zip(samples, paths, strict=True)):
        asked.add(sample, here, True, float(rng.uniform(10, 90)), 0.0)
        anew = begin_segment(samples[0], paths[0], SegmentTuning())
        for k in range(last + 1):
            anew.add(samples[k], paths[k], True, asked.speeds[k][2], 0.0)
        assert told(asked) == told(anew)
        answers.add(asked.off_path_deg)
    assert len(answers) == len(samples)


@pytest.mark.parametrize("seed", range(5))
def test_the_extent_of_a_window_is_that_of_the_places_in_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    extent, places, compared = _Extent(TUNING), [], 0
    t_s = 0.0
    for x, y in rng.normal(0, 3, (400, 2)).cumsum(axis=0).tolist():
        t_s += float(rng.uniform(0.01, 0.06))
        extent.add(t_s, x, y, 3.0)
        if not places or t_s - places[-1][0] >= TUNING.extent_every_s - 1e-4:
            places.append((t_s, x, y))
        for window_s in (1.2, 3.0):
            recent = np.array([place[1:] for place in places if place[0] >= t_s - window_s - 1e-4])
            found = extent.over(window_s, t_s)
            if not math.isnan(found):
                compared += 1
                kept = np.sort(recent, axis=0)[1:-1] if len(recent) >= TUNING.outlier_count else recent
                assert found == pytest.approx(float(np.hypot(*np.ptp(kept, axis=0))))
    assert compared > 500
