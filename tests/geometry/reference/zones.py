"""Membership in zones, and the way along a path."""

import math
from collections.abc import Sequence
from itertools import pairwise

from facetrack.geometry.chart import direction_field
from tests.geometry.reference.hands import Point, to_segment


def zone_members(
    points: Sequence[Point], zones: Sequence[Sequence[Sequence[Point]]], tolerance: Sequence[float]
) -> list[list[bool]]:
    """For each point whether it lies in each zone (its polygons), grown by its tolerance: crossing test, then distances."""
    return [
        [any(_in_polygon(point, polygon, grown) for polygon in zone) for zone, grown in zip(zones, tolerance, strict=True)]
        for point in points
    ]


def _in_polygon(point: Point, polygon: Sequence[Point], tolerance: float) -> bool:
    x, y = point
    inside = False
    before = polygon[-1]
    for corner in polygon:
        if (before[1] > y) != (corner[1] > y) and x < before[0] + (y - before[1]) * (corner[0] - before[0]) / (
            corner[1] - before[1]
        ):
            inside = not inside
        before = corner
    if inside:
        return True
    before = polygon[-1]
    for corner in polygon:
        if to_segment(point, before, corner) <= tolerance:
            return True
        before = corner
    return False


def path_at(point: Point, path: Sequence[Point]) -> tuple[float, float, float, float]:
    """Tangent, progress and distance of a path, at the centre of the 2 mm cell that the point is in (as the field is kept)."""
    grid = direction_field._GRID
    column = min(max(round((point[0] - grid.west) / grid.cell_mm), 0), grid.columns - 1)
    row = min(max(round((point[1] - grid.south) / grid.cell_mm), 0), grid.rows - 1)
    x, y = grid.west + grid.cell_mm * column, grid.south + grid.cell_mm * row
    parts = []
    begun = 0.0
    for (ax, ay), (bx, by) in pairwise(path):
        length = math.hypot(bx - ax, by - ay)
        tx, ty = (bx - ax) / length, (by - ay) / length
        along = min(max((x - ax) * tx + (y - ay) * ty, 0.0), length)
        parts.append((math.hypot(x - ax - along * tx, y - ay - along * ty), begun + along, tx, ty))
        begun += length
    distance, progress, sharp_x, sharp_y = min(parts, key=lambda part: part[0])
    blend = [math.exp(-(part[0] - distance) / direction_field._BLEND_MM) for part in parts]
    east = sum(w * part[2] for w, part in zip(blend, parts, strict=True))
    north = sum(w * part[3] for w, part in zip(blend, parts, strict=True))
    size = math.hypot(east, north)
    return (east / size, north / size, progress, distance) if size > 0.3 else (sharp_x, sharp_y, progress, distance)
