"""Runs all checks, in an order in which each can rely on the ones before it."""

from collections.abc import Iterator

from facetrack.doctor.camera_checks import camera_checks, speed_check
from facetrack.doctor.check import Check
from facetrack.doctor.environment_checks import disk_check, display_check, library_check, models_check, sound_check


def run_checks(camera: str | None = None) -> Iterator[Check]:
    """Yield each check's result as soon as it is known. Never raises for what it finds, because reporting that is its
    purpose."""
    libraries = library_check()
    yield libraries
    yield models_check()
    if libraries.state == "good":
        yield from camera_checks(camera)
        yield speed_check()
    else:
        yield from (Check(name, "unknown", "the libraries don't load") for name in ("camera", "light", "speed"))
    yield display_check()
    yield sound_check()
    yield disk_check()
