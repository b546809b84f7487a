"""A pulse is read where there is one; where there is none, or it can't be told, the reason is."""

from dataclasses import replace

import numpy as np
import pytest

from facetrack.signal.pulse.estimate import ENOUGH, LEAST_S, PulseSamples, read_pulse
from facetrack.signal.pulse.pos import GRID_HZ, evened, pulse_wave
from facetrack.signal.pulse.spectrum import Spectrum
from tests.signal.pulses import frame_times, samples


@pytest.mark.parametrize("bpm", [45.0, 58.0, 72.0, 101.0, 140.0, 171.0])
@pytest.mark.parametrize("fps", [30.0, 15.0])
def test_the_rate_is_read_from_uneven_frames(bpm: float, fps: float) -> None:
    reading = read_pulse(samples(bpm, frame_times(fps=fps, seed=3)))
    assert reading.reason is None
    assert reading.bpm == pytest.approx(bpm, abs=1.0)
    assert reading.confidence > 0.9
    assert reading.regions_bpm == pytest.approx([bpm] * 3, abs=2.0)


@pytest.mark.parametrize("seed", range(12))
def test_noise_is_no_pulse(seed: int) -> None:
    reading = read_pulse(samples(None, noise=0.3, seed=seed))
    assert np.isnan(reading.bpm)
    assert reading.reason == "unclear"
    assert reading.confidence < ENOUGH


def test_what_never_changes_is_no_pulse() -> None:
    still = samples(None, noise=0.0, head_mm=np.zeros((601, 2)))
    assert read_pulse(still).reason == "unclear"


def test_confidence_falls_with_noise() -> None:
    sure = [read_pulse(samples(66.0, noise=noise, seed=5)).confidence for noise in (0.05, 0.5, 1.5)]
    assert sure[0] > sure[1] > sure[2]


def test_a_strong_second_harmonic_is_not_taken_for_the_beat() -> None:
    assert read_pulse(samples(55.0, second=1.3)).bpm == pytest.approx(55.0, abs=1.0)


def test_slow_light_and_exposure_steps_leave_a_clear_pulse_readable() -> None:
    t_s = frame_times()
    light = (1 + 0.1 * np.sin(2 * np.pi * t_s / 9.0)) * np.where(t_s > 8.0, 1.2, 1.0)
    assert read_pulse(samples(80.0, t_s, light=light)).bpm == pytest.approx(80.0, abs=1.0)


def test_too_short_is_said() -> None:
    assert read_pulse(samples(70.0, frame_times(LEAST_S - 1.0))).reason == "short"
    nothing = samples(70.0)[np.zeros(601, bool)]
    assert read_pulse(nothing).reason == "short"


def test_a_long_recording_is_read_at_its_end() -> None:
    early, late = samples(60.0, frame_times(20.0)), samples(90.0, frame_times(20.0) + 20.1)
    both = PulseSamples(*(np.concatenate([getattr(one, name) for one in (early, late)]) for name in early.__dataclass_fields__))
    assert read_pulse(both).bpm == pytest.approx(90.0, abs=1.0)


def lost(whole: PulseSamples, from_s: float, **changes: bool) -> PulseSamples:
    gone = (whole.t_s > from_s) & (whole.t_s < from_s + 10.0)
    regions = np.where(gone[:, None, None], np.nan, whole.regions)
    return replace(
        whole, regions=regions, **{name: np.where(gone, value, getattr(whole, name)) for name, value in changes.items()}
    )


def test_a_face_that_is_covered_or_gone_is_said() -> None:
    whole = samples(70.0)
    assert read_pulse(lost(whole, 5.0, hands=True)).reason == "hands"
    assert read_pulse(lost(whole, 5.0, face=False)).reason == "no-face"


def test_too_few_frames_are_said() -> None:
    assert read_pulse(samples(70.0, frame_times(fps=6.0))).reason == "frames"


