"""From pixels to the chart, point by point and node by node."""

import math
from dataclasses import dataclass, field

import numpy as np

from facetrack.geometry.head.pose_fit import Pose
from facetrack.geometry.surface import projection as fast
from facetrack.geometry.surface.face_surface import BESIDE, LATTICE, MARGIN, TOUCH, FaceSurface
from facetrack.packets import Float
from tests.geometry.reference.hands import Point

_BACK, _ON, _ASIDE = 6, 12, 3
"""Nodes that are compared with the nearest one's place: towards the camera, away from it, and to each side."""


@dataclass(frozen=True, slots=True)
class PlainFaceFit:
    """As ``FaceFit``, for ``located``. In millimetres from the nose bridge, y up."""

    pose: Pose
    surface: FaceSurface
    size: float
    held: bool = False
    _rows: list[list[float]] = field(init=False)
    _neck: float = field(init=False)
    _nodes: list[tuple[Point, float]] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.pose.rotation.tolist()
        up_mm, ahead_mm = fast._FACE_UP_MM, fast._FACE_AHEAD_MM
        neck = 1.0 - (rows[2][1] * up_mm + rows[2][2] * ahead_mm - ahead_mm) / fast.VIEWING_MM
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_neck", neck)
        object.__setattr__(self, "_nodes", [self._coarse(row) for row in self.surface.coarse.T.tolist()])

    @property
    def mm_per_px(self) -> float:
        return 1.0 / self.pose.scale

    def image_from_chart(self, points_mm: Float) -> Float:
        """As the fast one: only showing a tool asks for it, and there is no textbook's way of that."""
        return fast.FaceFit(self.pose, self.surface, self.size, self.held).image_from_chart(points_mm)

    def _coarse(self, row: list[float]) -> tuple[Point, float]:
        """Where a coarse node is seen, and how much it is preferred to others that are as near; -inf where it is averted."""
        turning, resting, normal, still = row[:3], [row[3], row[4], row[6]], row[7:10], row[10]
        x, y, depth = (
            self.size * (sum(r * t for r, t in zip(axis, turning, strict=True)) + self._neck * rest)
            for axis, rest in zip(self._rows, resting, strict=True)
        )
        facing = sum(r * n for r, n in zip(self._rows[2], normal, strict=True)) + still
        return (x, y), fast._NEARER * depth if facing > 0.0 else -math.inf

    def located(self, points_px: Float, layer: Float) -> tuple[Float, Float]:
        charts, spreads = [], []
        layers = np.broadcast_to(layer, points_px.shape[:-1]).ravel().tolist()
        for (px, py), begins in zip(points_px.reshape(-1, 2).tolist(), layers, strict=True):
            x, y = (px - self.pose.shift[0]) * self.mm_per_px, (-py - self.pose.shift[1]) * self.mm_per_px
            chart, apart = (math.nan, math.nan), math.nan
            if not math.isnan(px):
                chart, apart = self._on_chart(x, y, begins)
            charts.append(chart)
            spreads.append(apart)
        return np.array(charts).reshape(points_px.shape), np.array(spreads).reshape(points_px.shape[:-1])

    def _on_chart(self, x: float, y: float, begins: int) -> tuple[Point, float]:
        """Chart mm, and how far apart the places are that would look the same."""
        unlike = [(x - seen[0]) ** 2 + (y - seen[1]) ** 2 - preferred for seen, preferred in self._nodes]
        nearest = unlike.index(min(unlike))
        row, column = divmod(nearest, LATTICE.columns)
        if BESIDE[nearest]:
            begins += len(self.surface.touched) // 2
        way = self._away()
        parts = []
        for steps_x, steps_y in _strip(way):
            node = (2 * row + MARGIN + steps_y) * TOUCH.columns + 2 * column + MARGIN + steps_x
            seen = self._touched(begins + node)
            off = x - seen[0], y - seen[1]
            parts.append((off, TOUCH.cell_mm * steps_x, TOUCH.cell_mm * steps_y))
        least = min(math.hypot(*off) for off, _, _ in parts)
        likely = [math.exp(0.5 * (least**2 - math.hypot(*off) ** 2) / fast._OFF_MM**2) for off, _, _ in parts]

        def mean(values: list[float]) -> float:
            return sum(w * value for w, value in zip(likely, values, strict=True)) / sum(likely)

        off_x, off_y = mean([off[0] for off, _, _ in parts]), mean([off[1] for off, _, _ in parts])
        along = [dx * way[0] + dy * way[1] for _, dx, dy in parts]
        apart = math.sqrt(max(mean([one * one for one in along]) - mean(along) ** 2, 0.0))
        tilt = math.atan2(self._rows[1][0] - self._rows[0][1], self._rows[0][0] + self._rows[1][1])
        c, s = math.cos(tilt) / self.size, math.sin(tilt) / self.size
        chart = (
            LATTICE.west + LATTICE.cell_mm * column + mean([dx for _, dx, _ in parts]) + c * off_x + s * off_y,
            LATTICE.south + LATTICE.cell_mm * row + mean([dy for _, _, dy in parts]) - s * off_x + c * off_y,
        )
        return chart, apart

    def _away(self) -> Point:
        """The way over the chart that leads round the head, away from the camera, to the nearest of the directions."""
        part = 2.0 * math.pi / fast._DIRECTIONS
        angle = part * round(math.atan2(-self._rows[2][1], -self._rows[2][0]) / part)
        return math.cos(angle), math.sin(angle)

    def _touched(self, node: int) -> Point:
        """Where something would be seen that touches the skin there."""
        tx, ty, tz, rx, ry, _ = self.surface.touched[node].tolist()
        (ax, ay, az), (bx, by, bz), _ = self._rows
        x, y = ax * tx + ay * ty + az * tz + self._neck * rx, bx * tx + by * ty + bz * tz + self._neck * ry
        return self.size * x, self.size * y


def _strip(way: Point) -> list[tuple[int, int]]:
    """Steps over the nodes: along the way, one for each row or column, and to both sides."""
    longer = max(abs(way[0]), abs(way[1]))
    across = (int(abs(way[0]) < longer), int(abs(way[1]) < longer))
    steps = []
    for k in range(round(-_BACK * longer), round(_ON * longer) + 1):
        for j in range(-_ASIDE, _ASIDE + 1):
            steps.append((round(k * way[0] / longer) + j * across[0], round(k * way[1] / longer) + j * across[1]))
    return steps
