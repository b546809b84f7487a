"""Remembers what a user need not be shown again: the safety page that was read today, and the steps that they know."""

import contextlib
import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from facetrack.errors import UsageError
from facetrack.system.files import write_atomically
from facetrack.system.own_files import check_writable
from facetrack.system.paths import NoHomeError, data_dir

FILE_NAME: Final = "remembered.json"
OWN_MARK: Final = re.compile(rb'\A\{\s*"(?:safety_read|known_steps|concern)":')
"""Begins the file that facetrack wrote; another of its name is left alone."""


def _path() -> Path:
    return data_dir() / FILE_NAME


def _read() -> dict[str, Any]:
    """Read the file; empty where there is none, or none that can be understood: then things are shown once more."""
    with contextlib.suppress(OSError, ValueError, RecursionError, NoHomeError):
        found = json.loads(_path().read_bytes()) if _path().is_file() else None
        if isinstance(found, dict):
            return found
    return {}


def _table(name: str) -> dict[str, Any]:
    table = _read().get(name)
    return table if isinstance(table, dict) else {}


def _write(name: str, key: str, value: object) -> None:
    found = _read()
    found[name] = _table(name) | {key: value}
    with contextlib.suppress(OSError, NoHomeError, UsageError):  # then it is shown again next time
        check_writable(_path(), lambda ends: OWN_MARK.search(ends.head) is not None)
        _path().parent.mkdir(parents=True, exist_ok=True)
        write_atomically(_path(), (json.dumps(found, indent=1, ensure_ascii=False) + "\n").encode())


def safety_read_today(routine_id: str, today: date | None = None) -> bool:
    """Check whether this routine's safety page was read today."""
    return bool(_table("safety_read").get(routine_id) == (today or date.today()).isoformat())


def mark_safety_read(routine_id: str, today: date | None = None) -> None:
    """Note that it was read just now."""
    _write("safety_read", routine_id, (today or date.today()).isoformat())


def known_steps(routine_id: str) -> frozenset[str]:
    """Read which steps were done in an earlier session, or have had their demonstration seen."""
    steps = _table("known_steps").get(routine_id)
    return frozenset(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else frozenset()


def concern(routine_id: str) -> tuple[str, ...] | None:
    """Read which steps the user wants to do once more at the end; None where that was never asked."""
    steps = _table("concern").get(routine_id)
    return tuple(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else None


def mark_concern(routine_id: str, steps: Iterable[str]) -> None:
    """Note the answer, so that it is not asked again."""
    _write("concern", routine_id, list(steps))


def mark_steps_known(routine_id: str, steps: Iterable[str]) -> None:
    """Note that these are known from now on."""
    known = known_steps(routine_id)
    if not set(steps) <= known:
        _write("known_steps", routine_id, sorted(known | set(steps)))
