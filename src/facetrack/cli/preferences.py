"""What a user prefers: ``settings.toml`` in facetrack's data folder. Options on the command line win."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from facetrack.errors import FacetrackError
from facetrack.paths import data_dir

FILE_NAME: Final = "settings.toml"
KNOWN: Final = ("areas_of_concern", "voice", "camera")


@dataclass(frozen=True, slots=True)
class Preferences:
    """areas_of_concern: ids of steps, or zones, to offer a second time. voice: whether to speak. camera: which one, as
    ``--camera`` takes it; None: the first."""

    areas_of_concern: tuple[str, ...] = ()
    voice: bool = True
    camera: str | None = None


def settings_path() -> Path:
    """Where the file is, or would be."""
    return data_dir() / FILE_NAME


def read_preferences() -> Preferences:
    """The defaults where there is no file. Raises FacetrackError where it can't be understood."""
    path = settings_path()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError) as error:
        raise FacetrackError(f"{path} can't be read ({error}). Correct or delete it.") from error
    wrong = [name for name in found if name not in KNOWN]
    if wrong:
        raise FacetrackError(f"{path} has an unknown setting {wrong[0]!r}. Known are: {', '.join(KNOWN)}.")
    areas, voice, camera = found.get("areas_of_concern", []), found.get("voice", True), found.get("camera")
    if not isinstance(areas, list) or not all(isinstance(area, str) for area in areas):
        raise FacetrackError(f'{path}: areas_of_concern is a list of steps or zones, such as ["cheeks", "jaw"].')
    if not isinstance(voice, bool):
        raise FacetrackError(f"{path}: voice is true or false.")
    if not isinstance(camera, str | int | None) or isinstance(camera, bool):
        raise FacetrackError(f'{path}: camera is a number or name in quotes, such as "0".')
    return Preferences(tuple(areas), voice, None if camera is None else str(camera))
