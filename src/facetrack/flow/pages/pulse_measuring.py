"""Measures the pulse as a part of a session: on a page before the first step, or while a recording begins."""

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from facetrack.flow.tempo import PulseRate
from facetrack.packets import Observation
from facetrack.signal.pulse.estimate import MOST_S, PulseReading
from facetrack.signal.pulse.quality import NoReading

MEASURE_MOST_S: Final = 45.0
"""After this time, interruptions included, the session continues without a reading."""
RECORDING_MOST_S: Final = 60.0
"""How much of a recording's beginning is searched for a face at rest."""
RESULT_SHOWN_S: Final = 4.0
"""How long the page with the result is shown."""


class PulseWatching(Protocol):
    """What the flow needs of ``pulse.PulseWatch``."""

    @property
    def reading(self) -> PulseReading | None: ...
    @property
    def seconds(self) -> float: ...
    @property
    def left_s(self) -> float: ...
    @property
    def fault(self) -> NoReading | None: ...
    def update(self, image_bgr: NDArray[np.uint8], observation: Observation, /) -> None: ...
    def finish(self) -> PulseReading: ...


@dataclass(slots=True)
class PulseMeasuring:
    """A measurement of the pulse and what came of it."""

    watch: PulseWatching
    typed: PulseRate | None = None  # the pulse that the user entered, which counts if there is no reading
    pulse: PulseRate | None = None  # the result; None until it is known, and if there is neither a reading nor an entered pulse
    began_s: float = math.nan

    def update(self, image_bgr: NDArray[np.uint8], observation: Observation, most_s: float = MEASURE_MOST_S) -> None:
        """Process a frame, until there is a reading or most_s have passed."""
        if self.reading is not None:
            return
        if math.isnan(self.began_s):
            self.began_s = observation.t_s
        self.watch.update(image_bgr, observation)
        if observation.t_s - self.began_s >= most_s:
            self.watch.finish()
        if self.reading is not None:
            self._conclude(self.reading)

    def give_up(self) -> None:
        """End the measurement; what was seen until now decides."""
        self._conclude(self.watch.finish())

    def _conclude(self, reading: PulseReading) -> None:
        known = reading.reason is None
        self.pulse = PulseRate(reading.bpm, "camera", reading.confidence) if known else self.typed

    @property
    def reading(self) -> PulseReading | None:
        return self.watch.reading

    @property
    def share(self) -> float:
        """0..1 of the longest measurement."""
        return min(1.0, self.watch.seconds / MOST_S)