def test_a_head_that_moves_is_said() -> None:
    t_s = frame_times()
    nods = 6.0 * np.sin(2 * np.pi * 0.8 * t_s)
    head = np.stack([0 * t_s, nods], axis=-1)
    shaded = 1 + 0.01 * nods / 6.0 + 0.01 * np.random.default_rng(1).normal(size=len(t_s))
    assert read_pulse(samples(None, t_s, noise=0.4, light=shaded, head_mm=head)).reason == "motion"


def test_a_head_that_nods_in_the_rhythm_found_is_not_believed() -> None:
    t_s = frame_times()
    head = np.stack([0 * t_s, 0.8 * np.sin(2 * np.pi * 1.2 * t_s)], axis=-1)
    assert read_pulse(samples(72.0, t_s, head_mm=head)).reason == "motion"
    assert read_pulse(samples(95.0, t_s, head_mm=head)).bpm == pytest.approx(95.0, abs=1.0)


def test_coloured_light_that_beats_on_the_wall_too_is_no_pulse() -> None:
    seen = samples(72.0)
    green = 1 - 0.004 * np.sin(2 * np.pi * 1.2 * seen.t_s)
    wall = seen.surround * np.stack([np.ones_like(green), green, np.ones_like(green)], axis=-1)
    assert read_pulse(replace(seen, surround=wall)).reason == "flicker"


def test_flicker_that_drowns_the_pulse_is_said() -> None:
    t_s = frame_times(jitter_s=0.0)
    light = 1 + 0.02 * np.sin(2 * np.pi * 1.6 * t_s)
    assert read_pulse(samples(None, t_s, noise=0.3, light=light)).reason == "flicker"


def test_a_new_exposure_without_a_clear_pulse_is_said() -> None:
    t_s = frame_times()
    assert read_pulse(samples(None, t_s, noise=0.3, light=np.where(t_s > 9.0, 1.15, 1.0))).reason == "exposure"


@pytest.mark.parametrize(("light", "reason"), [(0.2, "dark"), (2.0, "bright")])
def test_too_little_and_too_much_light_are_said(light: float, reason: str) -> None:
    seen = samples(None, noise=0.3, light=light)
    assert read_pulse(replace(seen, regions=np.minimum(seen.regions, 255.0))).reason == reason


def test_an_unseen_surround_withholds_nothing() -> None:
    seen = samples(66.0)
    assert read_pulse(replace(seen, surround=np.full_like(seen.surround, np.nan))).bpm == pytest.approx(66.0, abs=1.0)


def test_pos_cancels_what_brightens_all_channels_alike() -> None:
    t_s = np.arange(0.0, 10.0, 1.0 / GRID_HZ)
    light = 1 + 0.05 * np.sin(2 * np.pi * 1.1 * t_s)
    assert np.abs(pulse_wave(light[:, None] * np.array([170.0, 120.0, 90.0]))).max() < 1e-9
    assert np.abs(pulse_wave(np.ones((10, 3)))).max() == 0.0


def test_resampling_keeps_a_line() -> None:
    t_s = frame_times(4.0, jitter_s=0.01, seed=2)
    even = evened(t_s, np.stack([2.0 * t_s + 1.0, -t_s], axis=-1))
    grid = t_s[0] + np.arange(len(even)) / GRID_HZ
    np.testing.assert_allclose(even, np.stack([2.0 * grid + 1.0, -grid], axis=-1))


def test_a_spectrums_line_is_where_it_is_and_stands_out() -> None:
    t_s = np.arange(0.0, 20.0, 1.0 / GRID_HZ)
    noise = np.random.default_rng(0).normal(0, 0.1, len(t_s))
    spectrum = Spectrum.of(np.sin(2 * np.pi * 1.234 * t_s) + noise, GRID_HZ)
    assert spectrum.beat_hz() == pytest.approx(1.234, abs=0.003)
    assert spectrum.snr_db(1.234) > 15.0 > 0.0 > spectrum.snr_db(2.0)
    assert np.isnan(Spectrum.of(np.zeros(600), GRID_HZ).beat_hz())
