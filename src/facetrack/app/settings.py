"""Reads a user's settings: ``settings.toml`` in facetrack's data folder. Options on the command line win."""

from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from facetrack.errors import FacetrackError
from facetrack.routine.file.validation import Key, Problem, did_you_mean, problem_line, quoted
from facetrack.system.paths import NoHomeError, data_dir
from facetrack.system.toml_text import parse_toml

FILE_NAME: Final = "settings.toml"
LARGEST_FILE_BYTES: Final = 1 << 16
MOST_CAMERAS: Final = 999
LONGEST_NAME: Final = 200
MOST_PROBLEMS: Final = 5
"""Largest number of problems in one message."""


def _number_as_text(camera: Any) -> Any:
    is_number = isinstance(camera, int) and not isinstance(camera, bool) and 0 <= camera <= MOST_CAMERAS
    return str(camera) if is_number else camera


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("it holds letters that can't be printed")
    return name


Camera = Annotated[
    StrictStr,
    BeforeValidator(_number_as_text),
    AfterValidator(_printable),
    Field(min_length=1, max_length=LONGEST_NAME),
]


class Settings(BaseModel):
    """Holds the settings. areas_of_concern: ids of steps, or zones, to offer a second time. voice: whether to speak.

    camera: which one, as ``--camera`` takes it; None: the first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    areas_of_concern: tuple[StrictStr, ...] = Field(default=(), description='steps or zones, such as ["cheeks", "jaw"]')
    voice: StrictBool = Field(default=True, description="true or false")
    camera: Camera | None = Field(default=None, description='one of `facetrack cameras`, such as "0"')


def settings_path() -> Path:
    """Say where the file is, or would be."""
    return data_dir() / FILE_NAME


def read_settings() -> Settings:
    """Read the settings; defaults where there is no file, or no home for one. Raises FacetrackError with every problem, one a
    line."""
    try:
        path = settings_path()
    except NoHomeError:
        return Settings()
    try:
        if not path.exists():
            return Settings()
        if not path.is_file() or path.stat().st_size > LARGEST_FILE_BYTES:
            raise FacetrackError(f"{path} is not a settings file of up to {LARGEST_FILE_BYTES // 1024} kB. Delete it.")
        return Settings.model_validate(parse_toml(path.read_bytes()))
    except ValidationError as error:
        raise FacetrackError("\n".join(_problems(path, error))) from None
    except (OSError, ValueError) as error:
        raise FacetrackError(f"{path} can't be read: {error}. Correct or delete it.") from error


def _problems(path: Path, error: ValidationError) -> list[str]:
    """Write one line for each wrong setting: its value, and what would be right."""
    lines: dict[str, str] = {}
    for details in error.errors(include_url=False):
        name = str(details["loc"][0])
        key: Key = (quoted(name)[1:-1], *details["loc"][1:])
        if name in Settings.model_fields:
            text = f"{quoted(details['input'])} is not possible; right would be {Settings.model_fields[name].description}"
        else:
            text = f"no such setting; {did_you_mean(name, Settings.model_fields)}"
        lines.setdefault(name, problem_line(path, Problem(key, text)))
    more = [f"{path}: and {len(lines) - MOST_PROBLEMS} problems more"] if len(lines) > MOST_PROBLEMS else []
    return [*lines.values()][:MOST_PROBLEMS] + more
