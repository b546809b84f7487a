"""Skin colours over time with a known pulse, noise, light and movement, as arrays: no pictures."""

import numpy as np

from facetrack.packets import Float
from facetrack.signal.pulse.estimate import PulseSamples

SIGNATURE_RGB = np.array([0.33, 0.77, 0.53])
SKIN_RGB = np.array([170.0, 125.0, 100.0])


def frame_times(seconds: float = 20.0, fps: float = 30.0, jitter_s: float = 0.006, seed: int = 0) -> Float:
    """Uneven, rising."""
    count = round(seconds * fps) + 1
    return np.maximum.accumulate(np.arange(count) / fps + np.random.default_rng(seed).uniform(-1, 1, count) * jitter_s)


def samples(
    bpm: float | None,
    t_s: Float | None = None,
    strength: float = 0.004,
    noise: float = 0.05,
    light: Float | float = 1.0,
    head_mm: Float | None = None,
    second: float = 0.3,
    seed: int = 0,
) -> PulseSamples:
    """bpm: None without a pulse. strength: amplitude of green, a share. noise: s.d. of a region's mean, levels. light: (N,)
    factor on everything. second: the second harmonic over the first."""
    rng = np.random.default_rng(seed)
    t_s = frame_times(seed=seed) if t_s is None else t_s
    turns = 0.0 if bpm is None else bpm / 60.0 * t_s
    wave = np.zeros(len(t_s)) if bpm is None else np.sin(2 * np.pi * turns) + second * np.sin(4 * np.pi * turns + 1.0)
    blood = 1.0 - strength * wave[:, None] * SIGNATURE_RGB / SIGNATURE_RGB[1]
    lit = np.broadcast_to(light, t_s.shape)[:, None]
    regions = (SKIN_RGB * blood * lit)[:, None] * np.array([1.0, 1.05, 0.9])[:, None] + rng.normal(0, noise, (len(t_s), 3, 3))
    surround = np.array([150.0, 155.0, 160.0]) * lit + rng.normal(0, noise / 3, (len(t_s), 3))
    head = np.zeros((len(t_s), 2)) + rng.normal(0, 0.05, (len(t_s), 2)) if head_mm is None else head_mm
    every = np.ones(len(t_s), bool)
    return PulseSamples(t_s, regions, surround, head, every, ~every)
