"""Massage routines: TOML files, checked and compiled to arrays, and the face's map that they speak of.

Only ``compiled`` may be imported by the core (numpy and the standard library); the rest is for commands and is imported on
first use, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facetrack.routine.file.load import read_routine as read_routine
    from facetrack.routine.file.problems import RoutineFileError as RoutineFileError
    from facetrack.routine.library import load_routine as load_routine

_HOMES = {"load_routine": "library", "read_routine": "file.load", "RoutineFileError": "file.problems"}
__all__ = ["RoutineFileError", "load_routine", "read_routine"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
