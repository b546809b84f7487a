"""Filters that step through time: pure Python and numpy."""

from facetrack.signal.one_euro import OneEuro
from facetrack.signal.slope import Slope
from facetrack.signal.turning import StraightRun, Turning

__all__ = ["OneEuro", "Slope", "StraightRun", "Turning"]
