"""The geometry written the textbook way: plain Python floats, a loop over landmarks, fingers, zones and edges.

Each function has the definition of the product's of that name and gives the same; ``plain_geometry`` puts them in its place,
so that whole frames can be mapped by them. Nothing here is tuned, and nothing is made worse than one would write it.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from unittest.mock import patch

import numpy as np

from facetrack.geometry import mapper
from facetrack.geometry.chart import direction_field as path_field
from facetrack.geometry.head import occlusion as covered
from facetrack.geometry.head.pose_fit import OUTLIER_MM, ROBUST_ROUNDS, Pose, PosePrior
from facetrack.geometry.surface import projection as face_fit
from facetrack.geometry.surface.face_surface import FaceSurface
from facetrack.packets import Float

Point = tuple[float, float]

_FINGERS = (1, 5, 9, 13, 17)
_TIPS = (4, 8, 12, 16, 20)
_PALM = (0, 1, 5, 9, 13, 17)
_PALM_CENTRE = (0, 5, 9, 13, 17)


# -- which landmarks a hand covers ---------------------------------------------------------------------------------------


def clearance_mm(points_px: Float, hands_px: Float, mm_per_px: float) -> Float:
    bones: list[tuple[Point, Point, float]] = []
    for hand in hands_px[:, :, :2].tolist():
        if math.isnan(hand[0][0]):
            continue
        for finger in _FINGERS:
            for joint in range(finger, finger + 3):
                bones.append((hand[joint], hand[joint + 1], 9.0))
        for finger in _FINGERS:
            bones.append((hand[0], hand[finger], 15.0))
        elbow = tuple(w + 1.5 * (w - m) for w, m in zip(hand[0], hand[9], strict=True))
        bones.append((hand[0], (elbow[0], elbow[1]), 32.0))
    nearest = []
    for point in points_px.tolist():
        least = math.inf
        for start, end, radius in bones:
            least = min(least, _to_segment(point, start, end) * mm_per_px - radius)
        nearest.append(least)
    return np.array(nearest)


def _to_segment(point: Sequence[float], start: Sequence[float], end: Sequence[float]) -> float:
    ex, ey = end[0] - start[0], end[1] - start[1]
    dx, dy = point[0] - start[0], point[1] - start[1]
    along = min(max((dx * ex + dy * ey) / (ex * ex + ey * ey + 1e-9), 0.0), 1.0)
    return math.hypot(dx - along * ex, dy - along * ey)


def visibility_weight(clearance: Float) -> Float:
    low, high = covered._TOUCHED_MM, covered._UNTOUCHED_MM
    return np.array([min(max((away - low) / (high - low), 0.0), 1.0) ** 2 for away in clearance.tolist()])


# -- pose ----------------------------------------------------------------------------------------------------------------


def fit_pose(template_mm: Float, image_px: Float, weight: Float, prior: PosePrior | None = None) -> Pose | None:
    head, image, trusted = template_mm.tolist(), [[x, -y] for x, y in image_px.tolist()], weight.tolist()
    kept = len(head)
    if prior is not None:
        head.append(prior.pivot_mm.tolist())
        image.append([float(prior.pivot_px[0]), -float(prior.pivot_px[1])])
        trusted.append(prior.weight)
    weights = list(trusted)
    for _ in range(ROBUST_ROUNDS + 1):
        camera = _camera(head, image, weights, prior)
        if camera is None:
            return None
        rows, scale, shift = camera
        residual = []
        for point, seen in zip(head, image, strict=True):
            error = [
                scale * sum(r * p for r, p in zip(row, point, strict=True)) + s for row, s in zip(rows, shift, strict=True)
            ]
            residual.append(((error[0] - seen[0]) ** 2 + (error[1] - seen[1]) ** 2) / scale**2)
        weights = [w / (1.0 + r / OUTLIER_MM**2) for w, r in zip(trusted, residual, strict=True)]
        weights[kept:] = trusted[kept:]
    (ax, ay, az), (bx, by, bz) = rows
    forward = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
    cut = sum(w * min(r, (2.0 * OUTLIER_MM) ** 2) for w, r in zip(trusted[:kept], residual[:kept], strict=True))
    fit_mm = math.sqrt(cut / max(sum(trusted[:kept]), 1e-9))
    return Pose(np.array([*rows, forward]), scale, np.array(shift), fit_mm)


def _camera(
    head: list[list[float]], image: list[list[float]], weights: list[float], prior: PosePrior | None
) -> tuple[list[list[float]], float, list[float]] | None:
    total = sum(weights)
    if not total > 0:
        return None
    head_mean = [sum(w * p[k] for w, p in zip(weights, head, strict=True)) / total for k in range(3)]
    image_mean = [sum(w * p[k] for w, p in zip(weights, image, strict=True)) / total for k in range(2)]
    spread = [[0.0] * 3 for _ in range(3)]
    mixed = [[0.0] * 2 for _ in range(3)]
    for w, point, seen in zip(weights, head, image, strict=True):
        centred = [p - m for p, m in zip(point, head_mean, strict=True)]
        offset = [s - m for s, m in zip(seen, image_mean, strict=True)]
        for i in range(3):
            for j in range(3):
                spread[i][j] += w * centred[i] * centred[j]
            for j in range(2):
                mixed[i][j] += w * centred[i] * offset[j]
    if prior is not None:
        for i in range(3):
            spread[i][i] += prior.inertia
            for j in range(2):
                mixed[i][j] += prior.inertia * prior.camera[j][i]
    ridge = 1e-6 * (spread[0][0] + spread[1][1] + spread[2][2])
    table = [[spread[i][j] + (ridge if i == j else 0.0) for j in range(3)] + mixed[i] for i in range(3)]
    solved = _eliminated(table)
    affine = [[solved[i][3 + k] for i in range(3)] for k in range(2)]
    p, q, r = (sum(a * b for a, b in zip(affine[i], affine[j], strict=True)) for i, j in ((0, 0), (0, 1), (1, 1)))
    determinant = math.sqrt(max(p * r - q * q, 0.0))
    if not determinant > 0:
        return None
    trace = math.sqrt(p + r + 2.0 * determinant)
    root = [[r + determinant, -q], [-q, p + determinant]]
    rows = [
        [(root[k][0] * affine[0][i] + root[k][1] * affine[1][i]) / (determinant * trace) for i in range(3)] for k in range(2)
    ]
    fits = sum(rows[k][i] * mixed[i][k] for k in range(2) for i in range(3))
    size = sum(rows[k][i] * spread[i][j] * rows[k][j] for k in range(2) for i in range(3) for j in range(3))
    if prior is not None:
        fits, size = fits + prior.stiffness * size * prior.scale, size * (1.0 + prior.stiffness)
    if not (size > 0 and fits > 0):
        return None
    scale = fits / size
    shift = [image_mean[k] - scale * sum(rows[k][i] * head_mean[i] for i in range(3)) for k in range(2)]
    return rows, scale, shift


def _eliminated(table: list[list[float]]) -> list[list[float]]:
    """Gauss-Jordan with pivoting."""
    for column in range(len(table)):
        best = max(range(column, len(table)), key=lambda row: abs(table[row][column]))
        table[column], table[best] = table[best], table[column]
        pivot = table[column][column]
        table[column] = [value / pivot for value in table[column]]
        for row in range(len(table)):
            if row != column:
                factor = table[row][column]
                table[row] = [a - factor * b for a, b in zip(table[row], table[column], strict=True)]
    return table


# -- from pixels to the face ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlainFaceFit:
    """As ``FaceFit``, for ``located``."""

    pose: Pose
    surface: FaceSurface
    size: float
    held: bool = False
    _rows: list[list[float]] = field(init=False)
    _nodes: list[Point] = field(init=False)
    _choice: list[float] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.pose.rotation.tolist()
        middle = face_fit._FACE_MM.tolist()
        enlarged = 1.0 - (sum(r * m for r, m in zip(rows[2], middle, strict=True)) - middle[2]) / face_fit.VIEWING_MM
        surface = self.surface
        nodes, choice = [], []
        for turning, resting, normal, still in zip(
            surface.tip_turning.tolist(),
            surface.tip_resting.tolist(),
            surface.normal_turning.tolist(),
            surface.normal_resting.tolist(),
            strict=True,
        ):
            x, y, z = (sum(r * t for r, t in zip(rows[i], turning, strict=True)) + resting[i] * enlarged for i in range(3))
            facing = sum(r * n for r, n in zip(rows[2], normal, strict=True)) + still
            nodes.append((x, y))
            choice.append(x * x + y * y - face_fit._NEARER * z + (face_fit._AVERTED if facing <= 0.0 else 0.0))
        for name, value in (("_rows", rows), ("_nodes", nodes), ("_choice", choice)):
            object.__setattr__(self, name, value)

    @property
    def mm_per_px(self) -> float:
        return 1.0 / self.pose.scale

    def located(self, points_px: Float, thicker_mm: Float | None = None) -> tuple[Float, Float]:
        shift_x, shift_y = self.pose.shift.tolist()
        charts, spreads = [], []
        places = points_px.reshape(-1, 2).tolist()
        thicker = [0.0] * len(places) if thicker_mm is None else thicker_mm.tolist()
        for (px, py), deep in zip(places, thicker, strict=True):
            if math.isnan(px):
                charts.append((math.nan, math.nan))
                spreads.append(math.nan)
                continue
            chart, apart = self._on_chart((px - shift_x) * self.mm_per_px, (-py - shift_y) * self.mm_per_px, deep)
            charts.append(chart)
            spreads.append(apart)
        return np.array(charts).reshape(points_px.shape), np.array(spreads).reshape(points_px.shape[:-1])

    def _on_chart(self, x: float, y: float, thicker_mm: float) -> tuple[Point, float]:
        """Chart mm, and how far apart the places are that would look the same."""
        node = self._nearest_node(x, y)
        normal = self.surface.normal_turning[node].tolist()
        x, y = (p - thicker_mm * sum(r * n for r, n in zip(self._rows[k], normal, strict=True)) for k, p in enumerate((x, y)))
        column, row = self._nearest_cell(node, x, y)
        grid = face_fit.LATTICE
        side = -self._rows[2][0], -self._rows[2][1]
        length = max(math.hypot(*side), 1e-9)
        way = side[0] / length, side[1] / length
        squared: list[float] = []
        off_here = (0.0, 0.0)
        for away in face_fit._ROUND_MM.tolist():
            c, r = column + away / grid.cell_mm * way[0], row + away / grid.cell_mm * way[1]
            (sx, sy), _, _ = self._seen(*_kept_in(c, r))
            off = x - sx, y - sy
            squared.append(off[0] * off[0] + off[1] * off[1])
            if away == 0.0:
                off_here = off
            elif abs(c - face_fit._MIDLINE) > face_fit._WIDEST:
                squared[-1] = math.inf
        least = min(squared)
        alike = [math.exp(-0.5 * (one - least) / face_fit._OFF_MM**2) for one in squared]
        total = sum(alike)
        mean = sum(w * away for w, away in zip(alike, face_fit._ROUND_MM.tolist(), strict=True)) / total
        mean2 = sum(w * away * away for w, away in zip(alike, face_fit._ROUND_MM.tolist(), strict=True)) / total
        across = self._rows[0][:2]
        size = math.hypot(*across)
        east, north = across[0] / size, across[1] / size
        beside_x = (off_here[0] * east - off_here[1] * north) / self.size
        beside_y = (off_here[0] * north + off_here[1] * east) / self.size
        chart = (
            column * grid.cell_mm + grid.west + mean * way[0] + beside_x,
            row * grid.cell_mm + grid.south + mean * way[1] + beside_y,
        )
        return chart, math.sqrt(max(mean2 - mean * mean, 0.0))

    def _nearest_node(self, x: float, y: float) -> int:
        best, least = 0, math.inf
        for k, ((nx, ny), choice) in enumerate(zip(self._nodes, self._choice, strict=True)):
            cost = choice - 2.0 * (x * nx + y * ny)
            if cost < least:
                best, least = k, cost
        return best

    def _nearest_cell(self, node: int, x: float, y: float) -> Point:
        row, column = divmod(node, face_fit.LATTICE.columns)
        c, r = _kept_in(column, row)
        for _ in range(face_fit._STEPS):
            (sx, sy), (cx, cy), (rx, ry) = self._seen(c, r)
            dx, dy = x - sx, y - sy
            area = cx * ry - cy * rx
            share = area / (area * area + face_fit._DAMPING)
            step_c, step_r = (dx * ry - dy * rx) * share, (cx * dy - cy * dx) * share
            longer = max(math.hypot(step_c, step_r) / face_fit._LONGEST_STEP, 1.0)
            c, r = _kept_in(c + step_c / longer, r + step_r / longer)
        return c, r

    def _seen(self, column: float, row: float) -> tuple[Point, Point, Point]:
        """Where the place is seen, and how that changes with column and row."""
        c, r = int(column), int(row)
        first = r * face_fit.LATTICE.columns + c
        (ax, ay), (bx, by) = self._nodes[first], self._nodes[first + 1]
        (dx, dy), (ex, ey) = self._nodes[first + face_fit.LATTICE.columns], self._nodes[first + face_fit.LATTICE.columns + 1]
        column, row = column - c, row - r
        along_c = bx - ax + row * (ex - dx - bx + ax), by - ay + row * (ey - dy - by + ay)
        along_r = dx - ax + column * (ex - dx - bx + ax), dy - ay + column * (ey - dy - by + ay)
        return (ax + column * (bx - ax) + row * along_r[0], ay + column * (by - ay) + row * along_r[1]), along_c, along_r


def _kept_in(column: float, row: float) -> Point:
    """On the lattice."""
    (last_column,), (last_row,) = face_fit._LAST.tolist()
    return min(max(column, 0.0), last_column), min(max(row, 0.0), last_row)


# -- the hand ------------------------------------------------------------------------------------------------------------


def hand_points_px(hands_px: Float) -> Float:
    out = []
    for hand in hands_px.tolist():
        points = [hand[tip][:2] for tip in _TIPS]
        points.append(hand[10][:2])
        points.append([sum(hand[k][axis] for k in _PALM_CENTRE) / len(_PALM_CENTRE) for axis in range(2)])
        out.append(points)
    return np.array(out)


def palm_size_px(hands_px: Float) -> Float:
    sizes = []
    for hand in hands_px.tolist():
        x, y = (sum(hand[k][axis] for k in _PALM) / len(_PALM) for axis in range(2))
        sizes.append(sum(math.hypot(hand[k][0] - x, hand[k][1] - y) for k in _PALM) / len(_PALM))
    return np.array(sizes)


# -- zones and paths -----------------------------------------------------------------------------------------------------


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
        if _to_segment(point, before, corner) <= tolerance:
            return True
        before = corner
    return False


def path_at(point: Point, path: Sequence[Point]) -> tuple[float, float, float, float]:
    """Tangent, progress and distance of a path, at the centre of the 2 mm cell that the point is in (as the field is kept)."""
    grid = path_field._GRID
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
    blend = [math.exp(-(part[0] - distance) / path_field._BLEND_MM) for part in parts]
    east = sum(w * part[2] for w, part in zip(blend, parts, strict=True))
    north = sum(w * part[3] for w, part in zip(blend, parts, strict=True))
    size = math.hypot(east, north)
    return (east / size, north / size, progress, distance) if size > 0.3 else (sharp_x, sharp_y, progress, distance)


@contextmanager
def plain_geometry() -> Iterator[None]:
    """Within the block FaceMapper works with the functions of this module."""
    with patch.multiple(
        mapper,
        clearance_mm=clearance_mm,
        visibility_weight=visibility_weight,
        fit_pose=fit_pose,
        FaceFit=PlainFaceFit,
        hand_points_px=hand_points_px,
        palm_size_px=palm_size_px,
    ):
        yield
