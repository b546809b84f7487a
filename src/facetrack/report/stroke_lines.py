"""Reads back from the journal which way the working point took in each stroke."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from facetrack.coach.verdict import STROKING
from facetrack.geometry.face_points import POINTS
from facetrack.packets import SIDES, Float
from facetrack.routine.compiled import CompiledRoutine, CompiledStep
from facetrack.session.files import session_file_errors
from facetrack.session.tables import Row

LineKind = Literal["right", "rushed", "off", "outside"]
"""What is drawn alike: right in all that is judged; too quick; across or against the path; in the wrong place."""
LINE_KINDS: Final[tuple[LineKind, ...]] = ("right", "rushed", "off", "outside")
"""In drawing order: wrong ones last, on top."""
MOSTLY: Final = 0.5
"""A stroke with a smaller share of its time in the step's area was elsewhere."""
MOST_LINES: Final = 30
"""At most this many strokes of each kind and side are drawn in a step: more would be a tangle, and the file too large."""
MOST_POINTS: Final = 48
"""A line has at most this many points: enough for several circles of a spiral."""
LEAST_STEP_MM: Final = 3.0
"""Points of a line are at least this far apart; nearer ones are noise at the size of the drawing."""


@dataclass(frozen=True, slots=True)
class StrokeLine:
    """Holds the line of one stroke. points_mm: (N, 2) chart mm, N >= 2."""

    side: str
    kind: LineKind
    points_mm: Float


def stroke_lines(journal: Path, strokes: Sequence[Row], routine: CompiledRoutine | None) -> dict[int, list[StrokeLine]]:
    """Return lines by the step's place; a stroke that the journal lacks is a straight line from its start to its end."""
    chosen = sorted(_chosen(strokes, routine), key=lambda stroke: stroke["t_start_s"])
    ways = _ways(journal, chosen, routine) if routine is not None else {}
    lines: dict[int, list[StrokeLine]] = defaultdict(list)
    for number, stroke in enumerate(chosen):
        ends = np.array([[stroke["start_x_mm"], stroke["start_y_mm"]], [stroke["end_x_mm"], stroke["end_y_mm"]]], dtype=float)
        way = ways.get(number, ends)
        if len(way) >= 2 and np.isfinite(way).all():
            lines[stroke["step_place"]].append(StrokeLine(stroke["side"], line_kind(stroke, routine), _thinned(way)))
    return lines


def line_kind(stroke: Row, routine: CompiledRoutine | None) -> LineKind:
    """Return how a stroke is drawn: as right only if nothing of it was wrong."""
    if stroke["zone_share"] is not None and stroke["zone_share"] < MOSTLY:
        return "outside"
    if stroke["kind"] != "along":
        return "off"
    step = None if routine is None else next((one for one in routine.steps if one.id == stroke["step"]), None)
    if step is None or "pace" not in step.judge or any(phase.motion == "spiral" for phase in step.phases):
        return "right"
    return "rushed" if (stroke["mean_mm_s"] or 0.0) > step.pace_limits[1] else "right"


def _chosen(strokes: Sequence[Row], routine: CompiledRoutine | None) -> list[Row]:
    """Choose strokes evenly over each step's time."""
    groups: dict[tuple[int, str, str], list[Row]] = defaultdict(list)
    for stroke in strokes:
        if stroke["kind"] in STROKING:
            groups[stroke["step_place"], stroke["side"], line_kind(stroke, routine)].append(stroke)
    return [
        group[int(at)]
        for group in groups.values()
        for at in np.linspace(0, len(group) - 1, min(len(group), MOST_LINES)).round()
    ]


def _ways(journal: Path, strokes: Sequence[Row], routine: CompiledRoutine) -> dict[int, Float]:
    """Return the working point in every frame of each stroke, by the stroke's number."""
    steps = {step.id: step for step in routine.steps}
    collected: dict[int, list[list[float]]] = defaultdict(list)
    starts = [stroke["t_start_s"] for stroke in strokes]
    longest = max((stroke["t_end_s"] - stroke["t_start_s"] for stroke in strokes), default=0.0)
    for t_s, line in _timed_lines(journal):
        # The table's times are rounded to a millisecond.
        first = bisect_right(starts, t_s - longest - 0.001)
        running = [n for n in range(first, bisect_right(starts, t_s + 0.001)) if t_s <= strokes[n]["t_end_s"] + 0.001]
        if not running:
            continue
        hands = _hands(line)
        if hands is None:
            return {}
        for n in running:
            place = _working_point(hands[SIDES.index(strokes[n]["hand"])], steps.get(strokes[n]["step"]))
            if place is not None:
                collected[n].append(place)
    return {n: np.array(way) for n, way in collected.items() if len(way) >= 2}


def _timed_lines(journal: Path) -> Iterator[tuple[float, bytes]]:
    """Yield (t_s, line) of the journal's frames; the time is read without parsing the line."""
    if not journal.exists():
        return
    with session_file_errors(journal), journal.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            if line.startswith(b'{"t":') and b'"p":' in line[:40]:
                yield float(line[5 : line.index(b",")]), line


def _hands(line: bytes) -> list[Any] | None:
    try:
        hands: list[Any] = json.loads(line)["p"]
    except (ValueError, KeyError):
        return None  # a torn or damaged line: what comes after it is not to be trusted
    return hands


def _working_point(hand: list[float | None] | None, step: CompiledStep | None) -> list[float] | None:
    """Return the working point as the coach has it: the mean of the points that the step names."""
    if hand is None or step is None:
        return None
    marked = [point for point in range(POINTS) if step.working[point]]
    xs, ys = [hand[2 * point] for point in marked], [hand[2 * point + 1] for point in marked]
    known = [(x, y) for x, y in zip(xs, ys, strict=True) if x is not None and y is not None]
    if len(known) < len(marked):
        return None
    return [sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)]


def _thinned(way: Float) -> Float:
    """Return fewer points, the ends among them."""
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    count = int(np.clip(travelled[-1] / LEAST_STEP_MM, 2, MOST_POINTS))
    at = np.searchsorted(travelled, np.linspace(0.0, travelled[-1], count)).clip(max=len(way) - 1)
    return np.asarray(way[np.unique([0, *at, len(way) - 1])])


def by_kind(lines: Sequence[StrokeLine]) -> Mapping[str, list[StrokeLine]]:
    """Return the lines by kind in drawing order: wrong ones last, on top."""
    return {kind: [line for line in lines if line.kind == kind] for kind in LINE_KINDS}
