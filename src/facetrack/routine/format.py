"""Formats a compiled routine as text for people and as plain values for JSON."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from facetrack.geometry.face_points import POINT_NAMES
from facetrack.routine.compiled import CompiledRoutine, CompiledStep


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
    amount = f"{step.repetitions} times" if step.repetitions is not None else f"{step.seconds:g} s"
    motions = ", then ".join(dict.fromkeys(phase.motion for phase in step.asked))
    hands = {"both": "both hands", "either": "either hand", "alternate": "hands by turns", "any": "one hand or both"}.get(
        step.hands, f"{step.hands} side"
    )
    optional = ", optional" if step.optional else ""
    yield f"  {step.group}. {step.title} ({step.id}{optional}): {step.say}"
    if step.point:
        yield f"     Point: {step.point}"
    contact = " or ".join(step.contacts)
    yield f"     {motions}, {contact}, {hands}, pressure {step.pressure}, {amount}"
