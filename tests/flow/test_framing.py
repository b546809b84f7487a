"""One thing to change at a time, the most important first; light that is bad on any skin."""

import numpy as np
import pytest

from facetrack.flow.input.frame_facts import FrameFacts
from facetrack.flow.pages.framing import framing_fault, neck_needed
from facetrack.flow.pages.light import FaceLight, light_fault, measure_light
from facetrack.routine import load_routine
from tests.flow import people

GOOD = FaceLight(130.0, 135.0, 125.0, 120.0, 0.0)


def _fault(neck: bool = False, light: FaceLight | None = GOOD, **how) -> str | None:
    seen = people.observation(0.0, **how)
    return framing_fault(FrameFacts.of(seen, people.points(seen)), light, neck)


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({}, None),
        ({"face": False}, "framing.no-face"),
        ({"px_per_mm": 0.5}, "framing.closer"),
        ({"px_per_mm": 2.2}, "framing.back"),
        ({"centre": (120.0, 220.0)}, "framing.middle"),
        ({"centre": (320.0, 50.0)}, "framing.lower"),
        ({"centre": (320.0, 400.0)}, "framing.higher"),
        ({"px_per_mm": 0.5, "light": FaceLight(20.0, 20.0, 20.0, 20.0, 0.0)}, "framing.closer"),
        ({"light": FaceLight(20.0, 20.0, 20.0, 20.0, 0.0)}, "light.dark"),
        ({"light": None}, None),
    ],
)
def test_what_to_change(how: dict, fault: str | None) -> None:
    assert _fault(**how) == fault


def test_the_neck_only_where_the_routine_needs_it() -> None:
    low = {"centre": (320.0, 330.0)}
    assert _fault(**low) is None
    assert _fault(neck=True, **low) == "framing.neck"
    assert _fault(neck=True) is None


@pytest.mark.parametrize(("routine", "steps", "needed"), [("fascia", None, True), ("fascia", ["forehead", "jawline"], False)])
def test_which_routines_need_the_neck(routine: str, steps: list[str] | None, needed: bool) -> None:
    chosen = [step for step in load_routine(routine).steps if steps is None or step.id in steps]
    assert neck_needed(min(zone[:, 1].min() for step in chosen for zone in step.zone)) is needed


@pytest.mark.parametrize(
    ("light", "fault"),
    [
        (GOOD, None),
        (FaceLight(30.0, 30.0, 30.0, 150.0, 0.0), "light.dark"),
        (FaceLight(60.0, 60.0, 60.0, 50.0, 0.0), "light.dark"),
        (FaceLight(60.0, 60.0, 60.0, 100.0, 0.0), None),  # dark skin in a lit room
        (FaceLight(60.0, 60.0, 60.0, 180.0, 0.0), "light.behind"),
        (FaceLight(220.0, 220.0, 220.0, 120.0, 0.4), "light.glare"),
        (FaceLight(110.0, 160.0, 50.0, 120.0, 0.0), "light.side"),
    ],
)
def test_light(light: FaceLight, fault: str | None) -> None:
    assert light_fault(light) == fault


def test_light_is_measured_on_the_users_sides() -> None:
    image = np.full((480, 640, 3), 100, np.uint8)
    image[:, 320:] = 200  # the picture's right is the user's left
    light = measure_light(image, (220.0, 140.0, 420.0, 360.0))
    assert light is not None
    assert light.left == pytest.approx(200.0, abs=1)
    assert light.right == pytest.approx(100.0, abs=1)
    assert measure_light(image, (638.0, 0.0, 700.0, 480.0)) is None
