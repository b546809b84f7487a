"""Writes what was learnt as a routine file, which says what was measured and what is a default."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from facetrack.learn.movements import resampled
from facetrack.learn.step import LearntPhase, LearntStep
from facetrack.packets import Bool, Float
from facetrack.routine.file.rules import allowed_kinds, default_tolerance_mm
from facetrack.routine.file.schema import DEFAULT_PATH_WIDTH_MM, DEFAULT_TOLERANCE_MM
from facetrack.routine.map.face_map import Zone, face_map

SNAP_MM: Final = 4.0
"""A corner of the path that is as near to a named point takes its name."""
OUTSIDE_MM: Final = 2.0
"""A path fits into zones if it stays this close to them."""
MOST_ZONES: Final = 3
MOST_AREA: Final = 1.8
"""Named zones are taken if they are together at most this many times as large as a band around the path."""
CORNER_MM: Final = 3.0
"""The path's corners are chosen so that it stays this close to what was performed."""
HOOK_MM: Final = 8.0
HOOK_COSINE: Final = 0.5
"""An end of a path that is as short and turns by more than 60 degrees is none of the movement."""
SPOT_MM: Final = 6.0
"""Half of the path of circles on the spot: a routine's paths are 10 mm and more."""
WAVERS: Final = 0.5
"""By about this share of their radius the middles of circles waver about their path."""
_NUMBERS: Final = ("no times", "once", "twice", "three times", "four times", "five times", "six times", "seven times",
                   "eight times", "nine times", "ten times")  # fmt: skip
_VERBS: Final = {"stroke": "Stroke", "back-and-forth": "Stroke to and fro", "spiral": "Draw small circles", "hold": "Rest"}


def routine_text(
    steps: Sequence[LearntStep],
    routine_id: str,
    title: str,
    language: str,
    step_ids: Sequence[str],
    corner_mm: float = CORNER_MM,
) -> str:
    """Return the file's text. corner_mm: how far the written path may be from the performed one."""
    head = [
        "# Learnt from a performance. Each value says where it comes from. Texts are a draft: put them into your own words.",
        "schema_version = 1",
        f"id = {json.dumps(routine_id)}",
        f"title = {json.dumps(title, ensure_ascii=False)}",
        f"language = {json.dumps(language)}",
    ]
    body = [line for step, name in zip(steps, step_ids, strict=True) for line in ("", *_step_lines(step, name, corner_mm))]
    return "\n".join(head + body) + "\n"


def _step_lines(step: LearntStep, name: str, corner_mm: float) -> Iterator[str]:
    yield "[[step]]"
    yield f"id = {json.dumps(name)}"
    yield f"say = {json.dumps(sentence(step))}  # draft"
    times = f"{step.measured_from} movements" if step.repetitions is not None else f"{step.measured_from} s"
    yield f"hands = {json.dumps(step.hands)}  # as performed, measured from {times}"
    if step.contact != "fingertips":
        yield f"contact = {json.dumps(step.contact)}  # by the shape of the hand"
    yield _zone_line(step)
    if step.repetitions is not None:
        yield f"repetitions = {step.repetitions}  # on each side, as performed"
    else:
        yield f"seconds = {max(1, round(step.seconds))}  # as performed"
    if any(on_the_spot(phase) for phase in step.phases):
        kinds = [kind for kind in allowed_kinds({"spiral"}, step.hands) if kind != "direction"]
        yield f"judge = {json.dumps(kinds)}  # circles on the spot have no direction"
    yield from _tolerance_lines(step)
    if len(step.phases) == 1:
        yield from _phase_lines(step.phases[0], corner_mm)
        return
    for phase in step.phases:
        yield "[[step.phase]]"
        yield from _phase_lines(phase, corner_mm)


def _tolerance_lines(step: LearntStep) -> Iterator[str]:
    """Yield the tolerance where it is not the file's default: as the face is mapped there, or as the performance varied."""
    usual, spread = _mapped_tolerance_mm(step), max(phase.spread_mm for phase in step.phases)
    if spread > usual:
        tolerance = min(20, round(spread))
        yield f"tolerance_mm = {tolerance}  # {usual:.0f}, widened: 95 % of the performance is within {spread:.0f} mm"
    elif usual > default_tolerance_mm(zones_around(step)):
        yield f"tolerance_mm = {usual:.0f}  # a default: the map is as uncertain there"


