"""Zones: the atlas says what the exact polygon test says."""

import math

import numpy as np
import pytest

from facetrack.geometry.chart.zones import ZoneAtlas, nearest_in_zone, zone_distance
from facetrack.packets import Bool, Float

SQUARE = np.array([[0.0, 0.0], [40.0, 0.0], [40.0, 20.0], [0.0, 20.0]])
HOOK = np.array([[-12.0, 10.0], [50.0, 12.0], [48.0, -60.0], [30.0, -58.0], [33.0, -5.0], [-10.0, -7.0]])
SPLINTER = np.array([[60.0, 0.0], [60.4, 0.0], [60.2, 30.0]])


def star(seed: int, corners: int = 12) -> Float:
    """A star-shaped polygon, seldom convex."""
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, math.tau, corners))
    radius = rng.uniform(6, 35, corners)
    polygon: Float = rng.uniform((0, -90), (80, 60)) + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    return polygon


def polygon_distance(points_mm: Float, polygon_mm: Float) -> Float:
    """The distance to a zone of one polygon."""
    return zone_distance(points_mm, [polygon_mm])


def plain_distance(x: float, y: float, polygon: Float) -> float:
    """An oracle of its own kind: winding number by summed angles, distance by projection, one point at a time."""
    corners = [complex(a - x, b - y) for a, b in polygon.tolist()]
    around, nearest = 0.0, math.inf
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        edge = end - start
        t = min(max(-(start.real * edge.real + start.imag * edge.imag) / max(abs(edge) ** 2, 1e-300), 0.0), 1.0)
        nearest = min(nearest, abs(start + t * edge))
        if start and end:
            around += math.atan2((start.conjugate() * end).imag, (start.conjugate() * end).real)
    return 0.0 if abs(around) > math.pi else nearest


@pytest.mark.parametrize("polygon", [SQUARE, HOOK, SPLINTER, star(1), star(2)], ids=["square", "hook", "splinter", "a", "b"])
def test_distance_is_that_of_a_plain_oracle(polygon: Float) -> None:
    rng = np.random.default_rng(7)
    low, high = polygon.min(axis=0) - 15, polygon.max(axis=0) + 15
    points = rng.uniform(low, high, (1500, 2))
    expected = np.array([plain_distance(x, y, polygon) for x, y in points.tolist()])
    np.testing.assert_allclose(polygon_distance(points, polygon), expected, atol=1e-9)
    np.testing.assert_allclose(polygon_distance(points, polygon[::-1]), expected, atol=1e-9)


def test_on_the_border_the_distance_is_nothing() -> None:
    edges = np.concatenate([SQUARE, (SQUARE + np.roll(SQUARE, -1, axis=0)) / 2])
    np.testing.assert_allclose(polygon_distance(edges, SQUARE), 0.0, atol=1e-12)


def test_points_level_with_a_corner_are_counted_once() -> None:
    diamond = np.array([[0.0, -10.0], [10.0, 0.0], [0.0, 10.0], [-10.0, 0.0]])
    assert polygon_distance(np.array([[0.0, 0.0], [-20.0, 0.0], [20.0, 0.0]]), diamond).tolist() == [0.0, 10.0, 10.0]


def test_a_polygon_without_area_has_a_distance_and_no_inside() -> None:
    line = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 0.0]])
    assert polygon_distance(np.array([[5.0, 3.0], [14.0, 3.0]]), line).tolist() == [3.0, 5.0]


def test_a_zone_of_several_polygons_is_as_near_as_the_nearest() -> None:
    points = np.random.default_rng(1).uniform(-80, 100, (300, 2))
    both = zone_distance(points, [SQUARE, HOOK])
    np.testing.assert_array_equal(both, np.minimum(polygon_distance(points, SQUARE), polygon_distance(points, HOOK)))


def test_distance_keeps_shapes_and_nan() -> None:
    points = np.random.default_rng(2).uniform(-80, 100, (3, 5, 2))
    points[1, 2] = np.nan
    out = polygon_distance(points, HOOK)
    assert out.shape == (3, 5)
    assert np.isnan(out).sum() == 1
    assert np.isnan(out[1, 2])
    for row in range(3):
        for column in range(5):
            np.testing.assert_allclose(out[row, column], polygon_distance(points[row, column], HOOK), atol=1e-9)


ZONES = [[SQUARE], [HOOK, star(3)], [SPLINTER], *([star(seed)] for seed in range(10, 77))]
TOLERANCE = [8.0, 20.0, 0.0, *(float(seed % 4) * 2.7 for seed in range(10, 77))]


