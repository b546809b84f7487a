"""Checks the rules between the keys of a routine file, which types alone can't express.

The rules read the file's raw tables and skip whatever has the wrong type: the models report that, so that all mistakes of a
file are reported at once.
"""

from collections.abc import Iterator
from typing import Any, Final, get_args

import numpy as np

from facetrack.geometry.chart.zones import zone_distance
from facetrack.packets import Float
from facetrack.routine.compiled import Kind, MotionType
from facetrack.routine.file.schema import (
    DEFAULT_PATH_WIDTH_MM,
    DEFAULT_TOLERANCE_MM,
    MOST_PHASES,
    MOST_POINTS,
    MOST_STEPS,
    MOST_ZONES,
    Movement,
)
from facetrack.routine.file.validation import Key, Problem, quoted
from facetrack.routine.kinds import KINDS
from facetrack.routine.map.face_map import CHART_X_MM, CHART_Y_MM, face_map
from facetrack.routine.map.polygons import area_mm2, band_around, crosses_itself, sampled

Table = dict[str, Any]

SHORTEST_PATH_MM: Final = 10.0
"""Shorter strokes can't be distinguished from a trembling hand, and are not judged."""
SHORTEST_SEGMENT_MM: Final = 1.0
"""Shortest distance between two points of a path."""
SMALLEST_ZONE_MM2: Final = 50.0
"""Smallest area of a zone."""
SHARPEST_TURN_DEG: Final = 150.0
"""A path with a sharper turn doubles back, so that the direction near it is ambiguous."""

MOVEMENT_KEYS: Final = tuple(Movement.model_fields)
"""Keys that belong to a movement."""
KEYS_OF_SOME_MOTIONS: Final[dict[str, tuple[MotionType, ...]]] = {
    "pace_mm_s": ("stroke", "back-and-forth"),
    "turns_s": ("spiral",),
    "radius_mm": ("spiral",),
    "way": ("stroke", "spiral"),
    "hold_s": ("hold",),
}
"""Keys that only some motions have."""


def check_rules(data: Table) -> Iterator[Problem]:
    """Yield a problem for every rule that the file's tables break."""
    steps = data.get("step")
    if not isinstance(steps, list):
        return
    first_with: dict[str, int] = {}
    for index, step in enumerate(steps[:MOST_STEPS]):
        if not isinstance(step, dict):
            continue
        step_id = step.get("id")
        if isinstance(step_id, str):
            if step_id in first_with:
                where = first_with[step_id] + 1
                yield Problem(("step", index, "id"), f"{quoted(step_id)} is step {where}'s id already; give each step its own")
            first_with.setdefault(step_id, index)
        yield from _step_rules(step, ("step", index))


def allowed_kinds(motions: set[MotionType], hands: object) -> tuple[Kind, ...]:
    """Return what can be judged in a step with these motions and these hands."""
    one_hand = hands in ("left", "right", "any")
    return tuple(
        name for name, kind in KINDS.items() if motions - set(kind.not_motions) and (kind.with_one_hand or not one_hand)
    )


def movements(step: Table, key: Key) -> list[tuple[Table, Key]]:
    """Return the step's phases, or the step itself as its only one, with their places."""
    phases = step.get("phase")
    if phases is None:
        return [(step, key)]
    if not isinstance(phases, list):
        return []
    return [(phase, (*key, "phase", index)) for index, phase in enumerate(phases[:MOST_PHASES]) if isinstance(phase, dict)]


def motion_of(movement: Table) -> MotionType | None:
    motion = movement.get("motion", "stroke")
    return motion if motion in get_args(MotionType) else None


