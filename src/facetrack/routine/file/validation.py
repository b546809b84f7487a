"""Describes what is wrong in a routine file, so that its author can correct it."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from facetrack.errors import FacetrackError

Key = tuple[str | int, ...]
"""A place in the file: names of keys and, counted from 0, positions in lists."""

SHOWN_CHARACTERS = 40
"""Longest part of a value that is quoted."""
MOST_LIKELY = 6
"""Most names that are proposed instead of an unknown one."""
MOST_LISTED = 24
"""Longer lists of names are not written out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a file."""

    key: Key  # where it is in the file
    text: str  # what is wrong, and what would be right


class RoutineFileError(FacetrackError):
    """A routine file that can't be used. ``lines`` holds each problem as ``file: key: what is wrong, and what would be
    right``."""

    def __init__(self, file: str, lines: Sequence[str]) -> None:
        self.file = file
        self.lines = tuple(lines)
        rest = f" (and {len(lines) - 1} more: facetrack routines validate {file})" if len(lines) > 1 else ""
        super().__init__(f"{lines[0]}{rest}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean "cheek"?`` if known names are similar or share a word, else the names, the likeliest first."""
    names = list(known)
    given = name[:SHOWN_CHARACTERS]
    close = difflib.get_close_matches(given, names, n=2, cutoff=0.6)
    words = set(re.findall(r"[a-z]+", given.casefold()))
    likely = close or [one for one in names if words & set(one.split("-"))]
    if likely:
        return f"did you mean {' or '.join(quoted(match) for match in likely[:MOST_LIKELY])}?"
    if len(names) <= MOST_LISTED:
        return f"possible values are {', '.join(names)}"
    nearest = difflib.get_close_matches(given, names, n=MOST_LIKELY, cutoff=0.0)
    return f"possible values are {', '.join(nearest)} and {len(names) - len(nearest)} more (docs/routines.md shows them)"


def quoted(value: object) -> str:
    """Return a value of the file, shortened, on one line."""
    try:
        text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    except (ValueError, RecursionError):  # Python refuses to print numbers of thousands of digits
        return "a number of thousands of digits"
    text = "".join(character if character.isprintable() else "?" for character in text[: 2 * SHOWN_CHARACTERS])
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


def key_text(key: Key, step_ids: Sequence[object]) -> str:
    """Return e.g. ``step[2] (forehead).zone[1]``. Positions in lists are counted from 1, as people do."""
    text = ""
    for depth, part in enumerate(key):
        if isinstance(part, int):
            text += f"[{part + 1}]"
            is_step = depth == 1 and key[0] == "step" and part < len(step_ids)
            if is_step and isinstance(step_ids[part], str):
                text += f" ({quoted(step_ids[part])[1:-1]})"
        else:
            text += f".{part}" if text else part
    return text


def problem_line(file: Path | str, problem: Problem, step_ids: Sequence[object] = ()) -> str:
    """Return one line: file, key (if the problem has a place), what is wrong."""
    where = key_text(problem.key, step_ids)
    return f"{file}: {where}: {problem.text}" if where else f"{file}: {problem.text}"