@pytest.fixture(scope="module")
def atlas() -> ZoneAtlas:
    assert len(ZONES) > 64, "more than one word of bits"
    return ZoneAtlas.of(ZONES, TOLERANCE)


def exactly(points: Float, zone: int) -> Bool:
    inside: Bool = zone_distance(points, ZONES[zone]) <= TOLERANCE[zone]
    return inside


def test_the_atlas_is_exact_on_100000_points(atlas: ZoneAtlas) -> None:
    points = np.random.default_rng(11).uniform((-60, -140), (140, 110), (100_000, 2))
    for zone in (0, 1, 2, 40, 63, 64, 69):
        np.testing.assert_array_equal(atlas.member(points, zone), exactly(points, zone), err_msg=f"zone {zone}")


def test_all_zones_at_once_are_one_zone_at_a_time(atlas: ZoneAtlas) -> None:
    points = np.random.default_rng(12).uniform((-60, -140), (140, 110), (4000, 2))
    points[::97] = np.nan
    together = atlas.members(points)
    assert together.shape == (4000, len(ZONES))
    for zone in range(len(ZONES)):
        np.testing.assert_array_equal(together[:, zone], atlas.member(points, zone))


def test_the_atlas_is_exact_along_every_border(atlas: ZoneAtlas) -> None:
    """Just inside and just outside of each border, and on its corners."""
    for zone in (0, 1, 2, 65):
        for polygon in ZONES[zone]:
            start, end = polygon[:, None], np.roll(polygon, -1, axis=0)[:, None]
            along = start + np.linspace(0, 1, 40)[:, None] * (end - start)
            normal = (end - start)[..., ::-1] * (1.0, -1.0)
            normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
            for off in (-1e-6, 0.0, 1e-6):
                for sign in (-1, 1):
                    points = (along + sign * (TOLERANCE[zone] + off) * normal).reshape(-1, 2)
                    np.testing.assert_array_equal(atlas.member(points, zone), exactly(points, zone))


def test_exactly_at_the_tolerance_is_still_inside(atlas: ZoneAtlas) -> None:
    assert atlas.member(np.array([[20.0, 28.0], [20.0, 28.001], [20.0, -8.0], [48.0, 10.0]]), 0).tolist() == [
        True, False, True, True,
    ]  # fmt: skip


def test_far_off_and_unknown_points_are_in_no_zone(atlas: ZoneAtlas) -> None:
    points = np.array([[np.nan, np.nan], [1e6, 0.0], [0.0, -1e6], [np.nan, 5.0], [5.0, np.nan]])
    assert not atlas.members(points).any()
    assert not any(atlas.member(points, zone).any() for zone in range(len(ZONES)))


def test_membership_keeps_shapes_and_is_one_at_a_time(atlas: ZoneAtlas) -> None:
    points = np.random.default_rng(13).uniform((-20, -60), (80, 40), (6, 2, 3, 2))
    together = atlas.member(points, 1)
    assert together.shape == (6, 2, 3)
    alone = [bool(atlas.member(point, 1)) for point in points.reshape(-1, 2)]
    assert together.ravel().tolist() == alone
    assert atlas.member(np.empty((0, 2)), 1).shape == (0,)


def test_a_point_in_plain_numbers_is_in_the_same_zones(atlas: ZoneAtlas) -> None:
    points = np.random.default_rng(8).uniform((-130, -240), (130, 110), (3000, 2))
    points[0] = np.nan
    for zone in range(len(atlas.zones)):
        assert [atlas.holds(x, y, zone) for x, y in points.tolist()] == atlas.member(points, zone).tolist()


def test_every_zone_needs_its_tolerance() -> None:
    with pytest.raises(ValueError, match="zip"):
        ZoneAtlas.of([[SQUARE], [HOOK]], [8.0])


@pytest.mark.parametrize("zone", [[SQUARE], [HOOK, SQUARE], [star(5)]])
def test_the_way_back_leads_to_the_zone_s_border_the_shortest_way(zone: list[Float]) -> None:
    points = np.random.default_rng(14).uniform(-100, 100, (100, 2))
    for point in points:
        away = float(zone_distance(point, zone))
        if away > 0:
            foot = nearest_in_zone(point, zone)
            assert np.linalg.norm(foot - point) == pytest.approx(away)
            assert zone_distance(foot, zone) == pytest.approx(0.0, abs=1e-6)