def _step_rules(step: Table, key: Key) -> Iterator[Problem]:
    if "phase" in step:
        for name in MOVEMENT_KEYS:
            if name in step:
                yield Problem((*key, name), "the step has phases: put this into them, or leave the phases out")
    if "repetitions" in step and "seconds" in step:
        yield Problem((*key, "seconds"), "repetitions are given too; keep one of them")
    if "zone" in step and "width_mm" in step:
        yield Problem((*key, "width_mm"), "a zone is given too; width_mm is for a band around the path")
    yield from _contact_rules(step, key)
    fingers = step.get("fingers")
    if isinstance(fingers, list) and len({str(finger) for finger in fingers}) < len(fingers):
        yield Problem((*key, "fingers"), "a finger is named twice; name each once")
    parts = movements(step, key)
    if "phase" in step and parts and all(part.get("also") is True for part, _ in parts):
        yield Problem((*key, "phase"), "every phase is optional; leave also out of the one that is asked for")
    yield from _judge_rules(step, key, {motion for part, _ in parts if (motion := motion_of(part))})
    for part, part_key in parts:
        yield from _movement_rules(part, part_key)
    zones: list[Float] = []
    for polygon, polygon_key in _own_polygons(step, key):
        wrong = _polygon_problem(polygon)
        if wrong:
            yield Problem(polygon_key, wrong)
        else:
            zones.append(polygon)
    yield from _paths_in_zone(step, parts, zones)


def _contact_rules(step: Table, key: Key) -> Iterator[Problem]:
    contact = step.get("contact", "fingertips")
    contacts = [str(entry) for entry in contact] if isinstance(contact, list) else [str(contact)]
    if len(set(contacts)) < len(contacts):
        yield Problem((*key, "contact"), "one is named twice; name each once")
    if "palms" in contacts and len(contacts) > 1:
        yield Problem((*key, "contact"), "palms can't be told from the others by a camera; give them a step of their own")
    if "fingers" in step and not {"fingertips", "tool"} & set(contacts):
        yield Problem((*key, "fingers"), f"{contacts[0]} have no working fingertips; leave it out or use fingertips")


def _judge_rules(step: Table, key: Key, motions: set[MotionType]) -> Iterator[Problem]:
    judge = step.get("judge")
    if not isinstance(judge, list) or not motions:
        return
    allowed = allowed_kinds(motions, step.get("hands"))
    for index, kind in enumerate(judge):
        if isinstance(kind, str) and kind in KINDS and kind not in allowed:
            yield Problem((*key, "judge", index), f"{kind} cannot be judged in this step; possible: {_listed(allowed)}")


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "nothing"


def _movement_rules(movement: Table, key: Key) -> Iterator[Problem]:
    motion = motion_of(movement)
    for name, motions in KEYS_OF_SOME_MOTIONS.items():
        if motion and name in movement and motion not in motions:
            instead = {"spiral": "; a spiral's pace is turns_s"}.get(motion, "") if name == "pace_mm_s" else ""
            yield Problem((*key, name), f"not for a {motion}, only for {_listed(motions)}{instead}")
    for name in ("pace_mm_s", "turns_s"):
        limits = movement.get(name)
        if isinstance(limits, list) and len(limits) == 2 and all(_is_number(value) for value in limits):
            low, high = limits
            if not low < high:
                yield Problem((*key, name), f"{quoted(limits)} is not [slowest, fastest] with the slowest first")
    if "path" not in movement:
        if "phase" not in movement:
            yield Problem((*key, "path"), 'missing; e.g. path = ["cheek-inner", "ear-front"]')
        return
    path = resolved_path(movement)
    if path is not None and motion:
        wrong = _path_problem(path, motion)
        if wrong:
            yield Problem((*key, "path"), wrong)


def _path_problem(path: Float, motion: MotionType) -> str | None:
    if motion == "hold" and len(path) == 1:
        return None
    if len(path) < 2:
        spot = " (circles on the spot: two points 10 mm apart, and judge without direction)" if motion == "spiral" else ""
        return f"one point only; a {motion} needs two or more{spot}"
    along = np.diff(path, axis=0)
    lengths = np.linalg.norm(along, axis=-1)
    if lengths.min() < SHORTEST_SEGMENT_MM:
        at = int(lengths.argmin()) + 1
        return f"points {at} and {at + 1} are the same or less than {SHORTEST_SEGMENT_MM:g} mm apart; leave one out"
    if lengths.sum() < SHORTEST_PATH_MM:
        return f"{lengths.sum():.1f} mm long; movements shorter than {SHORTEST_PATH_MM:g} mm can't be judged"
    cosines = np.einsum("sd,sd->s", along[:-1], along[1:]) / (lengths[:-1] * lengths[1:])
    if len(cosines) and cosines.min() < np.cos(np.deg2rad(SHARPEST_TURN_DEG)):
        return f"turns back at point {int(cosines.argmin()) + 2}; make a phase of each way, or use back-and-forth"
    if crosses_itself(path, closed=False):
        return "crosses itself, so that its direction is ambiguous; make phases of its parts"
    return None


