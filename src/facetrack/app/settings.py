"""Reads a user's settings: ``settings.toml`` in facetrack's data folder. Options on the command line win."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facetrack.errors import FacetrackError
from facetrack.system.paths import data_dir

FILE_NAME: Final = "settings.toml"
KNOWN: Final = ("areas_of_concern", "voice", "camera")
LARGEST_FILE_BYTES: Final = 1 << 16
MOST_CAMERAS: Final = 999
LONGEST_NAME: Final = 200
LONGEST_SHOWN: Final = 60
"""Letters of a wrong value that a message repeats."""


@dataclass(frozen=True, slots=True)
class Settings:
    """areas_of_concern: ids of steps, or zones, to offer a second time. voice: whether to speak. camera: which one, as
    ``--camera`` takes it; None: the first."""

    areas_of_concern: tuple[str, ...] = ()
    voice: bool = True
    camera: str | None = None


def settings_path() -> Path:
    """Where the file is, or would be."""
    return data_dir() / FILE_NAME


def read_settings() -> Settings:
    """The defaults where there is no file. Raises FacetrackError where it can't be understood."""
    path = settings_path()
    found = _table(path)
    wrong = [name for name in found if name not in KNOWN]
    if wrong:
        raise FacetrackError(f"{path} has an unknown setting {wrong[0][:LONGEST_SHOWN]!r}. Known are: {', '.join(KNOWN)}.")
    areas, voice, camera = found.get("areas_of_concern", []), found.get("voice", True), found.get("camera")
    if not isinstance(areas, list) or not all(isinstance(area, str) for area in areas):
        raise FacetrackError(f'{path}: areas_of_concern is a list of steps or zones, such as ["cheeks", "jaw"].')
    if not isinstance(voice, bool):
        raise FacetrackError(f"{path}: voice is true or false.")
    if isinstance(camera, int) and not isinstance(camera, bool) and 0 <= camera <= MOST_CAMERAS:
        camera = str(camera)
    if camera is not None and not isinstance(camera, str):
        raise FacetrackError(f'{path}: camera is a number or name in quotes, such as "0".')
    if camera is not None and not (camera.isprintable() and 0 < len(camera) <= LONGEST_NAME):
        raise FacetrackError(f"{path}: camera is not a valid camera id. `facetrack cameras` lists them.")
    return Settings(tuple(areas), voice, camera)


def _table(path: Path) -> dict[str, Any]:
    """What the file says; empty where there is none."""
    try:
        if not path.exists():
            return {}
        if not path.is_file() or path.stat().st_size > LARGEST_FILE_BYTES:
            raise FacetrackError(f"{path} is no settings file of up to {LARGEST_FILE_BYTES // 1024} kB. Delete it.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise FacetrackError(f"{path} is not text in UTF-8. Correct or delete it.") from error
    except RecursionError as error:
        raise FacetrackError(f"{path} nests too deeply. Correct or delete it.") from error
    except (OSError, ValueError) as error:
        words = " ".join(str(error).split())
        raise FacetrackError(f"{path} can't be read ({words}). Correct or delete it.") from error
