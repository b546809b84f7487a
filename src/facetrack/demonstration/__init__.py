"""Short films of the mannequin doing a step, shown in the picture until the user knows the step."""

from facetrack.demonstration.background_renderer import BackgroundRenderer
from facetrack.demonstration.clips import demonstration_clip, demonstration_ready
from facetrack.demonstration.player import DemonstrationPlayer

__all__ = ["BackgroundRenderer", "DemonstrationPlayer", "demonstration_clip", "demonstration_ready"]
