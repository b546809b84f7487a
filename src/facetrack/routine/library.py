"""Finds routines: those that come with facetrack, the user's own folder, or any file by its path."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from facetrack.errors import FacetrackError, UsageError
from facetrack.routine.compiled import CompiledRoutine
from facetrack.routine.file.load import read_routine
from facetrack.routine.file.validation import did_you_mean, quoted
from facetrack.system import paths

Origin = Literal["shipped", "own"]
"""Whether a routine comes with facetrack or is the user's own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A routine file in one of the folders."""

    path: Path
    origin: Origin
    routine: CompiledRoutine | None  # the routine; None if the file has problems
    problem: str | None  # the first problem; None if there is none


def own_routines_dir() -> Path:
    """Return the folder of the user's own routines: ``routines`` in the data folder."""
    return paths.data_dir() / "routines"


def own_routine_files() -> list[Path]:
    """List the files in the user's own folder by name; none without a home folder."""
    try:
        return sorted(own_routines_dir().glob("*.toml"))
    except paths.NoHomeError:
        return []


def load_routine(id_or_path: str | Path) -> CompiledRoutine:
    """Load a routine.

    Parameters
    ----------
    id_or_path : str or Path
        The id of a shipped routine or of one in the user's own folder, or the path of a routine file. A text that ends in
        ``.toml`` or contains a folder is a path.

    Returns
    -------
    CompiledRoutine
        The routine: ``id``, ``title``, ``steps`` and more.

    Raises
    ------
    FacetrackError
        For an unknown id, or for a file with problems; the message lists all of them.

    Examples
    --------
    >>> import facetrack
    >>> [step.id for step in facetrack.load_routine("fascia").steps][:4]
    ['forehead', 'cheeks', 'jawline', 'neck']
    """
    name = str(id_or_path)
    if isinstance(id_or_path, Path) or name.endswith(".toml") or "/" in name or os.sep in name:
        return read_routine(Path(name).expanduser())
    shipped = paths.shipped("routines") / f"{name}.toml"
    if name in _shipped_ids():
        return _read_shipped(shipped)
    entries = own_entries()
    for entry in entries:
        if entry.routine is not None and entry.routine.id == name:
            return entry.routine
    for entry in entries:
        if entry.path.stem == name and entry.problem is not None:
            raise FacetrackError(entry.problem)
    known = [*_shipped_ids(), *(entry.routine.id for entry in entries if entry.routine is not None)]
    raise UsageError(f"there is no routine {quoted(name)}; {did_you_mean(name, known)}")


def routine_with(id_or_path: str | Path, steps: Iterable[str]) -> CompiledRoutine:
    """Load a routine that must have all of these steps. Raises as ``load_routine``, and UsageError for a step it lacks."""
    routine = load_routine(id_or_path)
    for step in steps:
        routine.step(step)
    return routine


def all_entries() -> list[Entry]:
    """List the shipped routines, then the user's own, by file name."""
    folder = paths.shipped("routines")
    shipped = [
        Entry(folder / f"{name}.toml", "shipped", _read_shipped(folder / f"{name}.toml"), None) for name in _shipped_ids()
    ]
    return [*shipped, *own_entries()]


def own_entries() -> list[Entry]:
    """List the user's own routine files. A file whose id is taken has a problem, because the history distinguishes routines by
    id."""
    taken = dict.fromkeys(_shipped_ids(), "a routine that comes with facetrack")
    entries = []
    for path in own_routine_files():
        try:
            routine = read_routine(path)
        except FacetrackError as error:
            entries.append(Entry(path, "own", None, str(error)))
            continue
        if routine.id in taken:
            problem = f"{path}: id: {quoted(routine.id)} is the id of {taken[routine.id]}; choose another"
            entries.append(Entry(path, "own", None, problem))
            continue
        taken[routine.id] = path.name
        entries.append(Entry(path, "own", routine, None))
    return entries


@cache
def _shipped_ids() -> tuple[str, ...]:
    """List the shipped routines, the Japanese one first, because it is the default."""
    return tuple(sorted((path.stem for path in paths.shipped("routines").glob("*.toml")), reverse=True))


@cache
def _read_shipped(path: Path) -> CompiledRoutine:
    return read_routine(path)
