"""The direction field of a path."""

import math
from itertools import pairwise

import numpy as np
import pytest

from facetrack.geometry.chart.direction_field import PathFields
from facetrack.packets import Float

LINE = np.array([[5.0, 40.0], [65.0, 40.0]])
BENT = np.array([[0.0, -100.0], [40.0, -90.0], [64.0, -50.0]])
GRID_MM = 2.0
"""The field's cells: progress and distance are known to about half of one."""


def test_along_a_line_the_tangent_is_the_line_s() -> None:
    fields = PathFields.of([LINE])
    points = np.random.default_rng(0).uniform((-30, 0), (100, 80), (200, 2))
    tangent = fields.at(points)[0, :, :2]
    np.testing.assert_allclose(tangent, np.broadcast_to([1.0, 0.0], (200, 2)), atol=1e-9)


def test_progress_and_distance_are_the_foot_s() -> None:
    fields = PathFields.of([LINE])
    points = np.array([[5.0, 40.0], [35.0, 52.0], [65.0, 40.0], [90.0, 40.0], [-10.0, 40.0]])
    progress, away = fields.at(points)[0, :, 2], fields.at(points)[0, :, 3]
    np.testing.assert_allclose(progress, [0, 30, 60, 60, 0], atol=GRID_MM)
    np.testing.assert_allclose(away, [0, 12, 0, 25, 15], atol=GRID_MM)


def test_length_is_the_polyline_s() -> None:
    expected = np.linalg.norm(np.diff(BENT, axis=0), axis=1).sum()
    np.testing.assert_allclose(PathFields.of([LINE, BENT]).length_mm, [60.0, expected])


def test_progress_rises_along_a_bent_path_and_tangents_stay_unit_and_turn_with_it() -> None:
    fields = PathFields.of([BENT])
    step = np.diff(BENT, axis=0)
    along = np.concatenate([BENT[k] + np.linspace(0.05, 0.95, 30)[:, None] * step[k] for k in range(2)])
    at = fields.at(along)[0]
    assert (np.diff(at[:, 2]) >= -GRID_MM).all()
    assert at[-1, 2] - at[0, 2] > 0.85 * fields.length_mm[0]
    np.testing.assert_allclose(np.linalg.norm(at[:, :2], axis=1), 1.0, atol=1e-9)
    assert at[:, 3].max() < GRID_MM
    for k, place in ((0, 10), (1, 50)):
        np.testing.assert_allclose(at[place, :2], step[k] / np.linalg.norm(step[k]), atol=0.2)


def test_the_tangent_turns_gradually_at_a_corner() -> None:
    corner = PathFields.of([np.array([[0.0, 1.0], [40.0, 1.0], [40.0, 41.0]])])
    diagonal = corner.at(np.array([[30.0, 11.0]]))[0, 0, :2]
    np.testing.assert_allclose(diagonal, np.full(2, np.sqrt(0.5)), atol=1e-6)


def test_a_path_that_runs_back_on_itself_still_has_unit_tangents() -> None:
    there_and_back = PathFields.of([np.array([[0.0, 0.0], [40.0, 0.0], [0.0, 0.1]])])
    points = np.random.default_rng(1).uniform((-20, -30), (60, 30), (300, 2))
    np.testing.assert_allclose(np.linalg.norm(there_and_back.at(points)[0, :, :2], axis=1), 1.0, atol=1e-9)


def test_a_single_point_has_a_place_and_no_direction() -> None:
    fields = PathFields.of([np.array([[30.0, -40.0]])])
    tangent_x, tangent_y, progress, away = fields.at(np.array([33.0, -44.0]))[0]
    assert np.isnan(tangent_x)
    assert np.isnan(tangent_y)
    assert progress == 0.0
    assert away == pytest.approx(5.0, abs=GRID_MM)
    assert fields.length_mm.tolist() == [0.0]


def test_several_paths_are_each_on_its_own_and_batches_one_point_at_a_time() -> None:
    together = PathFields.of([LINE, BENT])
    points = np.random.default_rng(2).uniform((-30, -130), (110, 90), (7, 3, 2))
    out = together.at(points)
    assert out.shape == (2, 7, 3, 4)
    for k, path in enumerate((LINE, BENT)):
        np.testing.assert_allclose(out[k], PathFields.of([path]).at(points)[0], atol=1e-9)
    flat = points.reshape(-1, 2)
    np.testing.assert_allclose(out.reshape(2, -1, 4)[:, 5], together.at(flat[5]), atol=1e-9)
    assert [together.here(x, y) for x, y in flat.tolist()] == out.reshape(2, -1, 4).transpose(1, 0, 2).tolist()


def test_nan_in_nan_out_and_beyond_the_window_its_edge() -> None:
    fields = PathFields.of([LINE])
    out = fields.at(np.array([[np.nan, np.nan], [1e5, 40.0]]))
    assert np.isnan(out[0, 0]).all()
    assert np.isfinite(out[0, 1]).all()


def plain_field(path: Float, x: float, y: float) -> tuple[float, float, float, float]:
    """Tangent, progress and distance at a point, part by part: the tangents blended over 4 mm of distance."""
    parts, begun = [], 0.0
    for start, end in pairwise(path):
        length = math.dist(start, end)
        tx, ty = (end - start) / length
        along = min(max((x - start[0]) * tx + (y - start[1]) * ty, 0.0), length)
        away = math.hypot(x - start[0] - along * tx, y - start[1] - along * ty)
        parts.append((away, begun + along, tx, ty))
        begun += length
    away, progress, sharp_x, sharp_y = min(parts, key=lambda part: part[0])
    weights = [math.exp(-(part[0] - away) / 4.0) for part in parts]
    bx, by = (sum(w * part[k] for w, part in zip(weights, parts, strict=True)) for k in (2, 3))
    size = math.hypot(bx, by)
    return (bx / size, by / size, progress, away) if size > 0.3 else (sharp_x, sharp_y, progress, away)


@pytest.mark.parametrize("seed", range(4))
def test_a_field_is_what_a_plain_loop_says_of_its_cells(seed: int) -> None:
    rng = np.random.default_rng(seed)
    path = rng.uniform((-20, -120), (80, 60), (4, 2))
    fields = PathFields.of([path])
    for column, row in rng.integers((0, 0), (91, 181), (60, 2)).tolist():
        x, y = -60.0 + 2.0 * column, -241.0 + 2.0 * row
        assert fields.here(x, y)[0] == pytest.approx(plain_field(path, x, y), abs=1e-6)


def test_the_field_reaches_over_the_left_half_from_the_chest_to_above_the_hair() -> None:
    fields = PathFields.of([LINE])
    for x, y in ((-60.0, -241.0), (120.0, 119.0), (-60.0, 119.0)):
        assert fields.here(x, y)[0][3] == pytest.approx(plain_field(LINE, x, y)[3], abs=1e-9)
    assert fields.here(-80.0, 40.0) == fields.here(-60.0, 40.0)
