"""Points that a benchmark keeps are all that the coach is given: with doubts, repeated pictures and a tool's edge."""

from dataclasses import fields, replace

import numpy as np

from benchmarks.accuracy.judging import stacked, unstacked
from facetrack.geometry import FacePoints
from tests.coach.synthetic import Hand, film


def test_frames_come_back_as_they_were() -> None:
    first, second, *others = film(Hand().strokes(1), None)
    frames = [
        replace(first, doubt="picture", repeated=True, eyes_differ=0.2),
        replace(second, edge_mm=np.full((2, 3), 1.5)),
        *others,
    ]
    back = list(unstacked(stacked(frames)))
    assert len(back) == len(frames)
    for one, other in zip(frames, back, strict=True):
        for name in (field.name for field in fields(FacePoints)):
            np.testing.assert_array_equal(getattr(other, name), getattr(one, name), err_msg=name)
        assert (other.doubt is None, other.edge_mm is None) == (one.doubt is None, one.edge_mm is None)
