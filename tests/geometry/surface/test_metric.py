"""Lengths on the user's skin."""

import math

import numpy as np
import pytest

from facetrack.geometry.head.canonical import canonical_face
from facetrack.geometry.head.landmarks import head_model
from facetrack.geometry.surface.metric import Skin, length_mm
from facetrack.packets import Float

FACE = canonical_face().points_mm
PLACES = np.random.default_rng(0).uniform((-50, -90), (50, 60), (300, 2))


def flat(linear: Float) -> Float:
    """The chart itself, as a flat skin stretched by ``linear`` (2, 2)."""
    return np.column_stack([FACE[:, :2] @ linear.T, np.zeros(len(FACE))])


@pytest.mark.parametrize("size", [0.8, 1.0, 1.3])
def test_flat_skin_is_as_long_as_its_size(size: float) -> None:
    metric = Skin.of(flat(size * np.eye(2))).metric_at(PLACES)
    np.testing.assert_allclose(metric, np.broadcast_to([size**2, 0.0, size**2], (300, 3)), atol=1e-9)


def test_flat_skin_that_is_stretched_one_way_and_sheared_is_longer_that_way() -> None:
    linear = np.array([[1.2, 0.1], [0.0, 0.9]])
    metric = Skin.of(flat(linear)).metric_at(PLACES)
    for way in np.array([[1.0, 0.0], [0.0, 1.0], [0.7, -0.7]]):
        lengths = length_mm(way, metric)
        assert np.median(lengths) == pytest.approx(np.linalg.norm(linear @ way), rel=0.02)
        assert lengths == pytest.approx(np.linalg.norm(linear @ way), rel=0.06)


def test_a_slope_towards_the_camera_makes_the_skin_longer() -> None:
    sloping = np.column_stack([FACE[:, :2], 0.75 * FACE[:, 0]])
    metric = Skin.of(sloping).metric_at(PLACES)
    lengths = length_mm(np.array([4.0, 0.0]), metric)
    np.testing.assert_allclose(np.median(lengths), 5.0, rtol=0.05)
    np.testing.assert_allclose(np.median(length_mm(np.array([0.0, 4.0]), metric)), 4.0, rtol=0.03)


def test_on_a_real_face_cheeks_are_longer_across_than_the_middle() -> None:
    skin = Skin.of(FACE)
    across = length_mm(np.array([1.0, 0.0]), skin.metric_at(np.array([[0.0, 45.0], [60.0, -30.0]])))
    assert 0.97 < across[0] < 1.15
    assert across[1] > 1.3


def test_lengths_square_to_the_form() -> None:
    rng = np.random.default_rng(3)
    step = rng.normal(0, 5, (40, 2))
    linear = rng.normal(0, 1, (40, 2, 2))
    form = np.einsum("nki,nkj->nij", linear, linear)
    metric = np.stack([form[:, 0, 0], form[:, 0, 1], form[:, 1, 1]], axis=-1)
    expected = np.linalg.norm(np.einsum("nij,nj->ni", linear, step), axis=1)
    np.testing.assert_allclose(length_mm(step, metric), expected, atol=1e-9)
    np.testing.assert_allclose([length_mm(s, m) for s, m in zip(step, metric, strict=True)], expected, atol=1e-9)


def test_no_step_has_no_length_and_rounding_never_makes_one_imaginary() -> None:
    assert length_mm(np.zeros(2), np.array([1.0, 0.0, 1.0])) == 0.0
    assert length_mm(np.array([1.0, -1.0]), np.array([1.0, 1.0 + 1e-15, 1.0])) == pytest.approx(0.0, abs=1e-6)


def test_nan_in_nan_out() -> None:
    skin = Skin.of(FACE)
    places = np.array([[np.nan, np.nan], [10.0, 10.0]])
    assert np.isnan(skin.metric_at(places)).tolist() == [[True] * 3, [False] * 3]
    assert np.isnan(length_mm(np.array([np.nan, 1.0]), np.array([1.0, 0.0, 1.0])))
    assert np.isnan(length_mm(np.array([1.0, 1.0]), np.full(3, np.nan)))


def test_beyond_the_raster_its_edge_and_batches_one_at_a_time() -> None:
    skin = Skin.of(FACE)
    assert np.isfinite(skin.metric_at(np.array([1e4, -1e4]))).all()
    places = PLACES[:20].reshape(4, 5, 2)
    metric = skin.metric_at(places)
    assert metric.shape == (4, 5, 3)
    np.testing.assert_allclose(metric[2, 3], skin.metric_at(places[2, 3]), atol=1e-9)


def test_off_the_mesh_the_skin_is_taken_as_flat() -> None:
    metric = Skin.of(FACE * 1.1).metric_at(np.array([[30.0, -230.0], [-100.0, -200.0]]))
    np.testing.assert_allclose(metric, [[1.21, 0, 1.21]] * 2, atol=0.25)


def plain_metric(template: Float, x: float, y: float) -> Float:
    """The skin's form at a place: an affine fit to the anchors about it, drawn towards one similarity off the mesh."""
    anchors = head_model().anchors
    chart, value = FACE[anchors, :2], template[anchors]
    squared = ((chart - (x, y)) ** 2).sum(axis=1)
    weight = (squared + 9.0**2) ** -2
    weight /= weight.sum()
    centred = chart - weight @ chart
    spread = (centred * weight[:, None]).T @ centred
    size = math.sqrt(np.prod([np.ptp(value[:, k]) / np.ptp(chart[:, k]) for k in (0, 1)]))
    pull = np.trace(spread) * (0.02 + squared.min() / 25.0**2)
    mixed = (centred * weight[:, None]).T @ value + pull * np.array([[size, 0.0, 0.0], [0.0, size, 0.0]])
    slope = np.linalg.inv(spread + pull * np.eye(2)) @ mixed
    slope[:, 2] = slope[:, 2].clip(-2.0, 2.0)
    form = slope @ slope.T
    return np.array([form[0, 0], form[0, 1], form[1, 1]])


@pytest.mark.parametrize("seed", range(3))
def test_the_skin_is_what_a_plain_fit_finds_at_its_cells(seed: int) -> None:
    rng = np.random.default_rng(seed)
    template = FACE * rng.uniform(0.85, 1.2) * rng.uniform(0.9, 1.1, 3) + rng.normal(0, 0.5, FACE.shape)
    skin = Skin.of(template)
    for column, row in rng.integers((0, 0), (41, 58), (40, 2)).tolist():
        place = np.array([-120.0 + 6.0 * column, -240.0 + 6.0 * row])
        np.testing.assert_allclose(skin.metric_at(place), plain_metric(template, *place), rtol=1e-6, atol=1e-9)
        np.testing.assert_array_equal(skin.metric_of_hands(place[None])[0], skin.metric_at(place))
