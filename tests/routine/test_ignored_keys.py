"""A key of a movement that would change nothing is refused, not passed over."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from facetrack.routine import RoutineFileError
from facetrack.routine.compiled import MotionType
from facetrack.routine.file.compile import compile_routine
from facetrack.routine.file.load import parse_routine
from facetrack.routine.file.rules import KEYS_OF_SOME_MOTIONS
from facetrack.routine.file.schema import Movement
from facetrack.routine.format import routine_json
from facetrack.routine.kinds import KINDS

PLAIN = {"path": '["cheek-inner", "ear-front"]'}
OTHER = {
    "motion": '"back-and-forth"',
    "path": '["mouth-corner", "ear-front"]',
    "pace_mm_s": "[15, 60]",
    "turns_s": "[0.7, 1.2]",
    "radius_mm": "6",
    "way": '"To the ear"',
    "hold_s": "9",
}
"""A value of each key that is not its default."""


def file_with(movement: Mapping[str, str], *, phases: bool = False, step: Mapping[str, str] | None = None) -> bytes:
    """The text of a routine of one step with that movement, its own or its phase's."""
    lines = ["schema_version = 1", 'id = "a"', "[[step]]", 'id = "b"', "seconds = 9"]
    lines += [f"{key} = {value}" for key, value in (step or {}).items()]
    lines += ["[[step.phase]]"] * phases + [f"{key} = {value}" for key, value in movement.items()]
    return "\n".join(lines).encode()


def compiled(text: bytes) -> dict[str, Any]:
    return routine_json(compile_routine(parse_routine(text, "a.toml"), ""))


def test_there_is_a_value_for_every_key() -> None:
    assert set(OTHER) == set(Movement.model_fields)


@pytest.mark.parametrize("phases", [False, True])
@pytest.mark.parametrize("motion", get_args(MotionType))
@pytest.mark.parametrize("key", sorted(set(OTHER) - {"motion"}))
def test_a_key_changes_something_or_is_refused(key: str, motion: str, phases: bool) -> None:
    movement = {**PLAIN, "motion": f'"{motion}"'}
    texts = file_with(movement, phases=phases), file_with({**movement, key: OTHER[key]}, phases=phases)
    if motion in KEYS_OF_SOME_MOTIONS.get(key, (motion,)):
        without, with_key = map(compiled, texts)
        assert with_key != without
    else:
        with pytest.raises(RoutineFileError, match=f"{key}: not for a {motion}"):
            compiled(texts[1])


@pytest.mark.parametrize("key", sorted(OTHER))
def test_a_step_with_phases_has_none_of_a_movements_keys(key: str) -> None:
    with pytest.raises(RoutineFileError, match=rf"{key}.*the step has phases"):
        parse_routine(file_with(PLAIN, phases=True, step={key: OTHER[key]}), "a.toml")


@pytest.mark.parametrize("motion", KINDS["direction"].not_motions)
def test_words_for_a_wrong_direction_are_refused_where_none_is_judged(motion: str) -> None:
    with pytest.raises(RoutineFileError, match=f"way: not for a {motion}"):
        parse_routine(file_with({**PLAIN, "motion": f'"{motion}"', "way": OTHER["way"]}), "a.toml")
