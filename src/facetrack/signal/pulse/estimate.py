"""A pulse rate from the colour of resting skin, or the reason why there is none. A cue for tempo, not a medical reading."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetrack.packets import Bool, Float
from facetrack.signal.pulse.pos import GRID_HZ, evened, pulse_wave
from facetrack.signal.pulse.quality import NoReading, Seen, disturbance, same_rhythm
from facetrack.signal.pulse.spectrum import Spectrum

LEAST_S: Final = 12.0
"""In less, noise looks like a beat too often."""
MOST_S: Final = 20.0
"""Of the newest samples are looked at: a heart at rest does not keep its rate much longer."""
LONGEST_GAP_S: Final = 0.5
"""Between usable frames: half a beat at rest can be bridged; more would be guessed."""
LEAST_FPS: Final = 9.0
"""Three frames to a beat at the band's upper end."""
ENOUGH: Final = 0.5
"""Confidence from which a reading is one."""

AGREE_BPM: Final = 4.0
"""A region agrees that finds the same rate to this much; a line of 20 s is 6 wide."""
HALF_AGREE_BPM: Final = 6.0
"""The same for either half of the time, whose lines are twice as wide."""
AGREED_DB: Final = 1.0
"""What the agreement of each region but the first is worth, in decibels of the wave's signal-to-noise ratio..."""
HALVES_AGREED_DB: Final = 0.5
"""...and that of either half of the time."""
NEEDED_DB: Final = 0.5
"""Ratio and agreement together at a confidence of a half. Of 2500 windows of plain noise the highest had 0.3."""
STEEPNESS_DB: Final = 1.0
"""So much more makes the odds e times better."""
_RESIDUE_HZ: Final = (3.5, 7.0)
"""Where a wave holds noise only."""
_MANY_LOST: Final = 0.05
"""Share of frames without a free face that explains why there is too little of it."""
_NOTHING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class PulseSamples:
    """What N frames showed, t_s rising.

    regions: (N, 3, 3) mean red, green and blue, 0..255, of forehead, left and right cheek; NaN: not to be had.
    surround: (N, 3) of the picture beside the face, NaN as regions. head_mm: (N, 2) where the head is.
    face, hands: (N,) whether a face was seen, and hands at it.
    """

    t_s: Float
    regions: Float
    surround: Float
    head_mm: Float
    face: Bool
    hands: Bool

    def __getitem__(self, part: slice | Bool) -> "PulseSamples":
        return PulseSamples(*(getattr(self, name)[part] for name in self.__dataclass_fields__))

    @property
    def usable(self) -> Bool:
        """(N,) frames with all three regions."""
        known: Bool = np.asarray(np.isfinite(self.regions).all(axis=(1, 2)))
        return known


@dataclass(frozen=True, slots=True)
class PulseReading:
    """bpm: NaN where there is no reading; ``reason`` then says why. confidence: 0..1 that the rate found is the pulse's.

    snr_db: of the wave, regions_bpm: (3,) what forehead, left and right cheek say by themselves; NaN where none was looked for.
    seconds: of usable frames.
    """

    bpm: float
    confidence: float
    reason: NoReading | None
    snr_db: float
    regions_bpm: Float
    seconds: float

    @staticmethod
    def none(reason: NoReading, seconds: float) -> "PulseReading":
        """There was nothing to look into."""
        return PulseReading(math.nan, 0.0, reason, math.nan, np.full(3, math.nan), seconds)


def read_pulse(samples: PulseSamples) -> PulseReading:
    """The rate of the newest MOST_S of samples. Never a guess: below ENOUGH of confidence there is a reason instead."""
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
    """Why the frames can't be read at all."""
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
    """(R,) of waves (R, N), summing to 1: the less noise, the more."""
    noise = np.array([_residue(wave) for wave in waves])
    trust: Float = 1.0 / np.maximum(noise, _NOTHING)
    weights: Float = trust / trust.sum()
    return weights


def _residue(wave: Float) -> float:
    spectrum = Spectrum.of(wave, GRID_HZ)
    beyond = (spectrum.hz > _RESIDUE_HZ[0]) & (spectrum.hz < _RESIDUE_HZ[1])
    return float(spectrum.power[beyond].mean())


def _confidence(snr_db: float, hz: float, regions_hz: Float, halves_hz: Float) -> float:
    """0..1, from the wave's signal-to-noise ratio and from who agrees with its rate. NaN agrees with nothing."""
    regions = int((np.abs(regions_hz - hz) * 60.0 <= AGREE_BPM).sum())
    halves = int((np.abs(halves_hz - hz) * 60.0 <= HALF_AGREE_BPM).sum())
    found_db = snr_db + AGREED_DB * (regions - 1) + HALVES_AGREED_DB * halves
    return 1.0 / (1.0 + math.exp(min((NEEDED_DB - found_db) / STEEPNESS_DB, 50.0)))
