"""Compiles a valid routine file to arrays."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from facetrack.geometry.face_points import POINT_NAMES, POINTS
from facetrack.packets import Bool, Float
from facetrack.routine.compiled import (
    CompiledPhase,
    CompiledRoutine,
    CompiledStep,
    ContactPart,
    MotionType,
    working_points,
)
from facetrack.routine.file.rules import allowed_kinds, default_tolerance_mm, zones_of_band
from facetrack.routine.file.schema import (
    DEFAULT_HOLD_S,
    DEFAULT_PACE_MM_S,
    DEFAULT_REPETITIONS,
    DEFAULT_SPIRAL_SECONDS,
    DEFAULT_TURN_RADIUS_MM,
    DEFAULT_TURNS_S,
    Movement,
    Phase,
    RoutineFile,
    Step,
)
from facetrack.routine.map.face_map import face_map
from facetrack.routine.map.surface import canonical_skin_length_mm

NAN: Final = float("nan")
"""What does not apply to a phase."""
ORDINARY_PACE_MM_S: Final = 30.0
"""The best liked speed of stroking (C-tactile literature)."""
RETURN_PACE_MM_S: Final = 100.0
"""Speed of a lifted hand on its way back to the start."""
TURN_AROUND_S: Final = 0.5
"""Time, once a repetition, to put the hand down and lift it, or to turn it twice."""


def compile_routine(file: RoutineFile, sha256: str) -> CompiledRoutine:
    """Compile a file that ``rules`` has checked. sha256: hash of the file's bytes."""
    schedule = file.schedule
    steps: list[CompiledStep] = []
    for index, step in enumerate(file.step):
        steps.append(_compile_step(step, index, step.group or (steps[-1].group + 1 if steps else 1)))
    return CompiledRoutine(
        id=file.id,
        version=file.version,
        sha256=sha256,
        title=file.title or _words(file.id),
        language=file.language,
        prepare=tuple(file.prepare),
        after=tuple(file.after),
        session_cautions=tuple(caution.text for caution in file.caution if caution.scope == "session"),
        area_cautions=tuple(caution.text for caution in file.caution if caution.scope == "area"),
        start_per_week=schedule.start_per_week if schedule else None,
        schedule_say=schedule.say if schedule else "",
        steps=tuple(steps),
        advice=tuple(file.advice),
        with_tool=file.with_tool,
        author=file.author,
        source=file.source,
        concern_say=file.concern,
    )


def _words(slug: str) -> str:
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]


def _compile_step(step: Step, index: int, group: int) -> CompiledStep:
    parts: Sequence[Movement] = step.phase or (step,)
    phases = tuple(_compile_phase(part) for part in parts)
    names, zone = _zone(step, phases)
    motions = {phase.motion for phase in phases}
    kinds = allowed_kinds(motions, step.hands)
    contact, *others = _contacts(step)
    repetitions, seconds = _amount(step, motions)
    title = step.title or _words(step.id)
    return CompiledStep(
        id=step.id,
        index=index,
        group=group,
        title=title,
        say=step.say or f"{title}.",
        point=step.point,
        with_tool=step.with_tool,
        hands=step.hands,
        contact=contact,
        working=_working(step, contact),
        pressure=step.pressure,
        zone=zone,
        zone_names=names,
        tolerance_mm=step.tolerance_mm if step.tolerance_mm is not None else default_tolerance_mm(list(names)),
        judge=frozenset(kinds if step.judge is None else step.judge),
        repetitions=repetitions,
        seconds=seconds,
        planned_s=seconds if seconds is not None else _planned_s(step, phases, repetitions or 1),
        optional=step.optional,
        tempo=step.tempo,
        phases=phases,
        or_contact=tuple(others),
    )


def _zone(step: Step, phases: tuple[CompiledPhase, ...]) -> tuple[tuple[str, ...], tuple[Float, ...]]:
    if step.zone is None:
        return (), zones_of_band([phase.path_mm for phase in phases], step.width_mm)
    entries = [step.zone] if isinstance(step.zone, str) else step.zone
    names = tuple(entry for entry in entries if isinstance(entry, str))
    polygons = tuple(
        face_map().zones[entry].outline_mm if isinstance(entry, str) else np.array(entry, dtype=np.float64) for entry in entries
    )
    return names, polygons


