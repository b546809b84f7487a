"""Watches a resting face until there is a reading of its pulse, or it is certain that there is none."""

from collections import deque
from itertools import takewhile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetrack.packets import Observation
from facetrack.pulse.skin_regions import SkinColours, skin_colours
from facetrack.signal.pulse.estimate import LEAST_S, LONGEST_GAP_S, MOST_S, PulseReading, PulseSamples, read_pulse
from facetrack.signal.pulse.quality import DARK, MOVED_MM, NoReading, moved_mm

FIRST_LOOK_S: Final = 14.9
"""A reading is first tried after this time: 15 s, less a frame for recordings of exactly 15 s."""
LOOK_EVERY_S: Final = 1.0
"""After the first try, a reading is tried this often, until one is clear or MOST_S are full."""
_FAULT_S: Final = 1.0
"""What is wrong at present is judged from this much time."""


class PulseWatch:
    """Takes every picture with ``update``; ``reading`` is set once the measurement is over. Losing or covering the face starts
    again, unless what was seen until then is clear."""

    def __init__(self) -> None:
        self.reading: PulseReading | None = None
        self._newest: deque[SkinColours] = deque()
        self._run: list[SkinColours] = []
        self._looked_s = FIRST_LOOK_S - LOOK_EVERY_S

    @property
    def seconds(self) -> float:
        """Seconds for which the face has been at rest in view."""
        return self._run[-1].t_s - self._run[0].t_s if self._run else 0.0

    @property
    def left_s(self) -> float:
        """Seconds that the measurement takes at most from now on."""
        return max(0.0, MOST_S - self.seconds)

    def update(self, image_bgr: NDArray[np.uint8], observation: Observation) -> None:
        """Process a picture and what was seen in it; times must rise."""
        if self.reading is None:
            self.take(skin_colours(image_bgr, observation))

    def take(self, colours: SkinColours) -> None:
        """Process a picture's colours."""
        self._newest.append(colours)
        while self._newest[0].t_s < colours.t_s - MOST_S:
            self._newest.popleft()
        usable = bool(np.isfinite(colours.regions).all())
        if self._run and colours.t_s - self._run[-1].t_s > LONGEST_GAP_S:
            self._broken()
        if usable and self.reading is None:
            self._run.append(colours)
            self._look()

    def _broken(self) -> None:
        if self.seconds >= LEAST_S:
            reading = read_pulse(samples_of(self._run))
            self.reading = reading if reading.reason is None else None
        self._run = []
        self._looked_s = FIRST_LOOK_S - LOOK_EVERY_S

    def _look(self) -> None:
        if self.seconds < min(self._looked_s + LOOK_EVERY_S, MOST_S):
            return
        self._looked_s = self.seconds
        reading = read_pulse(samples_of(self._run))
        if reading.reason is None or self.seconds >= MOST_S:
            self.reading = reading

    def finish(self) -> PulseReading:
        """Return the final reading: no more pictures come."""
        if self.reading is None:
            enough = self.seconds >= LEAST_S
            self.reading = read_pulse(samples_of(self._run if enough else list(self._newest)))
        return self.reading

    @property
    def fault(self) -> NoReading | None:
        """What the user should change; None if all is well."""
        if not self._newest:
            return None
        now_s = self._newest[-1].t_s
        newest = list(takewhile(lambda one: one.t_s >= now_s - _FAULT_S, reversed(self._newest)))
        if sum(one.hands for one in newest) > len(newest) / 2:
            return "hands"
        if sum(one.face for one in newest) <= len(newest) / 2:
            return "no-face"
        seen = [one for one in newest if np.isfinite(one.regions).all()]
        if not seen:
            return "no-face"
        # Frames come unevenly; within a second that is no matter.
        if moved_mm(np.array([one.head_mm for one in seen]), max(1, len(seen) // 2)) > MOVED_MM:
            return "motion"
        return "dark" if np.mean([one.regions[:, 1] for one in seen]) < DARK else None


def samples_of(colours: list[SkinColours]) -> PulseSamples:
    """Stack frames' colours into arrays."""
    return PulseSamples(
        np.array([one.t_s for one in colours]),
        np.array([one.regions for one in colours]).reshape(-1, 3, 3),
        np.array([one.surround for one in colours]).reshape(-1, 3),
        np.array([one.head_mm for one in colours]).reshape(-1, 2),
        np.array([one.face for one in colours], dtype=bool),
        np.array([one.hands for one in colours], dtype=bool),
    )
