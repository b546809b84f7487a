"""Finds what spoils a pulse reading: movement, too little or too much light, or light that changes or flickers."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from facetrack.packets import Float
from facetrack.signal.pulse.pos import GRID_HZ, WINDOW_S, pulse_wave
from facetrack.signal.pulse.spectrum import Spectrum

NoReading = Literal["short", "frames", "no-face", "hands", "motion", "dark", "bright", "exposure", "flicker", "unclear"]
"""Why there is no reading: too few seconds; too few or too uneven frames; no face; hands on it; the head moved; too little or
too much light; the light, or the camera's exposure, changed; the light flickered; no clear beat although all is well."""

MOVED_MM: Final = 4.0
"""A head that moves farther than this in MOVE_S, a tenth of the time excepted, is not at rest: one at rest sways by less, one
that talks or nods by more."""
MOVE_S: Final = 0.5
"""Time over which movement is measured."""
DARK: Final = 40.0
"""Mean green of the face, 0..255, below which noise exceeds the pulse on most webcams."""
BRIGHT: Final = 250.0
"""Mean of a channel from which on it is burnt out."""
STEP_SHARE: Final = 0.02
"""Brightness of face and surroundings jumps by this share within STEP_S when a camera adjusts its exposure."""
STEP_S: Final = 0.5
"""Time over which a jump of brightness is measured."""
FLICKER_SHARE: Final = 0.003
"""Amplitude of a line in the face's brightness, without its colour, from which on a lamp flickers."""
NOD_MM: Final = 0.35
"""Amplitude from which on a head moves in the rhythm found."""
_SURROUND_POWER: Final = 0.1
"""A wave beside the face with more than this share of the face's own power is not the pulse: blood is in the face alone."""
_SURROUND_DB: Final = -2.0
"""Signal-to-noise ratio below which a wave beside the face is noise."""
_BRIGHTNESS_POWER: Final = 60.0
"""Power of the brightness's line over that of the wave, as shares of the colour, above which it is not a pulse: a pulse has
0.3-5, light or movement hundreds."""
_SLOWEST_HZ: Final = 0.5
"""Slowest change of brightness that can be a flicker."""
_SHARP: Final = 0.3
"""Share of the brightness's power from _SLOWEST_HZ on that a lamp's line has at least; movement has no line."""
_EDGES_FROM, _EDGES_TO = 3, 6
"""Harmonics that a wave with edges has. A face's pulse has two."""
_EDGES_HZ: Final = 12.0
"""Frequency up to which a camera of 25 frames a second shows them."""
_EDGES_SHARE: Final = 0.07
"""Their power over that of the beat: 0.13 to 0.4 for a lamp that is on for a tenth to a half of the time, 0.01 for blood."""
_EDGES_SURE: Final = 5.0
"""They exceed the noise between them by this many of its standard deviations."""
_NOTHING: Final = 1e-12
"""Guards divisions by zero."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen, on the grid of ``pos.GRID_HZ``: regions (N, 3, 3), surround (N, 3), head_mm (N, 2)."""

    regions: Float
    surround: Float
    head_mm: Float


def brightness(colours: Float) -> Float:
    """Return the brightness (N,), of mean 1, of colours (N, ..., 3); every channel and region counts alike."""
    level = colours.reshape(len(colours), -1)
    mean: Float = (level / np.maximum(level.mean(axis=0), _NOTHING)).mean(axis=1)
    return mean


def disturbance(seen: Seen) -> NoReading | None:
    """Return the likeliest reason why no clear beat was found, or None if none is visible."""
    if moved_mm(seen.head_mm) > MOVED_MM:
        return "motion"
    if seen.regions[..., 1].mean() < DARK:
        return "dark"
    if seen.regions.mean(axis=(0, 1)).max() > BRIGHT:
        return "bright"
    if exposure_step(seen) > STEP_SHARE:
        return "exposure"
    return "flicker" if flicker(seen) > FLICKER_SHARE else None


