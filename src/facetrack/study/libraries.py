"""Imports the libraries of the extra ``study`` when they are needed."""

from importlib import import_module
from typing import Any

from facetrack.errors import FacetrackError


def library(name: str) -> Any:
    """Import pyarrow, pandas, scipy, or a module of one of them. Raises FacetrackError where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise FacetrackError(f"Studies need {name.split('.')[0]}: pip install 'facetrack[study]'.") from error
