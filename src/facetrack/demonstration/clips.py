"""Renders the film of a step once into the cache."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from facetrack.routine.compiled import CompiledStep
from facetrack.system.paths import NoHomeError, cache_dir

if TYPE_CHECKING:
    from facetrack.mannequin import Performance, Scene

SIZE_WH: Final = (240, 300)
"""Width and height of a film in pixels."""
FPS: Final = 12.0
"""Frames per second of a film."""
SECONDS: Final = 6.5
"""Length of a film: one or two repetitions at a comfortable pace."""
DISTANCE_MM: Final = 620.0
"""Distance of the camera from the nose bridge."""
FOV_DEG: Final = 25.0
"""Angle of view with which the picture shows 275 mm across: the face, and a hand on either side."""
SHIFT_MM: Final = (0.0, 55.0)
"""Shift of the camera with which the picture reaches from above the forehead down to the collarbones."""


def _film(step: CompiledStep) -> "tuple[Performance, Scene]":
    from facetrack.mannequin import Camera, Scene, SensorArtifacts, Style, perform

    style = Style(order="together", variation=0.3)
    scene = Scene(camera=Camera(SIZE_WH, FOV_DEG, DISTANCE_MM, SHIFT_MM), flaws=SensorArtifacts(noise=0.0))
    return perform(step, (), style, neutral_s=0.0, seconds=SECONDS), scene


def _folder() -> Path:
    return cache_dir() / "demonstrations"


def demonstration_clip(step: CompiledStep) -> Path:
    """Return the film, rendered now (some seconds) if it is not in the cache. Raises FacetrackError if it can't be written."""
    from facetrack.mannequin import render_clip

    performance, scene = _film(step)
    return render_clip(performance, scene, fps=FPS, folder=_folder())


def demonstration_ready(step: CompiledStep) -> Path | None:
    """Return the film if it is in the cache, else None."""
    from facetrack.mannequin import HeadMotion
    from facetrack.mannequin.clip import content_key

    performance, scene = _film(step)
    try:
        folder = _folder()
    except NoHomeError:
        return None
    video = folder / f"{content_key(performance, scene, HeadMotion(), FPS, 'mp4v')}.mp4"
    return video if video.exists() else None
