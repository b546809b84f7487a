"""The mannequin: a procedural person who performs massages before a pinhole camera, with exact truth.

``perform`` makes a ``Performance`` (numpy only); ``MannequinSource`` shows it as frames; ``render_clip`` keeps a clip in
the cache. Names are imported on first use, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

if TYPE_CHECKING:
    from facetrack.mannequin.camera import Camera as Camera
    from facetrack.mannequin.camera import HeadPose as HeadPose
    from facetrack.mannequin.clip import Clip as Clip
    from facetrack.mannequin.clip import render_clip as render_clip
    from facetrack.mannequin.ground_truth.frame import Truth as Truth
    from facetrack.mannequin.ground_truth.hands import HandsTruth as HandsTruth
    from facetrack.mannequin.ground_truth.hands import hands_truth as hands_truth
    from facetrack.mannequin.performance.head_motion import HeadMotion as HeadMotion
    from facetrack.mannequin.performance.mistakes import Mistake as Mistake
    from facetrack.mannequin.performance.mistakes import MistakeWindow as MistakeWindow
    from facetrack.mannequin.performance.mistakes import possible_variants as possible_variants
    from facetrack.mannequin.performance.performer import perform as perform
    from facetrack.mannequin.performance.performer import perform_steps as perform_steps
    from facetrack.mannequin.performance.script import Performance as Performance
    from facetrack.mannequin.performance.style import Style as Style
    from facetrack.mannequin.render.pulse import Pulse as Pulse
    from facetrack.mannequin.render.pulse import UnsteadyLight as UnsteadyLight
    from facetrack.mannequin.render.scene import Flaws as Flaws
    from facetrack.mannequin.render.scene import Light as Light
    from facetrack.mannequin.render.scene import Look as Look
    from facetrack.mannequin.render.scene import Scene as Scene
    from facetrack.mannequin.source import MannequinSource as MannequinSource

__getattr__, __dir__, __all__ = lazy_imports(__name__)
