"""The mannequin's pulse as a camera sees it, and unsteady light. Pure functions of time; part of a clip's cache key.

Blood changes the colour of skin by less than one per cent with each heartbeat. How the three channels share it: G. de Haan, A.
van Leest, *Improved motion robustness of remote-PPG by using the blood volume pulse signature*, Physiological Measurement 35
(2014), for a camera under white light. That ambient light shows it, best in green: W. Verkruysse, L. O. Svaasand, J. S. Nelson,
*Remote plethysmographic imaging using ambient light*, Optics Express 16 (2008). That dark skin shows less of it: E. M. Nowara,
D. McDuff, A. Veeraraghavan, *A meta-analysis of the impact of skin tone and gender on non-contact photoplethysmography
measurements*, CVPR Workshops (2020). How strong it is on each of the Monk tones is our own choice of that order.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Float

SIGNATURE_BGR: Final = np.array([0.53, 0.77, 0.33])
"""Relative amplitudes (pulsatile over constant part) of blue, green and red."""
_LIGHTEST: Final = 0.008
"""Change of green between peak and trough on the first of the ten Monk tones."""
_DARKEST: Final = 0.002
"""Change of green between peak and trough on the last tone."""
_TONES: Final = 10
"""Number of Monk tones."""
_SECOND: Final = 0.35
"""Amplitude of the wave's second harmonic (the dicrotic notch) over that of the first."""
_SECOND_RAD: Final = -1.1
"""Phase of the second harmonic."""
_PEAK_TO_PEAK: Final = 2.02
"""Height of the wave that these make."""
_SUBJECT_BREATH_HZ: Final = 0.23
"""Breaths a second."""
_BREATH_DEPTH: Final = 0.15
"""How strongly breathing modulates the pulse."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """The mannequin's pulse."""

    bpm: float = 66.0  # mean rate, beats a minute
    strength: float = 1.0  # factor on what the skin's tone shows
    variability: float = 0.02  # how far breathing speeds and slows the heart, as a share of its rate
    phase: float = 0.0  # phase of the beat at t = 0, in turns

    def wave(self, t_s: Float | float) -> Float:
        """Return the wave at any times: 1 between trough and peak, of mean 0. Blood darkens, so the skin's brightness is
        opposite."""
        t = np.asarray(t_s, dtype=float)
        breath = 2.0 * np.pi * _SUBJECT_BREATH_HZ * t + 7.0 * self.phase
        hz = self.bpm / 60.0
        # The rate's integral: a rate of hz * (1 + variability * cos(breath)).
        turns = hz * t + hz * self.variability * np.sin(breath) / (2.0 * np.pi * _SUBJECT_BREATH_HZ) + self.phase
        angle = 2.0 * np.pi * turns
        one = np.sin(angle) + _SECOND * np.sin(2.0 * angle + _SECOND_RAD)
        out: Float = one / _PEAK_TO_PEAK * (1.0 + _BREATH_DEPTH * np.sin(breath + 1.0))
        return out

    def change_bgr(self, t_s: float, tone: int) -> Float:
        """Return how much brighter (3,) skin of a Monk tone is, as a share of its own colour."""
        falls = (_DARKEST / _LIGHTEST) ** ((tone - 1) / (_TONES - 1))
        green = -_LIGHTEST * falls * self.strength * float(self.wave(t_s))
        change: Float = green * SIGNATURE_BGR / SIGNATURE_BGR[1]
        return change


@dataclass(frozen=True, slots=True)
class UnsteadyLight:
    """What makes the whole picture brighter and darker."""

    drift: float = 0.0  # amplitude of a slow change, as a share
    drift_s: float = 13.0  # period of the slow change
    flicker: float = 0.0  # amplitude of the flicker of lamps, after the exposure has reduced it
    mains_hz: float = 50.0  # frequency of the mains; a lamp flickers at twice this frequency
    readout_s: float = 0.02  # time from the first row to the last of a rolling shutter, over which flicker makes bands
    # (t_s, factor on the picture from then on) for a camera that adjusts its exposure.
    exposure_steps: tuple[tuple[float, float], ...] = ()

    def factor(self, t_s: float, rows: int) -> Float:
        """Return the factor (rows,) on the picture at that time."""
        level = 1.0 + self.drift * np.sin(2.0 * np.pi * t_s / self.drift_s)
        for begin_s, step in self.exposure_steps:
            level *= step if t_s >= begin_s else 1.0
        times = t_s + self.readout_s * np.arange(rows) / rows
        factor: Float = level * (1.0 + self.flicker * np.sin(4.0 * np.pi * self.mains_hz * times))
        return factor
