"""Massage routines: TOML files, checked and compiled to arrays, and the map of the face that they refer to.

Only ``compiled`` may be imported by the core (numpy and the standard library); the rest is for commands and is imported on
first use, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

if TYPE_CHECKING:
    from facetrack.routine.file.load import read_routine as read_routine
    from facetrack.routine.file.validation import RoutineFileError as RoutineFileError
    from facetrack.routine.library import load_routine as load_routine

__getattr__, __dir__, __all__ = lazy_imports(__name__)
