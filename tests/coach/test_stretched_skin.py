"""Strokes are as long as the user's skin makes them, whatever their motion."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import Hand, film, judged, step
from tests.coach.test_coming_and_going import BEGIN, END, SPIRAL

STRETCH = 1.2


def _stroked_mm(hand: Hand, made: CompiledStep, stretch: float) -> float:
    """The length of all strokes along the path where a chart millimetre is so many of the user's."""
    frames = [replace(one, metric_tensor=one.metric_tensor * stretch**2) for one in film(hand, None)]
    assert np.nanmax(frames[30].metric_tensor) == pytest.approx(stretch**2)
    return sum(stroke.length_mm for stroke in judged(frames, made).strokes if stroke.kind == "along")


@pytest.mark.parametrize(
    ("hand", "made"),
    [(Hand().strokes(4), step()), (Hand().at(BEGIN).spiral(END, 7.0).rest(2.0), SPIRAL)],
    ids=["stroke", "spiral"],
)
def test_a_larger_face_has_longer_strokes(hand: Hand, made: CompiledStep) -> None:
    assert _stroked_mm(hand, made, STRETCH) == pytest.approx(STRETCH * _stroked_mm(hand, made, 1.0), rel=0.05)
