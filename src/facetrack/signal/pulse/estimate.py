"""Estimates a pulse rate from the colour of resting skin, or gives the reason why there is none. A cue for tempo, not a medical
reading."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Bool, Float
from facetrack.signal.pulse.pos import GRID_HZ, evened, pulse_wave
from facetrack.signal.pulse.quality import NoReading, Seen, disturbance, same_rhythm
from facetrack.signal.pulse.spectrum import Spectrum

LEAST_S: Final = 12.0
"""Shortest measurement: in less time noise too often looks like a beat."""
MOST_S: Final = 20.0
"""Longest part of the newest samples that is used: a heart at rest does not keep its rate much longer."""
LONGEST_GAP_S: Final = 0.5
"""Longest gap between usable frames: half a beat at rest can be bridged, more would be a guess."""
LEAST_FPS: Final = 9.0
"""Lowest frame rate: three frames for each beat at the band's upper end."""
ENOUGH: Final = 0.5
"""Confidence from which on a result is a reading."""

AGREE_BPM: Final = 4.0
"""A region agrees if its rate is this near; a spectral line of 20 s is 6 wide."""
HALF_AGREE_BPM: Final = 6.0
"""The same for either half of the time, whose lines are twice as wide."""
AGREED_DB: Final = 1.0
"""How much the agreement of each region but the first adds to the wave's signal-to-noise ratio, in decibels."""
HALVES_AGREED_DB: Final = 0.5
"""How much the agreement of either half of the time adds."""
NEEDED_DB: Final = 0.5
"""Ratio and agreement together at which the confidence is a half. Of 2500 windows of plain noise the highest had 0.3."""
STEEPNESS_DB: Final = 1.0
"""This much more multiplies the odds by e."""
_RESIDUE_HZ: Final = (3.5, 7.0)
"""Band in which a wave holds only noise."""
_MANY_LOST: Final = 0.05
"""If a larger share of the frames shows no free face, that is the reason why there is no reading."""
_NOTHING: Final = 1e-12
"""Guards divisions by zero."""


@dataclass(frozen=True, slots=True)
class PulseSamples:
    """What N frames showed, t_s rising."""

    t_s: Float
    regions: Float  # (N, 3, 3) mean red, green and blue, 0..255, of forehead, left and right cheek; NaN if not measured
    surround: Float  # (N, 3) colour of the picture beside the face; NaN as in ``regions``
    head_mm: Float  # (N, 2) position of the head
    face: Bool  # (N,) whether a face was seen
    hands: Bool  # (N,) whether hands were at the face

    def __getitem__(self, part: slice | Bool) -> "PulseSamples":
        return PulseSamples(*(getattr(self, name)[part] for name in self.__dataclass_fields__))

    @property
    def usable(self) -> Bool:
        """(N,) whether a frame has all three regions."""
        known: Bool = np.asarray(np.isfinite(self.regions).all(axis=(1, 2)))
        return known


@dataclass(frozen=True, slots=True)
class PulseReading:
    """Result of a measurement."""

    bpm: float  # beats a minute; NaN if there is no reading
    confidence: float  # 0..1, how sure it is that the rate found is that of the pulse
    reason: NoReading | None  # why there is no reading; None if there is one
    snr_db: float  # signal-to-noise ratio of the wave; NaN if none was looked for
    regions_bpm: Float  # (3,) rates of forehead, left and right cheek by themselves; NaN if none was looked for
    seconds: float  # length of the usable frames

    @staticmethod
    def none(reason: NoReading, seconds: float) -> "PulseReading":
        """Make the result of a measurement in which there was nothing to examine."""
        return PulseReading(math.nan, 0.0, reason, math.nan, np.full(3, math.nan), seconds)


