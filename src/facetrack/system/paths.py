"""Where facetrack stores things. An environment variable moves each folder; tests use them."""

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from facetrack.errors import FacetrackError

APP = "facetrack"


class NoHomeError(FacetrackError):
    """Says that this user has no folder for files, as in containers and services without a home folder."""


def _folder(variable: str, default: Callable[[], Path | str]) -> Path:
    try:
        return Path(os.environ.get(variable) or default()).expanduser()
    except RuntimeError as error:
        raise NoHomeError(
            "This user has no home folder (HOME is not set), so there is no place for facetrack's files. Name one with "
            "FACETRACK_DATA_DIR=FOLDER."
        ) from error


def cache_dir() -> Path:
    """Return the folder of rendered clips, which can be made again. FACETRACK_CACHE_DIR moves it.

    Without a home folder it lies in the data folder. Raises NoHomeError where that is not known either.
    """
    try:
        return _folder("FACETRACK_CACHE_DIR", lambda: platformdirs.user_cache_dir(APP, appauthor=False))
    except NoHomeError:
        return data_dir() / "cache"


def data_dir() -> Path:
    """Return the folder of sessions, history, settings, own routines and models. FACETRACK_DATA_DIR moves it.

    ``docs/files.md`` lists every file. Raises NoHomeError without a home folder.
    """
    return _folder("FACETRACK_DATA_DIR", lambda: platformdirs.user_data_dir(APP, appauthor=False))


def models_dir() -> Path:
    """Return the folder of the two model bundles. FACETRACK_MODELS_DIR moves it. Raises NoHomeError without a home folder."""
    return _folder("FACETRACK_MODELS_DIR", lambda: data_dir() / "models")


def shipped(name: str) -> Path:
    """Return a data folder or file that comes with the package, e.g. ``routines`` or ``models/manifest.toml``.

    In an installed wheel it lies inside the package, in a source checkout at the top of the repository.
    """
    inside = Path(__file__).parents[1] / "_data" / name
    return inside if inside.exists() else Path(__file__).parents[3] / name