def _mapped_tolerance_mm(step: LearntStep) -> float:
    """Return the tolerance of the zones that the file names; where it names none, of those that most of the paths lie in."""
    names = zones_around(step)
    if names:
        return default_tolerance_mm(names)
    points, zones = _path_points(step), face_map().zones.values()
    inside = np.array([_inside(zone, points, 0.0) for zone in zones])
    tolerances = np.array([[zone.tolerance_mm] for zone in zones])
    surest = np.where(inside, tolerances, np.inf).min(axis=0)
    return float(np.median(np.where(np.isinf(surest), DEFAULT_TOLERANCE_MM, surest)))


def _path_points(step: LearntStep) -> Float:
    return np.vstack([resampled(one.path_mm, 40) if len(one.path_mm) > 1 else one.path_mm for one in step.phases])


def _phase_lines(phase: LearntPhase, corner_mm: float) -> Iterator[str]:
    if phase.motion != "stroke":
        yield f'motion = "{phase.motion}"'
    yield f"path = {path_entry(phase, corner_mm)}  # 95 % of the performance within {phase.spread_mm:.0f} mm"
    if phase.motion == "hold":
        yield f"hold_s = {max(0.5, round(phase.hold_s * 2) / 2):g}  # as performed"
    elif phase.motion == "spiral":
        slow, fast = max(0.1, phase.pace[0]), min(5.0, phase.pace[1])
        yield f"turns_s = [{slow:.1f}, {fast:.1f}]  # 0.5 to 1.8 times as performed"
        yield f"radius_mm = {min(40.0, max(4.0, phase.radius_mm)):.0f}  # as performed"
    else:
        slow, fast = max(1.0, round(phase.pace[0])), 5.0 * np.ceil(phase.pace[1] / 5.0)
        yield f"pace_mm_s = [{slow:.0f}, {min(500.0, fast):.0f}]  # the performance's own speeds, with margins"


def on_the_spot(phase: LearntPhase) -> bool:
    """Say whether a phase's circles do not wander."""
    ends_mm = float(np.hypot(*(phase.path_mm[-1] - phase.path_mm[0])))
    return phase.motion == "spiral" and ends_mm < max(2 * SPOT_MM, phase.radius_mm)


def path_entry(phase: LearntPhase, corner_mm: float) -> str:
    """Return the path as a list of names and points; of circles on the spot a short one about their middle."""
    if on_the_spot(phase):
        x, y = phase.path_mm.mean(axis=0)
        return f"[[{x:.0f}, {y - SPOT_MM:.0f}], [{x:.0f}, {y + SPOT_MM:.0f}]]"
    # Circles' middles waver: their path has fewer corners.
    spiral = phase.motion == "spiral"
    bends = corners(phase.path_mm, max(corner_mm, WAVERS * phase.radius_mm) if spiral else corner_mm)
    points = [_point_entry(point) for point in without_hooks(bends, 1.5 * phase.radius_mm if spiral else HOOK_MM)]
    kept = [point for k, point in enumerate(points) if point not in points[:k]]
    return "[" + ", ".join(kept) + "]"


def corners(path_mm: Float, corner_mm: float) -> Float:
    """Return the corners (C, 2) of the path, by Douglas and Peucker; no x below 0."""
    line = np.maximum(path_mm, [0.0, -np.inf]).astype(np.float32)
    return np.asarray(cv2.approxPolyDP(line[:, None], corner_mm, False)[:, 0] if len(line) > 2 else line, dtype=np.float64)


def without_hooks(path_mm: Float, hook_mm: float) -> Float:
    """Return a path (P, 2) without short ends that turn aside: there the hand was put down or lifted."""
    for _ in range(2):
        while len(path_mm) > 2 and _is_hook(path_mm[1] - path_mm[0], path_mm[2] - path_mm[1], hook_mm):
            path_mm = path_mm[1:]
        path_mm = path_mm[::-1]
    return path_mm