def read_pulse(samples: PulseSamples) -> PulseReading:
    """Estimate the rate from the newest MOST_S of samples. Never guesses: with less confidence than ENOUGH it gives a reason
    instead."""
    if not len(samples.t_s):
        return PulseReading.none("short", 0.0)
    newest = samples[samples.t_s >= samples.t_s[-1] - MOST_S]
    used = newest[newest.usable]
    seconds = float(used.t_s[-1] - used.t_s[0]) if len(used.t_s) else 0.0
    unfit = _unfit(newest, used, seconds)
    if unfit is not None:
        return PulseReading.none(unfit, seconds)
    return _reading(used, seconds)


def _unfit(samples: PulseSamples, used: PulseSamples, seconds: float) -> NoReading | None:
    """Return why the frames can't be used at all, or None."""
    gap = float(np.diff(used.t_s).max()) if len(used.t_s) > 1 else math.inf
    if gap <= LONGEST_GAP_S and seconds >= LEAST_S:
        return "frames" if (len(used.t_s) - 1) / seconds < LEAST_FPS else None
    lost, spent = ~samples.usable, float(samples.t_s[-1] - samples.t_s[0])
    if lost.sum() > _MANY_LOST * len(lost):
        return "hands" if (samples.hands & lost).sum() > lost.sum() / 2 else "no-face"
    return "short" if spent < LEAST_S else "frames"


def _reading(used: PulseSamples, seconds: float) -> PulseReading:
    even = evened(used.t_s, used.regions)
    seen = Seen(even, evened(used.t_s, used.surround), evened(used.t_s, used.head_mm))
    normal = even / np.maximum(even.mean(axis=0), _NOTHING)
    waves = np.stack([pulse_wave(normal[:, region]) for region in range(normal.shape[1])])
    wave = pulse_wave(np.einsum("nrc,r->nc", normal, _weights(waves)))
    spectrum = Spectrum.of(wave, GRID_HZ)
    hz = spectrum.beat_hz()
    if math.isnan(hz):  # nothing changes: one picture again and again
        return PulseReading.none(disturbance(seen) or "unclear", seconds)
    snr_db = spectrum.snr_db(hz)
    regions_hz = np.array([Spectrum.of(one, GRID_HZ).beat_hz() for one in waves])
    halves_hz = np.array([Spectrum.of(half, GRID_HZ).beat_hz() for half in np.array_split(wave, 2)])
    sure = _confidence(snr_db, hz, regions_hz, halves_hz)
    reason = same_rhythm(seen, hz, spectrum) if sure >= ENOUGH else disturbance(seen) or "unclear"
    if reason is not None:  # of a rhythm that something else has too, half is all that is left
        return PulseReading(math.nan, sure if sure < ENOUGH else ENOUGH / 2.0, reason, snr_db, 60.0 * regions_hz, seconds)
    return PulseReading(60.0 * hz, sure, None, snr_db, 60.0 * regions_hz, seconds)


def _weights(waves: Float) -> Float:
    """Return weights (R,) of waves (R, N) that sum to 1: the less noise, the higher."""
    noise = np.array([_residue(wave) for wave in waves])
    trust: Float = 1.0 / np.maximum(noise, _NOTHING)
    weights: Float = trust / trust.sum()
    return weights


def _residue(wave: Float) -> float:
    spectrum = Spectrum.of(wave, GRID_HZ)
    beyond = (spectrum.hz > _RESIDUE_HZ[0]) & (spectrum.hz < _RESIDUE_HZ[1])
    return float(spectrum.power[beyond].mean())


def _confidence(snr_db: float, hz: float, regions_hz: Float, halves_hz: Float) -> float:
    """Return 0..1 from the wave's signal-to-noise ratio and from who agrees with its rate. NaN agrees with nothing."""
    regions = int((np.abs(regions_hz - hz) * 60.0 <= AGREE_BPM).sum())
    halves = int((np.abs(halves_hz - hz) * 60.0 <= HALF_AGREE_BPM).sum())
    found_db = snr_db + AGREED_DB * (regions - 1) + HALVES_AGREED_DB * halves
    return 1.0 / (1.0 + math.exp(min((NEEDED_DB - found_db) / STEEPNESS_DB, 50.0)))
