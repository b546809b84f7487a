"""Lookups in a raster: one point or many, inside, outside and unknown."""

import numpy as np

from facetrack.geometry.chart.grid import Grid

GRID = Grid(west=-10.0, south=5.0, cell_mm=2.0, columns=4, rows=3)


def test_a_cells_centre_is_in_its_cell() -> None:
    cells = np.arange(12).reshape(3, 4)
    np.testing.assert_array_equal(GRID.nearest(GRID.centres()), cells)
    np.testing.assert_array_equal(GRID.within(GRID.centres()), cells)


def test_outside_is_the_nearest_cell_or_nowhere() -> None:
    beyond = np.array([[-11.1, 7.0], [-2.9, 7.0], [-8.0, 3.9], [-8.0, 10.1], [1e6, -1e6]])
    assert GRID.nearest(beyond).tolist() == [4, 7, 1, 9, 3]
    assert (GRID.within(beyond) == GRID.nowhere).all()


def test_unknown_is_nowhere_without_a_warning() -> None:
    points = np.full((2, 3, 2), np.nan)
    points[1, 1] = -8.0, 7.0
    expected = np.full((2, 3), GRID.nowhere)
    expected[1, 1] = 5
    np.testing.assert_array_equal(GRID.nearest(points), expected)
    np.testing.assert_array_equal(GRID.within(points), expected)


def test_one_point_is_as_one_of_many() -> None:
    points = np.random.default_rng(3).uniform((-14, 2), (0, 14), (200, 2))
    for look_up in (GRID.nearest, GRID.within):
        np.testing.assert_array_equal(look_up(points), [int(look_up(point)) for point in points])


def test_plain_numbers_are_looked_up_as_arrays_are() -> None:
    points = np.random.default_rng(4).uniform((-16, 0), (2, 16), (500, 2))
    halves = np.stack(np.meshgrid(np.arange(-14.0, 2.0), np.arange(1.0, 14.0)), axis=-1).reshape(-1, 2)  # between two cells
    points = np.concatenate([points, halves, [[np.nan, np.nan], [1e6, 7.0], [-1e6, -np.inf]]])
    assert [GRID.nearest_to(x, y) for x, y in points.tolist()] == GRID.nearest(points).tolist()
    assert [GRID.within_at(x, y) for x, y in points.tolist()] == GRID.within(points).tolist()


def test_a_point_of_which_one_coordinate_is_unknown_is_nowhere() -> None:
    grid = Grid(west=-10.0, south=-10.0, cell_mm=2.0, columns=11, rows=11)
    for x, y in ((np.nan, 1.0), (1.0, np.nan)):
        assert grid.nearest_to(x, y) == grid.within_at(x, y) == grid.nowhere
