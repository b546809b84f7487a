"""Windows of plain noise in the regions' colours: how often that alone looks like a beat."""

from typing import Any, Final

import numpy as np

from benchmarks.pulse.readings import share
from facetrack.signal.pulse.estimate import PulseSamples, read_pulse

WINDOWS: Final = 2500
SKIN_RGB: Final = np.array([150.0, 110.0, 90.0])
NOISE: Final = 0.06
"""Grey levels of a region's mean: 600 pixels of a webcam's 1.5; more or less of it here and there does not matter."""


def noise_figures(windows: int = WINDOWS) -> dict[str, Any]:
    """Of 20 s each, half at 30 and half at 15 frames a second; a part of the noise is common to the regions."""
    given, highest = 0, 0.0
    for k in range(windows):
        reading = read_pulse(_window(np.random.default_rng((9, k)), (30.0, 15.0)[k % 2]))
        given += reading.reason is None
        highest = max(highest, reading.confidence)
    return {"false_readings": share(given, windows), "highest_confidence": round(highest, 4)}


def _window(rng: np.random.Generator, fps: float) -> PulseSamples:
    count = round(20.0 * fps) + 1
    t_s = np.arange(count) / fps + rng.uniform(-0.004, 0.004, count)
    own = rng.normal(0.0, NOISE, (count, 3, 3)) * rng.uniform(0.5, 2.0, (1, 3, 1))
    common = rng.normal(0.0, NOISE * rng.uniform(0.0, 0.4), (count, 1, 3))
    wall = np.full((count, 3), 150.0) + rng.normal(0.0, NOISE / 2.0, (count, 3))
    every = np.ones(count, bool)
    return PulseSamples(t_s, SKIN_RGB + own + common, wall, rng.normal(0.0, 0.05, (count, 2)), every, ~every)
