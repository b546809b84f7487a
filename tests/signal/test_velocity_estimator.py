"""Velocity over a short window."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from facetrack.signal import VelocityEstimator

EXAMPLES = settings(derandomize=True, deadline=None, max_examples=60)


@EXAMPLES
@given(
    st.floats(-400, 400),
    st.floats(-400, 400),
    st.floats(0, 1e4),
    st.lists(st.floats(0.004, 0.3), min_size=2, max_size=40),
)
def test_lines_are_exact_whatever_the_timestamps(vx: float, vy: float, begin_s: float, steps: list[float]) -> None:
    slope = VelocityEstimator(0.2)
    times = begin_s + np.cumsum(steps)
    for k, t_s in enumerate(times.tolist()):
        found = slope.update(30.0 + vx * (t_s - begin_s), -5.0 + vy * (t_s - begin_s), t_s)
        if k:
            assert found == pytest.approx((vx, vy), abs=1e-4)


def test_a_single_sample_does_not_move() -> None:
    assert VelocityEstimator(0.2).update(100.0, 50.0, 3.0) == (0.0, 0.0)


def test_samples_at_one_time_do_not_move() -> None:
    slope = VelocityEstimator(0.2)
    slope.update(0.0, 0.0, 1.0)
    assert slope.update(5.0, 5.0, 1.0) == (0.0, 0.0)


def test_it_is_the_least_squares_slope_of_the_window() -> None:
    rng = np.random.default_rng(0)
    t_s = np.cumsum(rng.uniform(0.01, 0.06, 200))
    xy = rng.normal(0, 10, (200, 2))
    slope = VelocityEstimator(0.2)
    for k in range(200):
        found = slope.update(*xy[k].tolist(), float(t_s[k]))
        window = (t_s >= t_s[k] - 0.2 - 1e-9) & (t_s <= t_s[k])
        if window.sum() >= 2:
            expected = [np.polyfit(t_s[window] - t_s[k], xy[window, axis], 1)[0] for axis in (0, 1)]
            np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("fps", [15.0, 30.0, 120.0])
def test_its_lag_is_half_the_window(fps: float) -> None:
    """Of a speed that rises evenly it gives the one half a window ago."""
    slope = VelocityEstimator(0.2)
    for k in range(int(fps)):
        t_s = k / fps
        found, _ = slope.update(0.5 * 300.0 * t_s**2, 0.0, t_s)
    assert found == pytest.approx(300.0 * (t_s - 0.1), abs=0.02 * 300)


def test_after_a_long_gap_it_goes_by_the_two_samples_it_has() -> None:
    slope = VelocityEstimator(0.2)
    slope.update(0.0, 0.0, 0.0)
    assert slope.update(30.0, -60.0, 3.0) == pytest.approx((10.0, -20.0))


def test_the_oldest_samples_are_forgotten() -> None:
    slope = VelocityEstimator(0.2)
    for k in range(30):
        slope.update(1000.0 - 100.0 * k, 0.0, k / 30)
    for k in range(30, 45):
        found = slope.update(7.0, 0.0, k / 30)
    assert found == pytest.approx((0.0, 0.0), abs=1e-9)


def test_reset_forgets() -> None:
    slope = VelocityEstimator(0.2)
    slope.update(0.0, 0.0, 0.0)
    slope.update(1.0, 1.0, 0.1)
    slope.reset()
    assert slope.update(9.0, 9.0, 0.2) == (0.0, 0.0)
