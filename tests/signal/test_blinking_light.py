"""A light that blinks on a face is no pulse, however regular and however much of blood's colour it is."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.mannequin.render.pulse import Pulse
from facetrack.signal.pulse.estimate import PulseSamples, read_pulse
from tests.signal.pulses import SIGNATURE_RGB, frame_times, samples

COLOURS = {"teal": (0.004, 0.020, 0.012), "like blood": tuple(0.02 * SIGNATURE_RGB), "green": (0.0, 0.015, 0.0)}


def _lit(bpm: float, share_on: float, colour: str, seed: int, noise: float = 0.05) -> PulseSamples:
    """A lamp that is on for that share of each period, on the face alone."""
    still = samples(None, noise=noise, seed=seed, t_s=frame_times(seed=seed))
    on = ((still.t_s * bpm / 60.0 + 0.1 * seed) % 1.0 < share_on).astype(float)
    return replace(still, regions=still.regions * (1.0 + on[:, None, None] * np.array(COLOURS[colour])))


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("share_on", [0.1, 0.2, 0.3, 0.5, 0.7, 0.85])
def test_a_lamp_that_blinks_is_no_pulse(share_on: float, colour: str) -> None:
    for seed, bpm in enumerate((47, 62, 75, 90, 110)):
        reading = read_pulse(_lit(bpm, share_on, colour, seed))
        assert reading.reason in ("flicker", "unclear"), f"{bpm} a minute, seed {seed}: {reading}"
        assert np.isnan(reading.bpm)


@pytest.mark.parametrize("strength", [0.002, 0.004, 0.008])
def test_a_pulse_is_no_lamp(strength: float) -> None:
    """With the dicrotic notch's harmonic, and a heart that breathing speeds and slows."""
    for seed, bpm in enumerate((48, 60, 72, 88, 105, 130)):
        still = samples(None, noise=0.08, seed=seed, t_s=frame_times(seed=seed))
        wave = Pulse(bpm, variability=0.02 * (seed % 3), phase=0.1 * seed).wave(still.t_s)
        blood = 1.0 - strength * wave[:, None] * SIGNATURE_RGB / SIGNATURE_RGB[1]
        reading = read_pulse(replace(still, regions=still.regions * blood[:, None]))
        assert reading.reason is None, f"{bpm} a minute, seed {seed}: {reading}"
        assert abs(reading.bpm - bpm) < 3.0
