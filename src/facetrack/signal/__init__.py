"""Filters that step through time. Uses the standard library and numpy only."""

from facetrack.signal.circular_motion import CircularMotionTracker, StraightRunDetector
from facetrack.signal.one_euro import OneEuro
from facetrack.signal.pulse.estimate import PulseReading, PulseSamples, read_pulse
from facetrack.signal.velocity_estimator import VelocityEstimator

__all__ = [
    "CircularMotionTracker",
    "OneEuro",
    "PulseReading",
    "PulseSamples",
    "StraightRunDetector",
    "VelocityEstimator",
    "read_pulse",
]
