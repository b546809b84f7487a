"""Frames that come unevenly and are lost."""

import numpy as np

from benchmarks.uneven_frames import uneven_times


def test_uneven_times_rise_and_lost_frames_leave_gaps() -> None:
    for seed in range(20):
        times = uneven_times(20.0, 30.0, jitter_s=0.02, lost_share=0.1, seed=seed)
        assert times[0] >= 0
        assert (np.diff(times) > 0).all(), f"seed {seed}"
        assert 0.03 < 1 - len(times) / 600 < 0.2
        assert np.diff(times).std() > 0.005


def test_without_jitter_and_loss_they_are_even() -> None:
    np.testing.assert_allclose(uneven_times(2.0, 10.0), np.arange(20) / 10.0)
