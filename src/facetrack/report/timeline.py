"""Draws pictures over the session's time: pace and hand balance, with the steps and the corrections marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from markupsafe import Markup

from facetrack.coach.verdict import STROKING
from facetrack.report.svg import element, number, picture, text
from facetrack.routine.compiled import CompiledRoutine
from facetrack.routine.kinds import kind_of
from facetrack.session.document import SessionDocument, StepFigures

WIDTH: Final = 460.0
LEFT: Final = 40.0
RIGHT: Final = 8.0
TOP: Final = 34.0
PLOT: Final = 150.0
BOTTOM: Final = 24.0
HEIGHT: Final = TOP + PLOT + BOTTOM
MOST_DOTS: Final = 700
"""A chart has at most this many dots for each side; longer sessions show every n-th stroke."""
SHORTEST_WINDOW_S: Final = 5.0
MOST_WINDOWS: Final = 60
LEAST_GAP: Final = 0.5
"""A time without judgement is drawn if it is at least this wide in the picture; a shorter one could not be seen."""

Stroke = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps time to the picture's x."""

    end_s: float

    def x(self, t_s: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * t_s / self.end_s

    @staticmethod
    def of(document: SessionDocument) -> "Axis":
        return Axis(max(1.0, document.duration_s))


def pace_chart(
    document: SessionDocument, strokes: Sequence[Stroke], routine: CompiledRoutine | None, description: str
) -> Markup:
    """Draw every stroke's mean speed, and the range that its step asks for."""
    axis = Axis.of(document)
    drawn = [one for one in strokes if one["kind"] in STROKING and one["mean_mm_s"] is not None]
    steps = routine.steps if routine is not None else ()
    limits = {step.id: step.speed_limits for step in steps if step.speed_limits[1] > 0.0}  # no NaN
    ranges = [limits.get(step.id) for step in document.steps]
    speeds = [one["mean_mm_s"] for one in drawn] + [high for band in ranges if band for high in band[1:]]
    top = _round_up(max(speeds, default=50.0))

    def y(speed: float) -> float:
        return TOP + PLOT * (1 - min(speed, top) / top)

    bands = [
        element(
            "rect",
            x=axis.x(step.t_start_s),
            y=y(band[1]),
            width=_span(axis, step),
            height=y(band[0]) - y(band[1]),
            class_="band",
        )
        for step, band in zip(document.steps, ranges, strict=True)
        if band
    ]
    marks = [
        _mark(axis.x(_middle(one)), y(one["mean_mm_s"]), one["side"])
        for side in ("left", "right")
        for one in _some(drawn, side)
    ]
    levels = [(top * share, f"{top * share:.0f}") for share in (0, 0.5, 1)]
    return _chart("pace", "Pace over time", description, document, axis, [*_grid(levels, y, "mm/s"), *bands], marks)


def balance_chart(document: SessionDocument, strokes: Sequence[Stroke], description: str) -> Markup:
    """Draw what each side travelled in strokes, window by window: the left up, the right down."""
    axis = Axis.of(document)
    window_s = max(SHORTEST_WINDOW_S, axis.end_s / MOST_WINDOWS)
    sums = travelled(strokes, axis.end_s, window_s)
    top = _round_up(float(sums.max(initial=50.0)))
    middle = TOP + PLOT / 2

    def y(mm: float) -> float:
        return middle - PLOT / 2 * mm / top

    bars = []
    for n in range(sums.shape[1]):
        x = axis.x(n * window_s) + 0.5
        width = max(1.0, axis.x(min((n + 1) * window_s, axis.end_s)) - x - 0.5)
        for side, (name, sign) in enumerate((("left", 1), ("right", -1))):
            height = PLOT / 2 * float(sums[side, n]) / top
            if height > 0:
                bars.append(
                    element(
                        "rect", x=x, y=middle - (height if sign > 0 else 0), width=width, height=height, class_=f"bar {name}"
                    )
                )
    levels = [(top, f"{top:.0f}"), (0.0, "0"), (-top, f"{top:.0f}")]
    return _chart("balance", "Left and right over time", description, document, axis, _grid(levels, y, "mm"), bars)


def travelled(strokes: Sequence[Stroke], end_s: float, window_s: float) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return (2, windows) mm of the strokes of the left and the right side, each by its middle."""
    sums = np.zeros((2, int(np.ceil(end_s / window_s))))
    for one in strokes:
        if one["kind"] in STROKING and one["length_mm"] is not None:
            window = min(int(_middle(one) / window_s), sums.shape[1] - 1)
            sums[int(one["side"] == "right"), window] += one["length_mm"]
    return sums


def _chart(
    name: str,
    title: str,
    description: str,
    document: SessionDocument,
    axis: Axis,
    below: Sequence[Markup],
    above: Sequence[Markup],
) -> Markup:
    parts = [*_steps(document, axis), *_corrections(document, axis), *below, *above, *_gaps(document, axis), *_times(axis)]
    return picture(name, WIDTH, HEIGHT, title, description, parts, class_="chart")


def _steps(document: SessionDocument, axis: Axis) -> list[Markup]:
    """Draw the numbers of the steps on top, with a rule where each begins."""
    parts = []
    for place, step in enumerate(document.steps, start=1):
        x = axis.x(step.t_start_s)
        parts.append(element("path", d=f"M{number(x)} {number(TOP - 12)}V{number(TOP + PLOT)}", class_="rule"))
        if _span(axis, step) > 14:
            parts.append(text(x + _span(axis, step) / 2, TOP - 22, str(place), "small", "middle"))
    return parts


def _corrections(document: SessionDocument, axis: Axis) -> list[Markup]:
    """Draw a tinted strip as long as each correction, and its letter."""
    parts, last_x = [], -99.0
    for one in document.corrections:
        x = axis.x(one.t_start_s)
        width = max(2.0, axis.x(one.t_start_s + one.lasted_s(document.duration_s)) - x)
        parts.append(element("rect", x=x, y=TOP, width=width, height=PLOT, class_="correction"))
        if x - last_x > 9:
            parts.append(text(x, TOP - 4, kind_of(one.kind).letter, "letter"))
            last_x = x
    return parts


def _gaps(document: SessionDocument, axis: Axis) -> list[Markup]:
    """Draw a line below the plot where a side that was needed could not be judged; both sides' together."""
    spans = sorted((one.t_start_s, one.t_end_s) for one in document.tracking.withheld_intervals)
    pieces, end_x = [], 0.0
    for start_s, end_s in spans:
        x, width = max(axis.x(start_s), end_x), axis.x(end_s) - max(axis.x(start_s), end_x)
        if width >= LEAST_GAP:
            pieces.append(f"M{number(x)} {number(TOP + PLOT)}h{number(width)}v4h{number(-width)}z")
            end_x = x + width
    return [element("path", d="".join(pieces), class_="gap")] if pieces else []


def _grid(levels: Sequence[tuple[float, str]], y: Any, unit: str) -> list[Markup]:
    parts = []
    for value, label in levels:
        at = y(value)
        parts.append(element("path", d=f"M{number(LEFT)} {number(at)}H{number(WIDTH - RIGHT)}", class_="grid"))
        parts.append(text(LEFT - 5, at + 4, label, "small", "end"))
    parts.append(text(2, TOP - 22, unit, "small"))
    return parts


def _times(axis: Axis) -> list[Markup]:
    step = next((s for s in (5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600) if axis.end_s / s <= 6), 7200)
    return [
        text(axis.x(t_s), HEIGHT - 6, f"{t_s // 60}:{t_s % 60:02d}", "small", "middle" if t_s else "start")
        for t_s in range(0, int(axis.end_s) + 1, step)
        if axis.x(t_s) < WIDTH - 12
    ]


def _mark(x: float, y: float, side: str) -> Markup:
    """Draw discs for the left, diamonds for the right: colour is not the only difference."""
    if side == "left":
        return element("circle", cx=x, cy=y, r=3, class_="dot left")
    return element("path", d=f"M{number(x)} {number(y - 4)}l4 4-4 4-4-4z", class_="dot right")


def _some(strokes: Sequence[Stroke], side: str) -> Sequence[Stroke]:
    mine = [one for one in strokes if one["side"] == side]
    return mine[:: max(1, -(-len(mine) // MOST_DOTS))]


def _span(axis: Axis, step: StepFigures) -> float:
    return axis.x(step.t_end_s) - axis.x(step.t_start_s)


def _middle(one: Stroke) -> float:
    return float(one["t_start_s"] + one["t_end_s"]) / 2


def _round_up(value: float) -> float:
    """Round up to a number that an axis ends well on."""
    size = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if size * step >= value))
