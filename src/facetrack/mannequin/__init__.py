"""The mannequin: a procedural person who performs massages before a pinhole camera, with exact ground truth.

``perform`` makes a ``Performance`` (numpy only); ``MannequinSource`` shows it as frames; ``render_clip`` keeps a clip in the
cache. Names are imported on first use, so that importing the package costs nothing.
"""

from typing import TYPE_CHECKING

from facetrack.lazy import lazy_imports

if TYPE_CHECKING:
    from facetrack.mannequin.camera import Camera as Camera, HeadPose as HeadPose
    from facetrack.mannequin.clip import render_clip as render_clip
    from facetrack.mannequin.ground_truth.hands import (
        HandsGroundTruth as HandsGroundTruth,
        hands_ground_truth as hands_ground_truth,
    )
    from facetrack.mannequin.performance.head_motion import HeadMotion as HeadMotion
    from facetrack.mannequin.performance.mistakes import (
        Mistake as Mistake,
        MistakeWindow as MistakeWindow,
        possible_variants as possible_variants,
    )
    from facetrack.mannequin.performance.performer import perform as perform, perform_steps as perform_steps
    from facetrack.mannequin.performance.script import Performance as Performance
    from facetrack.mannequin.performance.style import Style as Style
    from facetrack.mannequin.render.pulse import Pulse as Pulse, UnsteadyLight as UnsteadyLight
    from facetrack.mannequin.render.scene import (
        Appearance as Appearance,
        Light as Light,
        Scene as Scene,
        SensorArtifacts as SensorArtifacts,
    )
    from facetrack.mannequin.source import MannequinSource as MannequinSource

__getattr__, __dir__, __all__ = lazy_imports(__name__)
