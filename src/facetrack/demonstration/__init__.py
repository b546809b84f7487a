"""Short films of the mannequin doing a step, shown in the picture before a user knows the step."""

from facetrack.demonstration.clips import demonstration_clip, demonstration_ready
from facetrack.demonstration.making import Making
from facetrack.demonstration.player import DemonstrationPlayer

__all__ = ["DemonstrationPlayer", "Making", "demonstration_clip", "demonstration_ready"]