def same_rhythm(seen: Seen, hz: float, wave: Spectrum) -> NoReading | None:
    """Check whether something else than blood beats at hz, so that the rate's origin is not known."""
    if max(_amplitude(axis, hz) for axis in seen.head_mm.T) > NOD_MM:
        return "motion"
    wall = Spectrum.of(pulse_wave(seen.surround), GRID_HZ)
    beside = wall.level(hz) > _SURROUND_POWER * wave.level(hz) and wall.snr_db(hz) > _SURROUND_DB
    lit = Spectrum.of(brightness(seen.regions), GRID_HZ)
    line = lit.share(hz, _SLOWEST_HZ) > _SHARP and _outshines(lit.level(hz), wave.level(hz))
    return "flicker" if line or beside or switches(wave, hz) else None


def switches(wave: Spectrum, hz: float) -> bool:
    """Check whether a wave that beats at hz has edges, as a lamp that is switched on and off has and blood never: then a good
    part of its power is in the harmonics from the third on, and stands out of the noise there."""
    orders = np.arange(_EDGES_FROM, _EDGES_TO + 1)
    harmonics = orders[orders * hz < _EDGES_HZ] * hz
    between = np.arange((_EDGES_FROM - 0.5) * hz, _EDGES_HZ, hz / 4.0)
    between = between[np.abs(between / hz - np.round(between / hz)) > 0.2]
    if not len(harmonics) or len(between) < 2:
        return False
    noise = np.array([wave.energy(one) for one in between])
    edges = np.array([wave.energy(one) for one in harmonics]) - noise.mean()
    sure = _EDGES_SURE * noise.std() * math.sqrt(len(harmonics))
    return bool(edges.sum() > max(_EDGES_SHARE * wave.energy(hz), sure))


def moved_mm(head_mm: Float, lag: int = round(MOVE_S * GRID_HZ)) -> float:
    """Return how far the head (N, 2) moves within lag samples, a tenth of the time excepted."""
    if len(head_mm) <= lag:
        return 0.0
    return float(np.percentile(np.linalg.norm(head_mm[lag:] - head_mm[:-lag], axis=1), 90))


def exposure_step(seen: Seen) -> float:
    """Return the largest jump of brightness, as a share, that face and surroundings have in common."""
    lag = round(STEP_S * GRID_HZ)
    if len(seen.regions) <= 2 * lag:
        return 0.0
    face, beside = (_jumps(brightness(one), lag) for one in (seen.regions, seen.surround))
    both = np.where(face * beside > 0, np.minimum(np.abs(face), np.abs(beside)), 0.0)
    return float(np.nanmax(both)) if np.isfinite(both).any() else 0.0


def _jumps(level: Float, lag: int) -> Float:
    smooth = np.convolve(level, np.full(lag, 1.0 / lag), mode="valid")
    jumps: Float = smooth[lag:] - smooth[:-lag]
    return jumps


def flicker(seen: Seen) -> float:
    """Return the amplitude, as a share, of a line in the face's brightness that is not a pulse, because the colour stays;
    0 without one."""
    level = brightness(seen.regions)
    spectrum = Spectrum.of(level, GRID_HZ)
    hz = spectrum.strongest_hz(_SLOWEST_HZ, GRID_HZ / 2.0 - _SLOWEST_HZ)
    if math.isnan(hz) or spectrum.share(hz, _SLOWEST_HZ) < _SHARP:
        return 0.0
    wave = Spectrum.of(pulse_wave(seen.regions.mean(axis=1)), GRID_HZ).level(hz)
    return _amplitude(level, hz) if _outshines(spectrum.level(hz), wave) else 0.0


def _outshines(brightness_power: float, wave_power: float) -> bool:
    """Check whether a line of the brightness is too strong to be the pulse's own."""
    return brightness_power * (WINDOW_S * GRID_HZ) ** 2 > _BRIGHTNESS_POWER * wave_power


def _amplitude(level: Float, hz: float) -> float:
    """Return the amplitude of the line at hz in a level (N,): under a Hann window an amplitude a has the power (a N / 4)^2."""
    return float(np.sqrt(Spectrum.of(level, GRID_HZ).level(hz)) * 4.0 / len(level))
