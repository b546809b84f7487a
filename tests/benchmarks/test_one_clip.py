"""One rendered clip through the real tracker, geometry and coach: a wrong stroke is told, nothing else is."""

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.accuracy.cases import Case, routine_of
from benchmarks.accuracy.clips import observed
from benchmarks.accuracy.conditions import Conditions
from benchmarks.accuracy.expected import expected_units
from benchmarks.accuracy.judging import Judgement, judge
from benchmarks.accuracy.projection import project
from benchmarks.accuracy.scoring import Matches, match
from benchmarks.accuracy.truth_signals import Signals
from facetrack.errors import FacetrackError
from facetrack.geometry import FaceMapper
from facetrack.geometry.quantisation import quantise
from facetrack.mannequin import Mistake, Style, perform
from facetrack.packets import Float
from facetrack.tracking import ensure_models

pytestmark = pytest.mark.slow

SEED = 2
"""A clip that is judged rightly: it guards what works. docs/accuracy.md says how often single wrong strokes are not told."""
FPS = 15.0
LENGTH_S = 11.5
NEUTRAL_S = 2.2
WORKING_POINT_P95_MM = 6.0
"""Tracker and geometry together; the fingertips that the tracker finds are the greater part of it."""


@dataclass(frozen=True)
class Watched:
    """errors_mm: of the working points in contact; NaN where a hand was not seen."""

    judgement: Judgement
    matches: Matches
    errors_mm: Float


@pytest.fixture(scope="module")
def watched() -> Watched:
    """The forehead with both hands: first inwards, then as it should be."""
    try:
        ensure_models()
    except FacetrackError as error:
        pytest.skip(f"the models are not here and could not be fetched: {error}")
    routine = routine_of("fascia")
    step = routine.step("forehead")
    style = Style(seed=SEED, order="together", tempo=1.05, pause_s=0.1, return_mm_s=180.0)
    wrong = Mistake("direction", "both", 0.0, NEUTRAL_S + 1.6, "against")
    performance = perform(step, (wrong,), style, neutral_s=NEUTRAL_S, repetitions=2)
    conditions = Conditions("ordinary", fps=FPS, seed=SEED)
    times_s = np.arange(0.0, LENGTH_S, 1 / FPS)
    seen = observed(Case("one-clip", "fascia", "forehead", (), "start", style, conditions), performance, times_s)
    mapper = FaceMapper()
    points = [quantise(mapper.update(observation)[0]) for observation in seen]
    judgement = judge(points, routine, step.id)
    truth = project(performance, times_s, conditions.head, conditions.camera).hands
    working = np.stack([p.points_mm for p in points])[:, :, step.working].mean(axis=2)
    errors = np.linalg.norm(working - truth.working_mm, axis=-1)[truth.contact]
    return Watched(judgement, match(judgement.events, expected_units(Signals.of(performance)), LENGTH_S), errors)


def test_the_wrong_stroke_is_told_of_both_sides_and_withdrawn(watched: Watched) -> None:
    due = [hit for hit in watched.matches.hits if hit.unit.kind == "direction"]
    assert [hit.unit.side for hit in due] == ["left", "right"]
    assert all(hit.found for hit in due), watched.judgement.strokes
    assert all(event.t_end_s < LENGTH_S for event in watched.judgement.events)


def test_nothing_else_is_told(watched: Watched) -> None:
    assert {event.kind for event in watched.judgement.events} == {"direction"}
    assert watched.matches.false == ()


def test_working_points_are_where_the_fingers_touch(watched: Watched) -> None:
    assert np.isfinite(watched.errors_mm).mean() > 0.95
    assert np.nanpercentile(watched.errors_mm, 95) <= WORKING_POINT_P95_MM
