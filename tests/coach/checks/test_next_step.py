"""Whether a hand works on the next step, on this one, or on neither."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from facetrack.coach import Thresholds
from facetrack.coach.checks.next_step import NextStep
from facetrack.coach.step_plan import StepPlan, atlas_of
from facetrack.coach.strokes.hand_motion import HandSample
from facetrack.coach.touch.place import Place
from facetrack.geometry.face_points import PALM, POINT_NAMES
from facetrack.routine.compiled import CompiledStep
from tests.coach.synthetic import FPS, Hand, frame, hand_sample, phase, routine, step

LOW = ((8.0, 28.0), (58.0, 28.0))
FAR = ((8.0, -60.0), (58.0, -60.0))
OUTWARDS = {"vx": 45.0, "speed": 45.0}


def plans(*steps: CompiledStep) -> tuple[StepPlan, StepPlan]:
    made = routine(*steps)
    first, second = (StepPlan.of(one, atlas_of(made)) for one in made.steps)
    return first, second


def touching(sample: HandSample) -> Place:
    return Place("fingertips", sample.x, sample.y)


def answer(first: CompiledStep, second: CompiledStep, **hand: Any) -> bool | None:
    """What is said of a left hand, in two steps that follow each other."""
    plan, following = plans(first, second)
    sample = hand_sample(**hand)
    inside = plan.atlas.holds(sample.x, sample.y, 0)
    return NextStep(Thresholds()).update(
        frame(10.0), [sample, None], [touching(sample), None], [inside, False], plan, following
    )


@pytest.mark.parametrize(
    ("y", "moves", "said"),
    [
        (-60.0, OUTWARDS, True),
        (-60.0, {"vx": -45.0, "speed": 45.0}, None),
        (-60.0, {}, None),
        (40.0, OUTWARDS, False),
        (40.0, {"vx": -45.0, "speed": 45.0}, None),
        (0.0, OUTWARDS, None),
    ],
)
def test_valid_strokes_say_which_step_is_done(y: float, moves: dict[str, float], said: bool | None) -> None:
    assert answer(step("brow"), step("chin", phase(path=FAR)), y=y, **moves) is said


@pytest.mark.parametrize(("y", "said"), [(40.0, False), (34.0, None), (28.0, True)])
def test_where_both_steps_would_be_right_neither_is_done(y: float, said: bool | None) -> None:
    """Two paths 12 mm apart, each in the other's zone: halfway, a stroke says nothing."""
    assert answer(step("upper"), step("lower", phase(path=LOW)), y=y, **OUTWARDS) is said


@pytest.mark.parametrize(("motion", "y", "said"), [("hold", -60.0, True), ("hold", -48.0, None), ("stroke", -60.0, None)])
def test_a_rest_is_work_where_the_next_step_holds(motion: str, y: float, said: bool | None) -> None:
    hold = phase("hold", ((58.0, -60.0),))
    after = step("press", phase(path=FAR), hold) if motion == "hold" else step("chin", phase(path=FAR))
    assert answer(step("brow"), after, x=55.0, y=y) is said


@pytest.mark.parametrize(("y", "goes_on"), [(-60.0, True), (-50.0, False)])
def test_what_the_next_step_names_is_looked_at(y: float, goes_on: bool) -> None:
    """Of a step of palms the palm is followed, and fingertips do the next one: on its way, since the palm says little of it."""
    palms = step("cup", working=np.arange(len(POINT_NAMES)) == PALM)
    plan, following = plans(palms, step("chin", phase(path=FAR)))
    finger = Hand().at((8.0, y)).go((58.0, y))
    next_step, said = NextStep(Thresholds()), []
    for k in range(30):
        t_s = k / FPS
        x, _ = finger.place_at(t_s)
        palm = hand_sample(t_s=t_s, x=x, y=y - 80.0, **OUTWARDS)
        said.append(next_step.update(frame(t_s, finger), [palm, None], [touching(palm), None], [False, False], plan, following))
    assert said[-1] is (True if goes_on else None)
    assert next_step.reached


def test_where_nothing_follows_nothing_is_reached() -> None:
    plan, _ = plans(step("brow"), step("chin", phase(path=FAR)))
    next_step = NextStep(Thresholds())
    hand = hand_sample(**OUTWARDS)
    assert next_step.update(frame(10.0), [hand, None], [touching(hand), None], [True, False], plan, None) is None
    assert not next_step.reached


def test_one_hand_on_the_next_step_is_enough() -> None:
    plan, following = plans(step("brow"), step("chin", phase(path=FAR)))
    left = hand_sample(**OUTWARDS)
    right = replace(hand_sample(side=1, **OUTWARDS), y=-60.0)
    places = [touching(left), touching(right)]
    assert NextStep(Thresholds()).update(frame(10.0), [left, right], places, [True, False], plan, following) is True


@pytest.mark.parametrize(
    ("stroked_s", "later_s", "y", "at_work"),
    [
        (1.6, 0.0, -60.0, True),
        (1.6, 1.4, -60.0, True),
        (1.6, 1.6, -60.0, False),
        (1.6, 1.4, 0.0, False),
        (1.4, 0.0, -60.0, True),
        (1.4, 1.4, -60.0, False),  # it passed there on its way
    ],
)
def test_a_short_rest_there_belongs_to_the_work(stroked_s: float, later_s: float, y: float, at_work: bool) -> None:
    """It is not a wrong place of the running step."""
    plan, following = plans(step("brow"), step("chin", phase(path=FAR)))
    next_step = NextStep(Thresholds())
    moments = [(10.0 - stroked_s, there := hand_sample(y=-60.0, **OUTWARDS)), (9.3, there), (10.0, there)]
    moments += [(10.0 + later_s, hand_sample(y=y))] if later_s else []
    for t_s, hand in moments:
        next_step.update(frame(t_s), [hand, None], [touching(hand), None], [False, False], plan, following)
    assert next_step.at_work(10.0 + later_s) == at_work


@pytest.mark.parametrize(("y", "said"), [(40.0, None), (0.0, None), (-60.0, True)])
def test_a_tool_that_was_not_shown_goes_on_where_it_can_not_be_here_and_could_be_there(y: float, said: bool | None) -> None:
    plan, following = plans(step("brow"), step("chin", phase(path=FAR)))
    hand = hand_sample(x=30.0, y=y, **OUTWARDS)
    ring = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)
    reach = np.array([hand.x, hand.y]) + 45.0 * np.stack([np.cos(ring), np.sin(ring)], axis=-1)
    place = Place("tool", hand.x, hand.y, reach_mm=np.concatenate([[[hand.x, hand.y]], reach]))
    inside = place.in_zone(plan)
    next_step = NextStep(Thresholds())
    assert next_step.update(frame(10.0), [hand, None], [place, None], [inside, False], plan, following) is said
    assert next_step.reached == (said is True)