def _contacts(step: Step) -> tuple[ContactPart, ...]:
    """Return what may touch the skin: fingertips first, which stand where nothing else is seen."""
    listed = (step.contact,) if isinstance(step.contact, str) else step.contact
    return tuple(sorted(listed, key=lambda part: part != "fingertips"))


def _working(step: Step, contact: ContactPart) -> Bool:
    if step.fingers is None:
        return working_points(contact)
    working = np.zeros(POINTS, dtype=bool)
    working[[POINT_NAMES.index(finger) for finger in step.fingers]] = True
    return working


def _amount(step: Step, motions: set[MotionType]) -> tuple[int | None, float | None]:
    """Return (repetitions, seconds), one of them None."""
    if step.repetitions is not None or step.seconds is not None:
        return step.repetitions, step.seconds
    if motions == {"spiral"}:
        return None, DEFAULT_SPIRAL_SECONDS
    if motions == {"hold"}:
        return 1, None
    return DEFAULT_REPETITIONS, None


def _compile_phase(part: Movement) -> CompiledPhase:
    motion: MotionType = part.motion or "stroke"
    anchors = face_map().anchors
    points = [anchors[p].at_mm if isinstance(p, str) else np.array(p, dtype=np.float64) for p in part.path or ()]
    turns, radius = (NAN, NAN), NAN
    pace: tuple[float, float] = part.pace_mm_s or DEFAULT_PACE_MM_S
    if motion == "spiral":
        turns, radius = part.turns_s or DEFAULT_TURNS_S, part.radius_mm or DEFAULT_TURN_RADIUS_MM
        around = 2 * np.pi * radius
        pace = (float(turns[0] * around), float(turns[1] * around))
    elif motion == "hold":
        pace = (0.0, pace[1])
    return CompiledPhase(
        motion=motion,
        path_mm=np.stack(points),
        pace_mm_s=pace,
        turns_s=turns,
        turn_radius_mm=radius,
        hold_s=(part.hold_s or DEFAULT_HOLD_S) if motion == "hold" else NAN,
        drift_mm=radius,
        also=isinstance(part, Phase) and part.also,
        way=part.way or way_along(np.stack(points)),
    )


def way_along(path_mm: Float) -> str:
    """Say which way a path (P, 2) leads and to which point of the map, such as "Outwards, to the temple"."""
    dx, dy = (path_mm[-1] - path_mm[0]).tolist()
    way = ("Outwards" if dx > 0 else "Inwards") if abs(dx) >= abs(dy) else ("Upwards" if dy > 0 else "Downwards")
    goal = min(face_map().anchors.values(), key=lambda anchor: float(np.hypot(*(anchor.at_mm - path_mm[-1]))))
    return f"{way}, to {goal.short}"


def _planned_s(step: Step, phases: tuple[CompiledPhase, ...], repetitions: int) -> float:
    sides = 2 if step.hands in ("either", "alternate") else 1
    return round(repetitions * sides * sum(_phase_s(phase) for phase in phases if not phase.also), 1)


def _phase_s(phase: CompiledPhase) -> float:
    """Return how long one repetition of a movement takes at an ordinary pace, the way back included."""
    if phase.motion == "hold":
        return phase.hold_s
    length = canonical_skin_length_mm(phase.path_mm)
    low, high = phase.pace_mm_s
    if phase.motion == "spiral":
        return length / phase.drift_mm / float(np.sqrt(phase.turns_s[0] * phase.turns_s[1])) + TURN_AROUND_S
    pace = min(max(ORDINARY_PACE_MM_S, low), high)
    if phase.motion == "back-and-forth":
        return 2 * length / pace + TURN_AROUND_S
    return length / pace + length / RETURN_PACE_MM_S + TURN_AROUND_S
