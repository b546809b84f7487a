"""Whole tracks are filtered as step by step."""

import numpy as np
import pytest

from facetrack.packets import Bool, Float
from facetrack.signal import OneEuro, VelocityEstimator, tracks
from facetrack.signal.tracks import one_euro_track, slope_track


def _track(n: int, seed: int) -> tuple[Float, Float, Bool]:
    """Uneven times, three points that wander and leap, a few beginnings."""
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.choice([0.008, 0.033, 0.034, 0.11], n))
    points = np.cumsum(rng.normal(0.0, 2.0, (2, 3, n)), axis=-1)
    fresh = rng.random(n) < 0.02
    fresh[0] = True
    return times, points, fresh


def _stepped(times: Float, points: Float, fresh: Bool) -> tuple[Float, Float]:
    smooth, velocity = np.empty_like(points), np.empty_like(points)
    for k in range(points.shape[1]):
        one_euro, slope = OneEuro(2.0, 0.05), VelocityEstimator(0.2)
        for i, t_s in enumerate(times.tolist()):
            if fresh[i]:
                one_euro.reset()
                slope.reset()
            smooth[:, k, i] = one_euro.update(*points[:, k, i], t_s)
            velocity[:, k, i] = slope.update(*smooth[:, k, i], t_s)
    return smooth, velocity


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 65, 700])
def test_a_track_is_filtered_as_step_by_step(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "_CHUNK", 100)  # several, of several blocks of blocks
    times, points, fresh = _track(n, seed=n)
    smooth, velocity = _stepped(times, points, fresh)
    np.testing.assert_allclose(one_euro_track(times, points, fresh, 2.0, 0.05), smooth, atol=1e-9)
    np.testing.assert_allclose(slope_track(times, smooth, fresh, 0.2), velocity, atol=1e-7)


def test_nothing_of_what_the_memory_held_before_gets_in(monkeypatch: pytest.MonkeyPatch) -> None:
    times, points, fresh = _track(20, seed=3)
    smooth, velocity = _stepped(times, points, fresh)
    monkeypatch.setattr(np, "empty_like", lambda like: np.full_like(like, np.nan))
    np.testing.assert_allclose(one_euro_track(times, points, fresh, 2.0, 0.05), smooth, atol=1e-9)
    np.testing.assert_allclose(slope_track(times, smooth, fresh, 0.2), velocity, atol=1e-7)


def test_points_do_not_depend_on_each_other() -> None:
    times, points, fresh = _track(300, seed=4)
    together = one_euro_track(times, points, fresh, 2.0, 0.05)
    alone = one_euro_track(times, points[:, 1:2].copy(), fresh, 2.0, 0.05)
    np.testing.assert_array_equal(together[:, 1:2], alone)
