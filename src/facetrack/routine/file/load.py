"""Reads a routine file, hostile ones included, and reports all its problems at once."""

import hashlib
import re
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from facetrack.errors import FacetrackError
from facetrack.routine.compiled import CompiledRoutine
from facetrack.routine.file import schema
from facetrack.routine.file.compile import compile_routine
from facetrack.routine.file.rules import check_rules
from facetrack.routine.file.validation import Key, Problem, RoutineFileError, did_you_mean, problem_line, quoted
from facetrack.system.toml_text import parse_toml

LARGEST_FILE_BYTES: Final = 262_144
"""Largest permitted file: ten times the shipped routines."""
MOST_PROBLEMS: Final = 100
"""Most problems that are reported."""


def read_routine(path: Path) -> CompiledRoutine:
    """Read the routine of a TOML file. Raises RoutineFileError with all its problems, FacetrackError if it can't be read."""
    raw = _read_bytes(path)
    return compile_routine(parse_routine(raw, str(path)), hashlib.sha256(raw).hexdigest())


def parse_routine(raw: bytes, file: str) -> schema.RoutineFile:
    """Parse the bytes of a TOML file called ``file``. Raises RoutineFileError with all its problems."""
    data = _parse_toml(raw, file)
    problems: list[Problem] = []
    routine = None
    try:
        routine = schema.RoutineFile.model_validate(data)
    except ValidationError as error:
        problems += [_problem_of(details) for details in error.errors(include_url=False)]
    found = {problem.key for problem in problems}
    problems += [problem for problem in check_rules(data) if problem.key not in found]
    if problems or routine is None:
        raise RoutineFileError(file, _lines(file, problems, data))
    return routine


def _lines(file: str, problems: list[Problem], data: dict[str, Any]) -> list[str]:
    steps = data.get("step")
    step_ids = [step.get("id") if isinstance(step, dict) else None for step in steps] if isinstance(steps, list) else []
    ordered = sorted(problems, key=lambda problem: _order(problem.key, data))
    lines = [problem_line(file, problem, step_ids) for problem in ordered[:MOST_PROBLEMS]]
    if len(ordered) > MOST_PROBLEMS:
        lines.append(f"{file}: and {len(ordered) - MOST_PROBLEMS} problems more")
    return lines


def _order(key: Key, data: Any) -> list[int]:
    """Return a key's position in the file, to sort by; what is missing from a table comes after what it has."""
    places = []
    for part in key:
        if isinstance(data, dict):
            names = list(data)
            places.append(names.index(part) if part in names else len(names))
            data = data.get(part)
        else:
            places.append(part if isinstance(part, int) else 0)
            data = data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None
    return places


def _read_bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FacetrackError(f"{path}: a folder; name a routine file (.toml) in it")
        if path.is_fifo() and not str(path).startswith("/dev/"):  # nobody may ever write into it; /dev/stdin is the user's
            raise FacetrackError(f"{path}: a pipe; name a routine file (.toml)")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        raise FacetrackError(f"{path}: no such file; `facetrack routines new {path}` writes one to begin with") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FacetrackError(
            f"{quoted(str(path))[1:-1]}: cannot be read ({reason}); check the path and its permissions"
        ) from None
    return raw


def _parse_toml(raw: bytes, file: str) -> dict[str, Any]:
    def refuse(text: str) -> RoutineFileError:
        return RoutineFileError(file, [f"{file}: {text}"])

    if len(raw) > LARGEST_FILE_BYTES:
        raise refuse(f"larger than {LARGEST_FILE_BYTES // 1024} kB; a routine is a few kB of text")
    try:
        return parse_toml(raw)
    except ValueError as error:
        raise refuse(f"{error}; docs/routines.md describes the format") from None


