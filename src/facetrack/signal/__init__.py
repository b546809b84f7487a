"""Filters that step through time: pure Python and numpy."""

from facetrack.signal.one_euro import OneEuro
from facetrack.signal.pulse.estimate import PulseReading, PulseSamples, read_pulse
from facetrack.signal.slope import Slope
from facetrack.signal.turning import StraightRun, Turning

__all__ = ["OneEuro", "PulseReading", "PulseSamples", "Slope", "StraightRun", "Turning", "read_pulse"]
