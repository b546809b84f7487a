"""A routine is learnt from films of real hands that stroke to and fro; their folder lies beside the checkout."""

from pathlib import Path

import numpy as np
import pytest

from facetrack.coach import CoachOptions, LiveCoach
from facetrack.geometry import FaceMapper
from facetrack.learn.movements import resampled
from facetrack.learn.parts import joined_parts
from facetrack.learn.routine import LearntRoutine, write_routine
from facetrack.learn.step import learn_step
from facetrack.routine.file.load import read_routine
from tests.golden.streams import streams


@pytest.mark.parametrize(("name", "side"), [("cheek-stroke", "left"), ("temple-stroke", "right")])
def test_the_path_lies_on_the_fingertips_of_the_film(name: str, side: str, tmp_path: Path) -> None:
    (stream,) = [one for one in streams() if one.name == name]
    mapper = FaceMapper()
    seen = [mapper.update(observation)[0] for observation in stream.observations()]
    step = learn_step([joined_parts([points for points in seen if points.calibration != "running"])])
    routine = read_routine(write_routine(LearntRoutine((step,)), tmp_path / "a.toml", title=None, language="en", step_id="a"))
    (phase,) = routine.steps[0].phases
    assert (phase.motion, routine.steps[0].hands) == ("back-and-forth", side)
    film = np.abs(np.vstack(step.film_mm) * [1.0, 0.0]) + np.vstack(step.film_mm) * [0.0, 1.0]  # on the left half
    apart = np.hypot(*(film[:, None] - resampled(phase.path_mm, 80)[None]).transpose(2, 0, 1))
    assert np.quantile(apart.min(axis=1), [0.5, 0.95]) == pytest.approx([0.0, 0.0], abs=6.0)
    assert apart.min(axis=0).max() < 4.0, "the path leads nowhere that the film does not"
    coach = LiveCoach(routine, CoachOptions(step_id="a"))
    assert not any(verdict.changed for verdict in map(coach.update, seen)), "its own performance is right"
