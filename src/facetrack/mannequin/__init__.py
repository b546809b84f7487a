"""The mannequin: a procedural person who performs massages before a pinhole camera, with exact truth.

``perform`` makes a ``Performance`` (numpy only); ``MannequinSource`` shows it as frames; ``render_clip`` keeps a clip in
the cache. Names are imported on first use, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facetrack.mannequin.camera import Camera as Camera
    from facetrack.mannequin.camera import HeadPose as HeadPose
    from facetrack.mannequin.clip import Clip as Clip
    from facetrack.mannequin.clip import render_clip as render_clip
    from facetrack.mannequin.hand_truth import HandsTruth as HandsTruth
    from facetrack.mannequin.hand_truth import hands_truth as hands_truth
    from facetrack.mannequin.look import Flaws as Flaws
    from facetrack.mannequin.look import Light as Light
    from facetrack.mannequin.look import Look as Look
    from facetrack.mannequin.look import Scene as Scene
    from facetrack.mannequin.mistakes import Mistake as Mistake
    from facetrack.mannequin.mistakes import MistakeWindow as MistakeWindow
    from facetrack.mannequin.mistakes import possible_variants as possible_variants
    from facetrack.mannequin.motion import HeadMotion as HeadMotion
    from facetrack.mannequin.performance import Performance as Performance
    from facetrack.mannequin.performer import perform as perform
    from facetrack.mannequin.performer import perform_steps as perform_steps
    from facetrack.mannequin.pulse import Pulse as Pulse
    from facetrack.mannequin.pulse import UnsteadyLight as UnsteadyLight
    from facetrack.mannequin.source import MannequinSource as MannequinSource
    from facetrack.mannequin.style import Style as Style
    from facetrack.mannequin.truth import Truth as Truth

_HOMES = {
    "Camera": "camera",
    "HeadPose": "camera",
    "Clip": "clip",
    "render_clip": "clip",
    "HandsTruth": "hand_truth",
    "hands_truth": "hand_truth",
    "Flaws": "look",
    "Light": "look",
    "Look": "look",
    "Scene": "look",
    "Mistake": "mistakes",
    "MistakeWindow": "mistakes",
    "possible_variants": "mistakes",
    "HeadMotion": "motion",
    "Performance": "performance",
    "perform": "performer",
    "perform_steps": "performer",
    "MannequinSource": "source",
    "Style": "style",
    "Truth": "truth",
    "Pulse": "pulse",
    "UnsteadyLight": "pulse",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