def _problem_of(details: ErrorDetails) -> Problem:
    """Describe an error of pydantic in plain words."""
    key: Key = tuple(part for part in details["loc"] if part not in (schema.NAME_TAG, schema.LIST_TAG))
    limits = details.get("ctx", {})
    given = quoted(details["input"])
    match details["type"]:
        case "missing":
            text = f"missing; {_wanted(key)}"
        case "extra_forbidden":
            text = f"no such key; {RENAMED.get(str(key[-1])) or did_you_mean(str(key[-1]), _keys_beside(key))}"
            key = (*key[:-1], quoted(str(key[-1]))[1:-1])
        case "literal_error":
            text = f"{given} is not possible; {_choices(details['input'], limits['expected'])}"
        case "string_type":
            text = f"{given} is not text; put it in quotes"
        case "string_too_long":
            text = f"longer than {limits['max_length']} characters"
        case "too_long":
            text = f"has more than {limits['max_length']} entries"
        case "string_too_short":
            text = "empty; write something or leave the key out"
        case "too_short":
            text = f"has {limits['actual_length']} entries, at least {limits['min_length']} are needed"
        case "string_pattern_mismatch":
            text = f"{given} is not possible; {_wanted(key)}"
        case "finite_number":
            text = f"{given} is not a finite number"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            sign = {"g": "at least" if "equal" in details["type"] else "more than"}.get(details["type"][0], "at most")
            limit = next(limits[name] for name in ("ge", "gt", "le", "lt") if name in limits)
            text = f"{given} is out of range; it must be {sign} {limit:g}"
            if key[-2:-1] and key[-1] == 0 and limits.get("ge") == 0:
                text += " (paths are written for the user's left side; the right is mirrored)"
        case "anchor" | "zone":
            text = str(limits["problem"])
        case kind:
            text = f"{given} is not possible here; {TYPES.get(kind, details['msg'])}"
    return Problem(key, text)


RENAMED: Final = {"or_knuckles": 'write contact = ["fingertips", "knuckles"]'}
"""Keys of earlier versions, and what is written instead."""
TYPES: Final = {
    "list_type": "write a list in [ ]",
    "tuple_type": "write a pair of numbers [a, b]",
    "dict_type": "write a table",
    "model_type": "write a table",
    "float_type": "write a number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "bool_type": "write true or false",
}
"""What was expected, by pydantic's type of error."""


MEANT: Final = {
    "circle": "spiral",
    "circles": "spiral",
    "circular": "spiral",
    "rub": "back-and-forth",
    "zigzag": "back-and-forth",
    "press": "hold",
    "rest": "hold",
    "glide": "stroke",
    "finger": "fingertips",
    "fingers": "fingertips",
    "hand": "palms",
    "hands": "palms",
    "fist": "knuckles",
    "one": "any",
    "turns": "alternate",
}
"""What is meant by other words for a motion, a contact or the hands."""


def _choices(given: object, expected: str) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    given = MEANT.get(given, given) if isinstance(given, str) and MEANT.get(given) in choices else given
    if given in choices:
        return f"did you mean {quoted(given)}?"
    return did_you_mean(given, choices) if isinstance(given, str) and choices else f"it must be {expected}"


def _wanted(key: Key) -> str:
    wanted = {
        "id": 'use lower-case letters, digits and hyphens, e.g. id = "my-routine"',
        "schema_version": "write schema_version = 1",
        "step": "write at least one [[step]]",
        "text": 'write text = "…"',
        "language": 'use a language tag, e.g. "en" or "pt-BR"',
    }
    return wanted.get(str(key[-1]), "write a pair of numbers [a, b]" if isinstance(key[-1], int) else "it is required")


def _keys_beside(key: Key) -> list[str]:
    """List the keys that are permitted in the table of ``key``."""
    models: dict[str, Any] = {
        "step": schema.Step,
        "phase": schema.Phase,
        "caution": schema.Caution,
        "schedule": schema.Schedule,
    }
    names = [part for part in key[:-1] if isinstance(part, str)]
    model = models.get(names[-1], schema.RoutineFile) if names else schema.RoutineFile
    return list(model.model_fields)
