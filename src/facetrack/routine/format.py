"""Formats a compiled routine as text for people and as plain values for JSON."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

import numpy as np

from facetrack.geometry.face_points import POINT_NAMES
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep
from facetrack.routine.map.face_map import face_map

SAME_MM: Final = 0.01
"""Distance within which a point of a path is the named one."""


def routine_json(routine: CompiledRoutine) -> dict[str, Any]:
    """Return plain values: arrays as lists of mm, null for what does not apply, ``working`` as names."""
    plain: dict[str, Any] = _plain(routine)
    for values, step in zip(plain["steps"], routine.steps, strict=True):
        values["working"] = [name for name, works in zip(POINT_NAMES, step.working, strict=True) if works]
        values["judge"] = sorted(step.judge)
    return plain


def _plain(value: object) -> Any:
    if isinstance(value, np.ndarray):
        return np.round(value.astype(np.float64), 1).tolist()
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, tuple | frozenset):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def routine_text(routine: CompiledRoutine) -> str:
    """Return the text for the terminal: when not to massage, before, the steps, afterwards."""
    return "\n".join(_lines(routine))


def _lines(routine: CompiledRoutine) -> Iterator[str]:
    yield f"{routine.title} ({routine.id}, version {routine.version})"
    if routine.author or routine.source:
        yield ". ".join(part.rstrip(".") for part in (routine.author, routine.source) if part)
    yield from _list("Do not massage if", routine.session_cautions)
    yield from _list("Leave out areas with", routine.area_cautions)
    yield from _list("Before", routine.prepare)
    yield from _list("Throughout", routine.advice)
    yield from _list("With a tool", tuple(filter(None, (routine.with_tool,))))
    yield "\nSteps"
    for step in routine.steps:
        yield from _step_lines(step)
    yield from _list("Afterwards", routine.after)
    often = [f"begin with {routine.start_per_week} times a week"] if routine.start_per_week else []
    yield from _list("How often", (*often, *([routine.schedule_say] if routine.schedule_say else [])))


def _list(title: str, entries: tuple[str, ...]) -> Iterator[str]:
    if entries:
        yield f"\n{title}"
        yield from (f"  - {entry}" for entry in entries)


def _step_lines(step: CompiledStep) -> Iterator[str]:
    hands = {"both": "both hands", "either": "either hand", "alternate": "hands by turns", "any": "one hand or both"}.get(
        step.hands, f"{step.hands} side"
    )
    optional = ", optional" if step.optional else ""
    yield f"  {step.group}. {step.title} ({step.id}{optional}): {step.say}"
    if step.point:
        yield f"     Point: {step.point}"
    if step.with_tool:
        yield f"     With a tool: {step.with_tool}"
    contact = " or ".join(step.contacts)
    yield f"     {contact}, {hands}, pressure {step.pressure}, {_amount(step)}, about {max(1, round(step.planned_s))} s in all"
    for number, phase in enumerate(step.phases, start=1):
        yield f"     {f'{number}: ' if len(step.phases) > 1 else ''}{_phase_text(phase)}"
    own = ["a place of its own"] if len(step.zone) > len(step.zone_names) else []
    zone = ", ".join([*step.zone_names, *own])
    yield f"     zone: {zone}, and {step.tolerance_mm:g} mm beyond; judged: {', '.join(sorted(step.judge)) or 'nothing'}"


def _amount(step: CompiledStep) -> str:
    if step.repetitions is None:
        return f"{step.seconds:g} s"
    return {1: "once", 2: "twice"}.get(step.repetitions, f"{step.repetitions} times")


def _phase_text(phase: CompiledPhase) -> str:
    path = " - ".join(_place(point) for point in phase.path_mm)
    also = " (allowed besides)" if phase.also else ""
    if phase.motion == "hold":
        return f"hold{also} for {phase.hold_s:g} s at {_place(phase.path_mm[-1])}"
    if phase.motion == "spiral":
        low, high = phase.turns_s
        return f"spiral{also}, {low:g} to {high:g} turns a second, radius {phase.turn_radius_mm:g} mm: {path}"
    low, high = phase.pace_mm_s
    return f"{phase.motion}{also}, {low:g} to {high:g} mm a second: {path}"


def _place(point: Float) -> str:
    """Return the name of the map's point that is there, else the place in mm."""
    named = [anchor.name for anchor in face_map().anchors.values() if float(np.hypot(*(anchor.at_mm - point))) < SAME_MM]
    return named[0] if named else f"[{point[0]:.0f}, {point[1]:.0f}]"
