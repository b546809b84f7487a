"""The pulse of a resting face: pixels in, a rate or a reason out. A cue for tempo, not a medical reading."""

from facetrack.pulse.skin_regions import SkinColours, skin_colours
from facetrack.pulse.watch import PulseWatch

__all__ = ["PulseWatch", "SkinColours", "skin_colours"]
