"""Measures how regular a wave is, and at which rate: its spectrum in the band of resting and excited hearts."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Float

BAND_HZ: Final = (0.7, 3.0)
"""The rates that are searched: 42 to 180 beats a minute."""
NOISE_HZ: Final = (0.7, 4.0)
"""Band in which everything but the pulse counts as noise (de Haan & Jeanne 2013)."""
_POINTS: Final = 8192
"""Points of the zero-padded transform: 0.2 beats a minute apart at 30 Hz."""
_LINE_HZ: Final = 0.1
"""Half of a line's width: that of a Hann window of 20 s."""
_FUNDAMENTAL_SHARE: Final = 0.35
"""If a line at half the rate has this share of the power, it is the beat and the stronger one its harmonic."""
_NOTHING: Final = 1e-18
"""Guards divisions by zero."""


@dataclass(frozen=True, slots=True)
class Spectrum:
    """Power of a wave over frequency."""

    hz: Float  # (K,) frequencies
    power: Float  # (K,) power, in any unit

    @staticmethod
    def of(wave: Float, rate_hz: float) -> "Spectrum":
        """Compute the spectrum of a wave (N,) sampled at rate_hz, under a Hann window."""
        points = max(_POINTS, len(wave))
        bins = np.fft.rfft((wave - wave.mean()) * np.hanning(len(wave)), points)
        power: Float = bins.real**2 + bins.imag**2
        return Spectrum(np.arange(len(bins)) * rate_hz / points, power)

    def strongest_hz(self, low_hz: float = BAND_HZ[0], high_hz: float = BAND_HZ[1]) -> float:
        """Return the frequency of the highest power, interpolated by a parabola; NaN if there is none."""
        inside = np.flatnonzero((self.hz >= low_hz) & (self.hz <= high_hz))
        if not len(inside) or not self.power[inside].max() > _NOTHING:
            return float("nan")
        place = int(inside[self.power[inside].argmax()])
        before, here, after = self.power[place - 1 : place + 2]
        bend = before - 2.0 * here + after
        shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
        return float((place + min(max(shift, -0.5), 0.5)) * self.hz[1])

    def level(self, hz: float) -> float:
        """Return the highest power within a line's width of hz."""
        near = np.abs(self.hz - hz) <= _LINE_HZ
        return float(self.power[near].max()) if near.any() else 0.0

    def energy(self, hz: float) -> float:
        """Return the power within a line's width of hz, summed."""
        return float(self.power[np.abs(self.hz - hz) <= _LINE_HZ].sum())

    def share(self, hz: float, low_hz: float) -> float:
        """Return how much of the power from low_hz on lies within a line's width of hz, 0..1."""
        above = self.power[self.hz >= low_hz].sum()
        return float(self.power[np.abs(self.hz - hz) <= _LINE_HZ].sum() / max(above, _NOTHING))

    def beat_hz(self) -> float:
        """Return the strongest line, or the one at half its rate if that is nearly as strong; NaN if there is no power."""
        strongest = self.strongest_hz()
        half = strongest / 2.0
        if half >= BAND_HZ[0] and self.level(half) >= _FUNDAMENTAL_SHARE * self.level(strongest):
            return self.strongest_hz(half - _LINE_HZ, half + _LINE_HZ)
        return strongest

    def snr_db(self, hz: float) -> float:
        """Return the power in the lines at hz and twice hz over that in the rest of NOISE_HZ, in dB (de Haan & Jeanne 2013)."""
        inside = (self.hz >= NOISE_HZ[0]) & (self.hz <= NOISE_HZ[1])
        line = (np.abs(self.hz - hz) <= _LINE_HZ) | (np.abs(self.hz - 2.0 * hz) <= _LINE_HZ)
        signal, noise = self.power[inside & line].sum(), self.power[inside & ~line].sum()
        return float(10.0 * np.log10(max(signal, _NOTHING) / max(noise, _NOTHING)))
