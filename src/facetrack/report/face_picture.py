"""Draws a face with what was done on it: zones, what was covered of them, the ways of the hands. As in a mirror."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from markupsafe import Markup

from facetrack.packets import Bool, Float
from facetrack.report.data import Cell
from facetrack.report.stroke_lines import StrokeLine, by_kind
from facetrack.report.svg import element, line_path, number, picture, text, together
from facetrack.routine.compiled import CompiledStep
from facetrack.routine.map.face_outline import face_lines
from facetrack.session.metrics.coverage import CELL_MM, PAD_RADIUS_MM, Coverage

MIRRORED: Final = np.array([-1.0, -1.0])
"""This turns chart coordinates into the picture's: the user's left is on the left, as in a mirror, and down is down."""
HALF_WIDTH_MM: Final = 92.0
TOP_MM: Final = 78.0
CHIN_MM: Final = -112.0
MARGIN_MM: Final = 12.0
HEAT_SHARES: Final = (0.02, 0.12, 0.3, 0.6)
"""The next deeper tint begins at each of these shares of the longest time that any place was touched."""


def step_face(name: str, step: CompiledStep, cells: Sequence[Cell], lines: Sequence[StrokeLine], description: str) -> Markup:
    """Draw one step: its zone, the covered and the missed part of it, and the strokes."""
    parts = [*_zone(step, cells), _face(), *_lines(lines)]
    bottom = min(CHIN_MM, *(float(polygon[:, 1].min()) - MARGIN_MM for polygon in step.zone))
    return _framed(name, bottom, f"Where you worked in {step.title}", description, parts)


def plain_face(name: str, title: str, cells: Sequence[Cell], lines: Sequence[StrokeLine], description: str) -> Markup:
    """Draw a step as ``step_face`` does, where the routine is no longer known."""
    bottom = min([CHIN_MM, *(cell[1] - MARGIN_MM for cell in cells)])
    return _framed(name, bottom, f"Where you worked in {title}", description, [*_heat(cells), _face(), *_lines(lines)])


def whole_face(name: str, cells: Iterable[Cell], description: str) -> Markup:
    """Draw how long each place was touched, in all steps together."""
    cells = list(cells)
    bottom = min([CHIN_MM, *(cell[1] - MARGIN_MM for cell in cells)])
    return _framed(name, bottom, "Where your hands were", description, [*_heat(cells), _face()])


def _framed(name: str, bottom_mm: float, title: str, description: str, parts: Iterable[Markup]) -> Markup:
    width, height = 2 * HALF_WIDTH_MM, TOP_MM - bottom_mm
    labels = [
        text(4 - HALF_WIDTH_MM, 9 - TOP_MM, "your left", "side-label"),
        text(HALF_WIDTH_MM - 4, 9 - TOP_MM, "your right", "side-label", "end"),
    ]
    box = " ".join(number(value) for value in (-HALF_WIDTH_MM, -TOP_MM, width, height))
    return picture(name, width, height, title, description, [*parts, *labels], viewBox=box, class_="face")


def _face() -> Markup:
    lines = face_lines()
    return together(element("path", d=line_path(line * MIRRORED), class_="face-line") for line in lines)


def _zone(step: CompiledStep, cells: Sequence[Cell]) -> list[Markup]:
    """Draw the area, what was covered of it, and the way that the routine asks for."""
    coverage = Coverage.of_cells(step, cells)
    left, right = coverage.zones()
    zone, covered = left | right, coverage.covered()
    ways = [
        phase.path_mm * mirror for phase in step.asked for mirror in (MIRRORED, -MIRRORED * (1, -1)) if len(phase.path_mm) > 1
    ]
    return [
        element("path", d=cell_path(zone & ~covered, coverage.low, CELL_MM), class_="area"),
        element("path", d=cell_path(zone & covered, coverage.low, CELL_MM), class_="covered"),
        element("path", d="".join(line_path(way) for way in ways), class_="asked"),
    ]


def _lines(lines: Sequence[StrokeLine]) -> list[Markup]:
    return [
        element("path", d="".join(line_path(line.points_mm * MIRRORED) for line in some), class_=f"stroke {kind}")
        for kind, some in by_kind(lines).items()
        if some
    ]


def _heat(cells: Sequence[Cell]) -> list[Markup]:
    """Draw tints by the seconds that fingers were near each place, from HEAT_SHARES of the longest on."""
    if not cells:
        return []
    table = np.array(cells)
    low = table[:, :2].min(axis=0) - CELL_MM / 2 - PAD_RADIUS_MM
    at = np.floor((table[:, :2] - low) / CELL_MM).astype(int)
    margin = int(np.ceil(PAD_RADIUS_MM / CELL_MM))
    seconds = np.zeros(at.max(axis=0)[::-1] + 1 + margin)
    np.add.at(seconds, (at[:, 1], at[:, 0]), table[:, 2])
    near = _spread(seconds, margin)
    bounds = (*(share * float(np.quantile(near[near > 0], 0.98)) for share in HEAT_SHARES), np.inf)
    return [
        element("path", d=cell_path((near > least) & (near <= most), low, CELL_MM), class_=f"heat{level}")
        for level, (least, most) in enumerate(pairwise(bounds), start=1)
    ]


def _spread(grid: Float, radius: int) -> Float:
    """Return each cell's sum over a disc around it."""
    padded = np.pad(grid, radius)
    out = np.zeros_like(grid)
    rows, columns = grid.shape
    for dy in range(-radius, radius + 1):
        for dx in range(-radius, radius + 1):
            if dx * dx + dy * dy <= radius * radius:
                out += padded[radius + dy : radius + dy + rows, radius + dx : radius + dx + columns]
    return out


def cell_path(grid: Bool, low: Float, cell_mm: float) -> str:
    """Return ``d`` of the marked cells, joined along rows. grid: (rows upwards, columns to the user's left)."""
    pieces = []
    edges = np.diff(np.pad(grid.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    for row in np.flatnonzero(grid.any(axis=1)):
        y = -(low[1] + (row + 1) * cell_mm)
        for start, end in zip(np.flatnonzero(edges[row] == 1), np.flatnonzero(edges[row] == -1), strict=True):
            x, width = -(low[0] + end * cell_mm), float((end - start) * cell_mm)
            pieces.append(f"M{number(x)} {number(y)}h{number(width)}v{number(cell_mm)}h{number(-width)}z")
    return "".join(pieces)
