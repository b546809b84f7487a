"""Where facetrack stores things. An environment variable moves each folder; tests use them."""

import os
from pathlib import Path

import platformdirs

APP = "facetrack"


def _folder(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or default).expanduser()


def cache_dir() -> Path:
    """Return the folder of rendered clips, which can be made again. FACETRACK_CACHE_DIR moves it."""
    return _folder("FACETRACK_CACHE_DIR", platformdirs.user_cache_dir(APP, appauthor=False))


def data_dir() -> Path:
    """Return the folder of sessions, history, settings, own routines and models. FACETRACK_DATA_DIR moves it.

    ``docs/files.md`` lists every file.
    """
    return _folder("FACETRACK_DATA_DIR", platformdirs.user_data_dir(APP, appauthor=False))


def models_dir() -> Path:
    """Return the folder of the two model bundles. FACETRACK_MODELS_DIR moves it."""
    return _folder("FACETRACK_MODELS_DIR", str(data_dir() / "models"))


def shipped(name: str) -> Path:
    """Return a data folder or file that comes with the package, e.g. ``routines`` or ``models/manifest.toml``.

    In an installed wheel it lies inside the package, in a source checkout at the top of the repository.
    """
    inside = Path(__file__).parents[1] / "_data" / name
    return inside if inside.exists() else Path(__file__).parents[3] / name