def _is_hook(end: Float, way: Float, hook_mm: float) -> bool:
    length = float(np.hypot(*end))
    return length < hook_mm and float(end @ way) < HOOK_COSINE * length * float(np.hypot(*way))


def _point_entry(point: Float) -> str:
    anchors = face_map().anchors.values()
    nearest = min(anchors, key=lambda one: float(np.hypot(*(one.at_mm - point))))
    if float(np.hypot(*(nearest.at_mm - point))) <= SNAP_MM:
        return json.dumps(nearest.name)
    return f"[{point[0]:.0f}, {point[1]:.0f}]"


def sentence(step: LearntStep) -> str:
    """Describe the step in a sentence, from its first phase's ends."""
    phase = step.phases[0]
    first, last = (_place(point) for point in (phase.path_mm[0], phase.path_mm[-1]))
    way = f" on {first}" if first == last or phase.motion == "hold" else f" from {first} to {last}"
    if step.repetitions is None:
        often = f", for {max(1, round(step.seconds))} seconds"
    else:
        often = ", " + (_NUMBERS[step.repetitions] if step.repetitions < len(_NUMBERS) else f"{step.repetitions} times")
    hands = {"left": " Only the left side.", "right": " Only the right side.", "either": " One side after the other.",
             "alternate": " The sides take turns."}.get(step.hands, "")  # fmt: skip
    end = ", and rest there" if len(step.phases) > 1 and step.phases[-1].motion == "hold" else ""
    return f"{_VERBS[phase.motion]}{way}{end}{often}.{hands}"


def _place(point: Float) -> str:
    anchors = face_map().anchors.values()
    return min(anchors, key=lambda one: float(np.hypot(*(one.at_mm - point)))).short


def _zone_line(step: LearntStep) -> str:
    names = zones_around(step)
    if names:
        return f"zone = {json.dumps(names)}  # the named zones that the performance lies in"
    spread = max(phase.spread_mm for phase in step.phases)
    least = DEFAULT_PATH_WIDTH_MM + _mapped_tolerance_mm(step) - DEFAULT_TOLERANCE_MM
    width = int(min(120.0, max(least, 2 * spread + 10)))
    return f"width_mm = {width}  # of a band around the path: no named zones fit; 95 % lie within {spread:.0f} mm of it"


def zones_around(step: LearntStep) -> list[str]:
    """Return the fewest named zones that hold the step's paths and are not much larger than a band around them; or none."""
    points = _path_points(step)
    length = sum(float(np.hypot(*np.diff(phase.path_mm, axis=0).T).sum()) for phase in step.phases)
    most = MOST_AREA * DEFAULT_PATH_WIDTH_MM * (length + DEFAULT_PATH_WIDTH_MM)
    # A movement that strays far from its path, as circles do, must lie in the zones as well.
    strays_mm = max(phase.spread_mm for phase in step.phases) - DEFAULT_TOLERANCE_MM
    zones = [(zone, _inside(zone, points, max(-OUTSIDE_MM, strays_mm))) for zone in face_map().zones.values()]
    chosen: list[Zone] = []
    held = np.zeros(len(points), dtype=np.bool_)
    while not held.all() and len(chosen) < MOST_ZONES:
        zone, inside = max(zones, key=lambda two: (int(np.count_nonzero(two[1] & ~held)), -_area(two[0])))
        if not np.any(inside & ~held):
            break
        chosen.append(zone)
        held |= inside
    return [zone.name for zone in chosen] if held.all() and sum(_area(zone) for zone in chosen) <= most else []


def _inside(zone: Zone, points: Float, depth_mm: float) -> Bool:
    outline = zone.outline_mm.astype(np.float32)[:, None]
    return np.array([cv2.pointPolygonTest(outline, tuple(map(float, point)), True) >= depth_mm for point in points])


def _area(zone: Zone) -> float:
    return float(cv2.contourArea(zone.outline_mm.astype(np.float32)[:, None]))
