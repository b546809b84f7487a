"""The film of a step, rendered once into the cache."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from facetrack.routine.compiled import CompiledStep
from facetrack.system.paths import cache_dir

if TYPE_CHECKING:
    from facetrack.mannequin import Performance, Scene

SIZE_WH: Final = (240, 300)
FPS: Final = 12.0
SECONDS: Final = 6.5
"""Of work: one or two repetitions at a comfortable pace."""
DISTANCE_MM: Final = 620.0
FOV_DEG: Final = 25.0
"""So that the picture shows 275 mm across: the face, and a hand on either side."""
SHIFT_MM: Final = (0.0, 55.0)
"""From over the forehead down to the collarbones."""


def _film(step: CompiledStep) -> "tuple[Performance, Scene]":
    from facetrack.mannequin import Camera, Scene, SensorArtifacts, Style, perform

    style = Style(order="together", variation=0.3)
    scene = Scene(camera=Camera(SIZE_WH, FOV_DEG, DISTANCE_MM, SHIFT_MM), flaws=SensorArtifacts(noise=0.0))
    return perform(step, (), style, neutral_s=0.0, seconds=SECONDS), scene


def _folder() -> Path:
    return cache_dir() / "demonstrations"


def demonstration_clip(step: CompiledStep) -> Path:
    """The film, rendered now if it is not in the cache: some seconds. Raises FacetrackError where it can't be written."""
    from facetrack.mannequin import render_clip

    performance, scene = _film(step)
    return render_clip(performance, scene, fps=FPS, folder=_folder())


def demonstration_ready(step: CompiledStep) -> Path | None:
    """The film if it is in the cache."""
    from facetrack.mannequin import HeadMotion
    from facetrack.mannequin.clip import content_key

    performance, scene = _film(step)
    video = _folder() / f"{content_key(performance, scene, HeadMotion(), FPS, 'mp4v')}.mp4"
    return video if video.exists() else None
