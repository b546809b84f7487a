"""Runs all checks, in an order in which each can rely on the ones before it."""

from collections.abc import Iterator

from facetrack.doctor.camera_checks import camera_checks, speed_check
from facetrack.doctor.check import Check
from facetrack.doctor.environment_checks import display_check, library_check, models_check, sound_check
from facetrack.doctor.folder_checks import disk_check, folders_check, history_check, settings_check


def run_checks(camera: str | None = None) -> Iterator[Check]:
    """Yield each check's result as soon as it is known. Never raises for what it finds, because reporting that is its
    purpose, and changes nothing: what is missing is not fetched or made."""
    libraries, models = library_check(), models_check()
    yield libraries
    yield models
    if libraries.state == "good":
        yield from camera_checks(camera, models=models.state == "good")
        yield speed_check() if models.state == "good" else Check("speed", "unknown", "without the models", models.advice)
    else:
        yield from (Check(name, "unknown", "the libraries don't load") for name in ("camera", "light", "speed"))
    yield display_check()
    yield sound_check()
    yield settings_check()
    yield history_check()
    yield folders_check()
    yield disk_check()
