"""The map between two clouds of anchors."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from facetrack.mannequin.body.moving_least_squares import MovingLeastSquaresMap, similarity_between
from facetrack.packets import Float

ANCHORS = np.random.default_rng(3).uniform(-60, 60, (60, 2))
NEAR = np.random.default_rng(4).uniform(-50, 50, (200, 2))
FAR = np.random.default_rng(5).uniform(-3000, 3000, (50, 2))

EXAMPLES = settings(derandomize=True, deadline=None, max_examples=60)
turns = st.floats(-3.1, 3.1)
scales = st.floats(0.05, 20.0)
shifts = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))


def similarity(angle: float, scale: float, mirror: bool) -> Float:
    c, s = np.cos(angle), np.sin(angle)
    return scale * np.array([[c, -s], [s, c]]) @ np.diag([1.0, -1.0 if mirror else 1.0])


@EXAMPLES
@given(turns, scales, st.booleans(), shifts)
def test_similarities_are_found_and_followed_exactly_near_and_far(
    angle: float, scale: float, mirror: bool, shift: tuple[float, float]
) -> None:
    linear = similarity(angle, scale, mirror)
    target = ANCHORS @ linear.T + shift
    found, source_mean, target_mean = similarity_between(ANCHORS, target)
    np.testing.assert_allclose(found, linear, atol=1e-6 * scale)
    np.testing.assert_allclose(target_mean + found @ (NEAR[0] - source_mean), linear @ NEAR[0] + shift, atol=1e-5 * scale)
    mapped = MovingLeastSquaresMap(ANCHORS, target, 6.0, 40.0)
    for points in (NEAR, FAR):
        np.testing.assert_allclose(mapped(points), points @ linear.T + shift, atol=1e-5 * scale * 1e2)


@EXAMPLES
@given(st.floats(0.7, 1.4), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4), st.floats(0.7, 1.4))
def test_affine_maps_are_followed_among_the_anchors(a: float, b: float, c: float, d: float) -> None:
    linear = np.array([[a, b], [c, d]])
    truth = NEAR @ linear.T
    mapped = MovingLeastSquaresMap(ANCHORS, ANCHORS @ linear.T, 6.0, 40.0)
    alone, source_mean, target_mean = similarity_between(ANCHORS, ANCHORS @ linear.T)
    error = np.linalg.norm(mapped(NEAR) - truth, axis=-1)
    error_of_similarity = np.linalg.norm(target_mean + (NEAR - source_mean) @ alone.T - truth, axis=-1)
    assert error.max() <= 0.12 * error_of_similarity.max() + 1e-9


def test_far_off_it_goes_on_as_one_similarity() -> None:
    linear = np.array([[1.3, 0.2], [-0.1, 0.8]])
    mapped = MovingLeastSquaresMap(ANCHORS, ANCHORS @ linear.T, 6.0, 40.0)
    far = np.array([[900.0, 400.0], [901.0, 400.0], [900.0, 401.0]])
    step = np.diff(mapped(far)[[0, 1, 0, 2]], axis=0)[[0, 2]].T
    np.testing.assert_allclose(step, similarity_between(ANCHORS, ANCHORS @ linear.T)[0], atol=0.02)


def test_what_bends_locally_is_followed_within_the_softening() -> None:
    def bend(p: Float) -> Float:
        return np.stack([p[:, 0] + 0.002 * p[:, 1] ** 2, p[:, 1] - 0.001 * p[:, 0] ** 2], axis=-1)

    grid = np.stack(np.meshgrid(np.arange(-60, 61, 10.0), np.arange(-60, 61, 10.0)), axis=-1).reshape(-1, 2)
    mapped = MovingLeastSquaresMap(grid, bend(grid), 6.0, 40.0)
    error = np.linalg.norm(mapped(NEAR) - bend(NEAR), axis=-1)
    assert error.max() < 0.6


def test_turning_or_scaling_the_source_changes_nothing_if_the_lengths_go_along() -> None:
    target = ANCHORS + 5 * np.sin(ANCHORS[:, ::-1] / 20)
    linear = similarity(0.7, 3.0, True)
    plain = MovingLeastSquaresMap(ANCHORS, target, 6.0, 40.0)(NEAR)
    turned = MovingLeastSquaresMap(ANCHORS @ linear.T + 100.0, target, 18.0, 120.0)(NEAR @ linear.T + 100.0)
    np.testing.assert_allclose(turned, plain, atol=1e-9)


def test_all_at_once_is_one_at_a_time_and_shapes_are_kept() -> None:
    mapped = MovingLeastSquaresMap(ANCHORS, ANCHORS[:, ::-1] * 1.7 + 4.0, 6.0, 40.0)
    points = NEAR.reshape(4, 50, 2)
    together = mapped(points)
    assert together.shape == points.shape
    np.testing.assert_allclose(together.reshape(-1, 2), [mapped(p) for p in NEAR], atol=1e-9)
    assert mapped(np.empty((0, 2))).shape == (0, 2)


def test_nan_in_nan_out_and_the_others_stay() -> None:
    mapped = MovingLeastSquaresMap(ANCHORS, ANCHORS * 2.0, 6.0, 40.0)
    points = NEAR[:3].copy()
    points[1] = np.nan
    out = mapped(points)
    assert np.isnan(out[1]).all()
    np.testing.assert_allclose(out[[0, 2]], mapped(NEAR[[0, 2]]), atol=1e-12)


def test_on_an_anchor_there_is_no_singularity() -> None:
    target = ANCHORS * 1.5
    assert MovingLeastSquaresMap(ANCHORS, target, 6.0, 40.0)(ANCHORS) == pytest.approx(target, abs=1e-6)
