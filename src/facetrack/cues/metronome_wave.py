"""Makes the sound of a beat as samples of a stream. Each tick is exactly where the clock says, however the stream is cut."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.cues.tones import RATE_HZ
from facetrack.packets import Float

STRONG: Final = (660.0, 0.12)
"""(Hz, loudness) of a strong tick: quiet beside a voice, and low, like a heartbeat."""
SOFT: Final = (495.0, 0.07)
"""(Hz, loudness) of the ticks between."""
TICK_S: Final = 0.06
"""Length of a tick."""
_FADE_IN_S: Final = 0.004
"""Fade-in without which a tick begins with a click."""
_DECAY_S: Final = 0.018
"""Time in which a tick fades by a factor of e."""


@dataclass(frozen=True, slots=True)
class BeatSchedule:
    """Ticks at start_s + k * tick_s of the monotonic clock. Every accent-th tick (k = 0 among them) is a strong one."""

    start_s: float
    tick_s: float
    accent: int = 1

    def tick_after(self, t_s: float) -> int:
        """Return the first k whose tick is not before t_s."""
        return math.ceil((t_s - self.start_s) / self.tick_s - 1e-9)

    def at(self, k: int) -> float:
        """Return the time of tick k."""
        return self.start_s + k * self.tick_s


def beat_samples(beat: BeatSchedule, heard_s: float, first: int, count: int) -> Float:
    """Return (count,) samples, -1..1 at RATE_HZ, from sample ``first`` on, of a stream whose sample 0 is heard at heard_s."""
    samples = np.zeros(count)
    k = beat.tick_after(heard_s + first / RATE_HZ - TICK_S) - 1  # a tick that began before may still sound
    while (begins := round((beat.at(k) - heard_s) * RATE_HZ) - first) < count:
        tick = _STRONG if k % beat.accent == 0 else _SOFT
        here, end = max(begins, 0), min(begins + len(tick), count)
        if end > here:
            samples[here:end] += tick[here - begins : end - begins]
        k += 1
    return samples


def _tick(hz: float, loudness: float) -> Float:
    t_s = np.arange(round(TICK_S * RATE_HZ)) / RATE_HZ
    shape = np.minimum(t_s / _FADE_IN_S, 1.0) * np.exp(-t_s / _DECAY_S)
    tick: Float = loudness * shape * np.sin(2.0 * np.pi * hz * t_s)
    return tick


_STRONG: Final = _tick(*STRONG)
_SOFT: Final = _tick(*SOFT)
