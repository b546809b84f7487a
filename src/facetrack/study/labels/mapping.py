"""Understands the words of labels: which kind of mistake they mean, and which side."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from facetrack.routine.kinds import KINDS
from facetrack.study.event import Event, events_of
from facetrack.study.labels.row import LabelError, LabelRow

IGNORE: Final = "ignore"
"""The word of a mapping for labels that are none of a mistake; their recording counts as labelled."""
_SIDES: Final = ("left", "right", "both")
_EXAMPLE: Final = '"wrong place" = "zone", "left hand" = "left", "talking" = "ignore"'


def read_mapping(path: Path | None) -> dict[str, str]:
    """Read a mapping file: a table ``[codes]`` that translates the labels' words. None: facetrack's own words only.

    Raises LabelError, in one line, where it can't be read or translates into words that facetrack does not know.
    """
    if path is None:
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LabelError(f"{path} can't be read ({error.strerror}).") from error
    except ValueError as error:
        raise LabelError(f"{path} is not a TOML file: {error}.") from error
    codes = content.get("codes")
    if set(content) != {"codes"} or not isinstance(codes, dict):
        raise LabelError(f"{path} must hold one table [codes], such as {_EXAMPLE}.")
    for text, meaning in codes.items():
        if not isinstance(meaning, str) or not _known(meaning):
            words = ", ".join((*KINDS, *_SIDES, IGNORE))
            raise LabelError(f"{path} translates {text!r} into {meaning!r}. Possible: {words}, or a kind and a side together.")
    return {text.strip().casefold(): meaning for text, meaning in codes.items()}


def _known(meaning: str) -> bool:
    words = _split(meaning)
    return bool(words) and all(word in (*KINDS, *_SIDES, IGNORE) for word in words)


def _split(meaning: str) -> list[str]:
    """Return the words of ``zone left``, ``zone-left`` or ``left_zone``."""
    return re.split(r"[-_|\s]+", meaning.strip().casefold())


def understand(row: LabelRow, codes: Mapping[str, str]) -> list[Event]:
    """Return the mistakes that a label means, one for each side; none where it is to be ignored.

    Raises LabelError where its words name no kind, more than one kind, or more than one side.
    """
    words = [word for text in (row.value, *row.texts) for word in _words(text, codes)]
    if IGNORE in words:
        return []
    kinds, sides = _distinct(words, KINDS), _distinct(words, _SIDES)
    said = " / ".join(filter(None, (*row.texts, row.value)))
    if not kinds:
        raise LabelError(f"the label {said!r} names no kind ({', '.join(KINDS)}). Translate it with --mapping: {_EXAMPLE}.")
    if len(kinds) > 1 or len(sides) > 1:
        raise LabelError(f"the label {said!r} means both {' and '.join(kinds if len(kinds) > 1 else sides)}.")
    return list(events_of(kinds[0], sides[0] if sides else "both", row.t_start_s, row.t_end_s))


def _words(text: str, codes: Mapping[str, str]) -> list[str]:
    """Return what a text means; nothing where it means nothing, as a comment."""
    meaning = codes.get(text.strip().casefold(), text)
    return _split(meaning) if _known(meaning) else []


def _distinct(words: Iterable[str], of: Iterable[str]) -> list[str]:
    return [word for word in of if word in set(words)]
