"""The One Euro filter against the paper's own words, and what its docstring promises."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from facetrack.signal import OneEuro
from facetrack.signal.one_euro import smoothing

REST_HZ, PER_MM_S, DERIVATIVE_HZ = 2.0, 0.05, 3.0
EXAMPLES = settings(derandomize=True, deadline=None, max_examples=60)
Samples = list[tuple[float, float, float]]


def low_pass(value: float, before: float, cutoff_hz: float, period_s: float) -> float:
    """Exponential smoothing as in the paper: alpha = 1 / (1 + tau / T), tau = 1 / (2 pi f_c)."""
    tau = 1.0 / (2.0 * math.pi * cutoff_hz)
    alpha = 1.0 / (1.0 + tau / period_s)
    return alpha * value + (1.0 - alpha) * before


def reference(samples: Samples) -> list[tuple[float, float]]:
    """Written from the paper; one speed for both coordinates."""
    out = []
    slope = [0.0, 0.0]
    kept = [samples[0][0], samples[0][1]]
    for k, (x, y, t_s) in enumerate(samples):
        if k:
            before_x, before_y, before_s = samples[k - 1]
            period = t_s - before_s
            slope[0] = low_pass((x - before_x) / period, slope[0], DERIVATIVE_HZ, period)
            slope[1] = low_pass((y - before_y) / period, slope[1], DERIVATIVE_HZ, period)
            cutoff = REST_HZ + PER_MM_S * math.sqrt(slope[0] ** 2 + slope[1] ** 2)
            kept = [low_pass(value, was, cutoff, period) for value, was in zip((x, y), kept, strict=True)]
        out.append((kept[0], kept[1]))
    return out


def filtered(samples: Samples) -> list[tuple[float, float]]:
    one_euro = OneEuro(REST_HZ, PER_MM_S)
    return [one_euro.update(*sample) for sample in samples]


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_paper_s_filter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    t_s = np.cumsum(rng.uniform(0.005, 0.12, 300))
    xy = np.cumsum(rng.normal(0, 2, (300, 2)), axis=0)
    samples = [(x, y, t) for (x, y), t in zip(xy.tolist(), t_s.tolist(), strict=True)]
    np.testing.assert_allclose(filtered(samples), reference(samples), atol=1e-9)


@EXAMPLES
@given(st.floats(-200, 200), st.floats(-200, 200), st.lists(st.floats(0.001, 1.0), min_size=1, max_size=20))
def test_what_rests_stays_where_it_is(x: float, y: float, steps: list[float]) -> None:
    for out in filtered([(x, y, float(t)) for t in np.cumsum(steps)]):
        assert out == pytest.approx((x, y), abs=1e-9)


@pytest.mark.parametrize(("speed", "lag_s"), [(0.0, 0.080), (40.0, 0.040), (120.0, 0.020)])
def test_its_lag_at_constant_speed_is_as_stated(speed: float, lag_s: float) -> None:
    assert 1.0 / (2.0 * math.pi * (REST_HZ + PER_MM_S * speed)) == pytest.approx(lag_s, abs=0.0005)
    if not speed:
        return
    samples = [(speed * k / 30, -speed * k / 30 * 0.0, k / 30) for k in range(150)]
    x, _ = filtered(samples)[-1]
    assert (samples[-1][0] - x) / speed == pytest.approx(lag_s, abs=0.001)


def test_noise_is_levelled_at_rest() -> None:
    noise = np.random.default_rng(0).normal(0, 1, (3000, 2))
    out = np.array(filtered([(x, y, k / 30) for k, (x, y) in enumerate(noise.tolist())]))
    assert out[100:].std() < 0.6


@pytest.mark.parametrize("fps", [20.0, 60.0, 120.0])
def test_the_frame_rate_hardly_matters(fps: float) -> None:
    """Strokes of 30 mm and half a second to and fro, against 30 frames a second."""

    def at(rate: float) -> np.ndarray:
        t_s = np.arange(0, 4, 1 / rate)
        x = 15 * np.sin(math.tau * t_s)
        out = np.array(filtered([(value, 0.0, t) for value, t in zip(x.tolist(), t_s.tolist(), strict=True)]))
        return np.interp(np.arange(1, 3.9, 0.05), t_s, out[:, 0])

    assert np.abs(at(fps) - at(30.0)).max() < 1.5


def test_turning_the_plane_turns_the_answer() -> None:
    """The speed is the point's, not a coordinate's."""
    xy = np.cumsum(np.random.default_rng(3).normal(0, 2, (100, 2)), axis=0)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    plain = np.array(filtered([(x, y, k / 30) for k, (x, y) in enumerate(xy.tolist())]))
    turned = np.array(filtered([(x, y, k / 30) for k, (x, y) in enumerate((xy @ turn.T).tolist())]))
    np.testing.assert_allclose(turned, plain @ turn.T, atol=1e-9)


def test_equal_times_and_times_that_fall_change_nothing() -> None:
    one_euro = OneEuro(REST_HZ, PER_MM_S)
    one_euro.update(0.0, 0.0, 1.0)
    before = one_euro.update(1.0, 2.0, 1.1)
    assert one_euro.update(500.0, 500.0, 1.1) == before
    assert one_euro.update(500.0, 500.0, 0.5) == before
    again = OneEuro(REST_HZ, PER_MM_S)
    again.update(0.0, 0.0, 1.0)
    again.update(1.0, 2.0, 1.1)
    assert one_euro.update(2.0, 3.0, 1.2) == again.update(2.0, 3.0, 1.2)


def test_reset_takes_the_next_sample_as_it_is() -> None:
    one_euro = OneEuro(REST_HZ, PER_MM_S)
    for k in range(10):
        one_euro.update(k, k, k / 30)
    one_euro.reset()
    assert one_euro.update(-70.0, 12.0, 0.1) == (-70.0, 12.0)


@EXAMPLES
@given(st.floats(0.01, 50), st.floats(1e-6, 10))
def test_a_sample_s_weight_lies_between_nothing_and_all(cutoff_hz: float, dt_s: float) -> None:
    weight = smoothing(cutoff_hz, dt_s)
    assert 0 < weight < 1
    assert weight == pytest.approx(1 / (1 + 1 / (math.tau * cutoff_hz * dt_s)))


def test_a_sample_after_no_time_has_no_weight() -> None:
    assert smoothing(3.0, 0.0) == 0.0