def _own_polygons(step: Table, key: Key) -> Iterator[tuple[Float, Key]]:
    zone = step.get("zone")
    for index, entry in enumerate(zone[:MOST_ZONES] if isinstance(zone, list) else ()):
        polygon = _numbers(entry)
        if polygon is not None and len(polygon) >= 3:
            yield polygon, (*key, "zone", index)


def _polygon_problem(polygon: Float) -> str | None:
    sides = np.linalg.norm(polygon - np.roll(polygon, -1, axis=0), axis=-1)
    if sides.min() < 1e-6:
        at = int(sides.argmin())
        return f"points {at + 1} and {(at + 1) % len(polygon) + 1} are the same; leave one out (it closes by itself)"
    if crosses_itself(polygon, closed=True):
        return "its outline crosses itself; go once around it"
    if area_mm2(polygon) < SMALLEST_ZONE_MM2:
        return f"{area_mm2(polygon):.0f} mm² large; a fingertip alone is more than {SMALLEST_ZONE_MM2:g}"
    return None


def _paths_in_zone(step: Table, parts: list[tuple[Table, Key]], own: list[Float]) -> Iterator[Problem]:
    """Report paths outside their zone, because on them the right movement would be called wrong."""
    names = _zone_names(step)
    if names is None:
        return
    zones = tuple(face_map().zones[name].outline_mm for name in names) + tuple(own)
    tolerance = step.get("tolerance_mm", default_tolerance_mm(names))
    if not zones or not _is_number(tolerance):
        return
    for part, key in parts:
        path = resolved_path(part)
        if path is None:
            continue
        outside = zone_distance(sampled(path), zones).max()
        if outside > tolerance:
            yield Problem((*key, "path"), f"leads {outside:.0f} mm out of the step's zone; add the zone that it passes through")


def default_tolerance_mm(zone_names: list[str]) -> float:
    """Return 8 mm, or 20 mm if one of the zones is that of an ear, the neck or the chest."""
    return max((face_map().zones[name].tolerance_mm for name in zone_names), default=DEFAULT_TOLERANCE_MM)


def _zone_names(step: Table) -> list[str] | None:
    """Return the step's zone names; None if one is unknown or there is no zone."""
    zone = step.get("zone")
    entries = [zone] if isinstance(zone, str) else zone
    if not isinstance(entries, list):
        return None
    names = [entry for entry in entries if isinstance(entry, str)]
    return names if all(name in face_map().zones for name in names) else None


def resolved_path(movement: Table) -> Float | None:
    """Return the path (P, 2) in mm on the face map; None if a point of it is not valid."""
    path = movement.get("path")
    if not isinstance(path, list) or not 0 < len(path) <= MOST_POINTS:
        return None
    anchors = face_map().anchors
    points = [anchors[p].at_mm.tolist() if isinstance(p, str) and p in anchors else p for p in path]
    return _numbers(points)


def _numbers(points: object) -> Float | None:
    """Convert a list of pairs of numbers on the face map to (N, 2); None if it is anything else."""
    if not isinstance(points, list) or not 0 < len(points) <= MOST_POINTS:
        return None
    if not all(isinstance(point, list) and len(point) == 2 for point in points):
        return None
    if not all(_is_number(value) and abs(value) < 1e6 for point in points for value in point):
        return None
    array = np.array(points, dtype=np.float64)
    low, high = np.array([CHART_X_MM, CHART_Y_MM]).T
    return array if bool(((array >= low) & (array <= high)).all()) else None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def zones_of_band(paths: list[Float], width_mm: float | None) -> tuple[Float, ...]:
    """Make the zone of a step that names none: a band around its paths."""
    return tuple(piece for path in paths for piece in band_around(path, width_mm or DEFAULT_PATH_WIDTH_MM))
