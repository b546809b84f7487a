"""What a journal's header carries comes back as it was: every field, its type and every bit."""

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest

from facetrack.coach import CoachOptions, Thresholds
from facetrack.routine.compiled import CompiledRoutine
from facetrack.routine.library import all_entries
from facetrack.session.serialization import options_from_json, routine_from_json, to_json
from tests.session.session_fakes import phase, routine, step


def scaled(values: Any) -> Any:
    """Every number of a dataclass, of those in it and in its tuples, unlike what it was."""
    if isinstance(values, tuple):
        return tuple(scaled(item) for item in values)
    if not dataclasses.is_dataclass(values):
        return values * 1.37
    return dataclasses.replace(values, **{f.name: scaled(getattr(values, f.name)) for f in dataclasses.fields(values)})


LIMITS = scaled(Thresholds())


def through_text(value: object) -> Any:
    return json.loads(json.dumps(to_json(value), allow_nan=False))


def assert_same(one: object, other: object, where: str) -> None:
    """Of the same types throughout, arrays of the same dtypes; NaN equals NaN."""
    assert type(one) is type(other), where
    if dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name), f"{where}.{field.name}")
    elif isinstance(one, tuple):
        assert len(one) == len(other), where
        for index, (item, its) in enumerate(zip(one, other, strict=True)):
            assert_same(item, its, f"{where}[{index}]")
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), where
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), where
    else:
        assert one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other)), where


def unlike_the_defaults() -> Any:
    """A routine of which no field that has a default holds it."""
    spiral = phase(motion="spiral", turns_s=(0.1 + 0.2, math.inf), turn_radius_mm=8.5, drift_mm=1 / 3)
    hold = phase(motion="hold", path_mm=np.array([[math.nan, -0.0]]), hold_s=2.0)
    timed = step(0, phases=(spiral, hold), repetitions=None, seconds=12.5, optional=True, tempo="pulse", judge=frozenset())
    made = routine(timed, step(1, hands="left", contact="tool"))
    return dataclasses.replace(
        made, after=("Cream.",), start_per_week=3, advice=("Slowly.",), author="A. Uthor", source="Öwn", schedule_say="Daily."
    )


@pytest.mark.parametrize("made", [entry.routine for entry in all_entries()], ids=lambda made: made.id)
def test_every_routine_comes_back_exactly(made: CompiledRoutine) -> None:
    assert_same(routine_from_json(through_text(made)), made, "routine")


def test_no_field_is_forgotten() -> None:
    made = unlike_the_defaults()
    assert_same(routine_from_json(through_text(made)), made, "routine")


def test_options_come_back_exactly() -> None:
    made = CoachOptions(step_id="nose", again=("nose", "cheeks"), voice=True, thresholds=LIMITS)
    assert_same(options_from_json(through_text(made)), made, "options")


def test_options_of_an_older_journal_are_read() -> None:
    assert options_from_json(None) == CoachOptions()
    older = {
        "step_id": None,
        "thresholds": {"off_path_deg": 45.0, "no_longer_known": 3.0, "tuning": {"zone": {"reset_s": 2.0}}},
    }
    read = options_from_json(older).thresholds
    assert (read.off_path_deg, read.tuning.zone.reset_s) == (45.0, 2.0)
    assert read.tuning.zone.lifted_s == Thresholds().tuning.zone.lifted_s


def test_a_routine_of_an_older_journal_is_read() -> None:
    older = through_text(routine())
    for name in ("advice", "author", "source"):
        del older[name]
    del older["steps"][0]["phases"][0]["drift_mm"]
    assert_same(routine_from_json(older), routine(), "routine")


def test_it_says_which_field_is_missing() -> None:
    torn = through_text(routine())
    del torn["steps"][0]["zone"]
    with pytest.raises(KeyError, match="zone"):
        routine_from_json(torn)


@pytest.mark.parametrize(("name", "value"), [("title", 5), ("version", []), ("prepare", [1]), ("steps", None)])
def test_what_is_of_the_wrong_kind_is_refused(name: str, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        routine_from_json(through_text(routine()) | {name: value})


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        to_json({"a": 1j})
