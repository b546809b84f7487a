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

from facetrack.geometry import covered, face_fit, mapper, path_field
from facetrack.geometry.canonical import canonical_face
from facetrack.geometry.head_model import PIVOT_MM, head_model
from facetrack.geometry.pose import OUTLIER_MM, ROBUST_ROUNDS, Pose, PosePrior
from facetrack.packets import Float

Point = tuple[float, float]

_FINGERS = (1, 5, 9, 13, 17)
_TIPS = (4, 8, 12, 16, 20)
_PALM = (0, 1, 5, 9, 13, 17)


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


def trust(clearance: Float) -> Float:
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
    """As ``FaceFit``, for chart_from_image."""

    pose: Pose
    template_mm: Float
    size: float
    held: bool = False
    _anchors: list[tuple[float, ...]] = field(init=False)
    _far: tuple[list[float], list[float]] = field(init=False)

    def __post_init__(self) -> None:
        model = head_model()
        rotation, shift = self.pose.rotation.tolist(), self.pose.shift.tolist()
        template, normals = self.template_mm.tolist(), model.normals.tolist()
        chart = canonical_face().points_mm.tolist()
        anchors = []
        for k in model.anchors.tolist():
            skin = [template[k][i] + face_fit.FINGER_MM * normals[k][i] for i in range(3)]
            x, y = (self.pose.scale * sum(rotation[r][i] * skin[i] for i in range(3)) + shift[r] for r in range(2))
            facing = sum(normals[k][i] * rotation[2][i] for i in range(3))
            weight = min(max(facing / 0.4, 0.01), 1.0) ** 2
            anchors.append((x, -y, chart[k][0], chart[k][1], weight))
        object.__setattr__(self, "_anchors", anchors)
        object.__setattr__(self, "_far", _similarity(anchors))

    @property
    def mm_per_px(self) -> float:
        return 1.0 / self.pose.scale

    def chart_from_image(self, points_px: Float) -> Float:
        flat = [self._on_chart(x, y) for x, y in points_px.reshape(-1, 2).tolist()]
        return np.array(flat).reshape(points_px.shape)

    def _on_chart(self, px: float, py: float) -> Point:
        fx, fy = self._on_face(px, py)
        share = below_jaw(fx, fy)
        pivot = [
            self.pose.scale * sum(r * p * self.size for r, p in zip(row, PIVOT_MM.tolist(), strict=True)) + s
            for row, s in zip(self.pose.rotation[:2].tolist(), self.pose.shift.tolist(), strict=True)
        ]
        scale = self.pose.scale * self.size
        nx = (px - pivot[0]) / scale + float(PIVOT_MM[0])
        ny = -(py + pivot[1]) / scale + float(PIVOT_MM[1])
        return fx + share * (nx - fx), fy + share * (ny - fy)

    def _on_face(self, px: float, py: float) -> Point:
        """Moving least squares over the anchors."""
        if math.isnan(px):
            return math.nan, math.nan
        scale = self.pose.scale * self.size
        softening, reach = (face_fit.SOFTENING_MM * scale) ** 2, face_fit.REACH_MM * scale
        (cx, cy), (a, b, c, d) = self._far
        px, py = px - cx, py - cy
        total = x = y = u = v = xx = xy = yy = xu = yu = xv = yv = 0.0
        near = math.inf
        for sx, sy, tu, tv, trusted in self._anchors:
            sx, sy = sx - cx, sy - cy
            squared = (px - sx) ** 2 + (py - sy) ** 2
            near = min(near, squared)
            w = trusted / (squared + softening) ** 2
            total += w
            x, y, u, v = x + w * sx, y + w * sy, u + w * tu, v + w * tv
            xx, xy, yy = xx + w * sx * sx, xy + w * sx * sy, yy + w * sy * sy
            xu, yu, xv, yv = xu + w * sx * tu, yu + w * sy * tu, xv + w * sx * tv, yv + w * sy * tv
        x, y, u, v = x / total, y / total, u / total, v / total
        xx, xy, yy = xx / total - x * x, xy / total - x * y, yy / total - y * y
        xu, yu, xv, yv = xu / total - x * u, yu / total - y * u, xv / total - x * v, yv / total - y * v
        pull = (xx + yy) * (0.01 + near / reach**2)
        xx, yy = xx + pull, yy + pull
        xu, yu, xv, yv = xu + pull * a, yu + pull * b, xv + pull * c, yv + pull * d
        determinant = xx * yy - xy * xy
        dx, dy = px - x, py - y
        return (
            u + ((yy * xu - xy * yu) * dx + (xx * yu - xy * xu) * dy) / determinant,
            v + ((yy * xv - xy * yv) * dx + (xx * yv - xy * xv) * dy) / determinant,
        )


def _similarity(anchors: list[tuple[float, ...]]) -> tuple[list[float], list[float]]:
    """Centre of the anchors in the image, and the four numbers of the similarity to the chart, row by row."""
    n = len(anchors)
    x, y, u, v = (sum(anchor[k] for anchor in anchors) / n for k in range(4))
    a = b = c = d = spread = 0.0
    for sx, sy, tu, tv, _ in anchors:
        a, b = a + (tu - u) * (sx - x), b + (tu - u) * (sy - y)
        c, d = c + (tv - v) * (sx - x), d + (tv - v) * (sy - y)
        spread += (sx - x) ** 2 + (sy - y) ** 2
    if math.hypot(a + d, c - b) >= math.hypot(a - d, b + c):
        p, q = (a + d) / spread, (c - b) / spread
        return [x, y], [p, -q, q, p]
    p, q = (a - d) / spread, (b + c) / spread
    return [x, y], [p, q, q, -p]


def below_jaw(x: float, y: float) -> float:
    width = min(abs(x) / face_fit._EAR_X_MM, 1.0)
    jaw = face_fit._CHIN_MM + (face_fit._EAR_MM - face_fit._CHIN_MM) * width**face_fit._JAW_POWER
    t = min(max((jaw - y - face_fit._NECK_BEGINS_MM) / face_fit._NECK_BLEND_MM, 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


# -- the hand ------------------------------------------------------------------------------------------------------------


def hand_points_px(hands_px: Float) -> Float:
    out = []
    for hand in hands_px.tolist():
        points = [hand[tip][:2] for tip in _TIPS]
        points.append(hand[10][:2])
        points.append([sum(hand[k][axis] for k in _PALM) / len(_PALM) for axis in range(2)])
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
        trust=trust,
        fit_pose=fit_pose,
        FaceFit=PlainFaceFit,
        hand_points_px=hand_points_px,
        palm_size_px=palm_size_px,
    ):
        yield
