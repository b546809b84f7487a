"""The face's map as an SVG picture: its zones on one face, its points on another, a grid in mm below both."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from facetrack.packets import Float
from facetrack.routine.map.face_map import FaceMap, face_map
from facetrack.routine.map.face_outline import face_lines

WEST_MM: Final = -28.0
EAST_MM: Final = 132.0
NORTH_MM: Final = 80.0
SOUTH_MM: Final = -256.0
PX_PER_MM: Final = 5.0
PANEL_PX: Final = (EAST_MM - WEST_MM) * PX_PER_MM
HEIGHT_PX: Final = (NORTH_MM - SOUTH_MM) * PX_PER_MM
HEAD_PX: Final = 60.0
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#a05195", "#b08800", "#444444", "#1f8fd6", "#c2185b")
"""Neighbouring zones get different ones; the names say which is which."""
LABEL_PX: Final = 15.0
BESIDE_PX: Final = np.array([8.0, 5.0])
"""From a point to the beginning of its name, whose baseline this is."""
WHOLE: Final = "face"
"""The zone around all others: dashed, and named at its edge."""


def map_svg() -> str:
    """The whole picture. The same map gives the same text, so that a test can hold the checked-in picture to it."""
    width, height = 2 * PANEL_PX, HEIGHT_PX + HEAD_PX
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" font-family="sans-serif">',
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
    ]
    for left, title, body in ((0.0, "Zones", _zones(face_map())), (PANEL_PX, "Points", _points(face_map()))):
        lines += [
            f'<text x="{left + 20:g}" y="40" font-size="30" font-weight="700">{title}</text>',
            f'<svg x="{left:g}" y="{HEAD_PX:g}" width="{PANEL_PX:g}" height="{HEIGHT_PX:g}">',
            *_grid(),
            *_face(),
            *body,
            "</svg>",
        ]
    return "\n".join([*lines, "</svg>", ""])


def _px(points_mm: Float) -> Float:
    placed: Float = (points_mm * (1.0, -1.0) + (-WEST_MM, NORTH_MM)) * PX_PER_MM
    return placed


def _numbers(points_mm: Float) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in _px(points_mm))


def _grid() -> Iterator[str]:
    for x in np.arange(-20.0, EAST_MM, 20.0):
        at = _px(np.array([x, 0.0]))[0]
        yield f'<path d="M{at:g} 0V{HEIGHT_PX:g}" stroke="{"#bbbbbb" if x == 0 else "#eeeeee"}"/>'
        yield f'<text x="{at + 3:g}" y="{HEIGHT_PX - 6:g}" font-size="13" fill="#777777">{x:g}</text>'
    for y in np.arange(-240.0, NORTH_MM, 20.0):
        at = _px(np.array([0.0, y]))[1]
        yield f'<path d="M0 {at:g}H{PANEL_PX:g}" stroke="{"#bbbbbb" if y == 0 else "#eeeeee"}"/>'
        yield f'<text x="3" y="{at - 3:g}" font-size="13" fill="#777777">{y:g}</text>'


def _face() -> Iterator[str]:
    for line in face_lines():
        yield f'<polyline points="{_numbers(line)}" fill="none" stroke="#b5a79c" stroke-width="2"/>'


def _zones(chart: FaceMap) -> Iterator[str]:
    for number, zone in enumerate(chart.zones.values()):
        colour = COLOURS[number % len(COLOURS)]
        dash = ' stroke-dasharray="8 6" fill="none"' if zone.name == WHOLE else f' fill="{colour}" fill-opacity="0.10"'
        yield f'<polygon points="{_numbers(zone.outline_mm)}" stroke="{colour}" stroke-width="2"{dash}/>'
    names = list(chart.zones)
    places = [_label_place(zone.outline_mm) if zone.name != WHOLE else zone.outline_mm[2] for zone in chart.zones.values()]
    wanted = _px(np.stack(places))
    for number, (name, at) in enumerate(zip(names, _apart(wanted, names, centred=True), strict=True)):
        yield _text(name, at, COLOURS[number % len(COLOURS)], "middle")


def _label_place(outline: Float) -> Float:
    """Near the middle of what is drawn, for bent zones too: the mean of the corners off the midline's overlap."""
    place: Float = np.maximum(outline, (0.0, -1e9)).mean(axis=0)
    return place


def _points(chart: FaceMap) -> Iterator[str]:
    at = _px(np.stack([anchor.at_mm for anchor in chart.anchors.values()]))
    names = list(chart.anchors)
    labels = _apart(at + BESIDE_PX, names, centred=False)
    for name, point, label in zip(names, at, labels, strict=True):
        (x, y), (label_x, label_y) = point, label - (0.0, BESIDE_PX[1])
        yield f'<path d="M{x:.1f} {y:.1f}L{label_x:.1f} {label_y:.1f}" stroke="#0072b2" stroke-width="0.7"/>'
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#d55e00"/>'
        yield _text(name, label, "#0b3d66", "start")


def _text(text: str, at: Float, colour: str, anchor: str) -> str:
    return (
        f'<text x="{at[0]:.1f}" y="{at[1]:.1f}" font-size="{LABEL_PX:g}" font-weight="600" text-anchor="{anchor}"'
        f' fill="{colour}" stroke="#ffffff" stroke-width="3" paint-order="stroke">{text}</text>'
    )


def _apart(wanted: Float, names: list[str], centred: bool) -> Float:
    """Label places (N, 2), moved up or down in small steps until no two labels overlap."""
    placed = wanted.copy()
    widths = np.array([0.58 * LABEL_PX * len(name) for name in names])
    lefts = wanted[:, 0] - (widths / 2 if centred else 0)
    order = np.argsort(wanted[:, 1], kind="stable")
    shifts = [step * 3.0 * sign for step in range(80) for sign in (1, -1)]
    for done, label in enumerate(order):
        others = order[:done]
        beside = others[
            (lefts[others] < lefts[label] + widths[label] + 4) & (lefts[label] < lefts[others] + widths[others] + 4)
        ]
        for shift in shifts:
            y = wanted[label, 1] + shift
            if (np.abs(placed[beside, 1] - y) >= LABEL_PX + 1).all():
                placed[label, 1] = y
                break
    return placed
