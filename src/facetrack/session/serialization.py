"""Turns compiled routines and the coach's options into JSON values and back, exactly.

A journal carries both in its header, so that a session stays replayable after the routine file has changed. NaN is null;
floats keep every bit (JSON holds the shortest text that reads back equal). What is written is seen from the values
themselves; what is read is named here, field by field.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from facetrack.coach.thresholds import CoachOptions, Thresholds
from facetrack.packets import Float
from facetrack.routine.compiled import CompiledPhase, CompiledRoutine, CompiledStep


def to_json(value: object) -> Any:
    """Return value as JSON values: a dataclass as an object, an array or a set (sorted) as a list, NaN as null.

    Raises TypeError for what JSON can't hold.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, np.ndarray | np.generic):
        return to_json(value.tolist())
    if isinstance(value, float):
        return _number_to_json(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_json(item) for item in value)
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def routine_from_json(value: Mapping[str, Any]) -> CompiledRoutine:
    """Return the routine that ``to_json`` made value of. Raises TypeError, ValueError or KeyError where it made it of none."""
    weekly = value["start_per_week"]
    return CompiledRoutine(
        id=_text(value["id"]),
        version=int(value["version"]),
        sha256=_text(value["sha256"]),
        title=_text(value["title"]),
        language=_text(value["language"]),
        prepare=_texts(value["prepare"]),
        after=_texts(value["after"]),
        session_cautions=_texts(value["session_cautions"]),
        area_cautions=_texts(value["area_cautions"]),
        start_per_week=None if weekly is None else int(weekly),
        schedule_say=_text(value["schedule_say"]),
        steps=tuple(_step(step) for step in value["steps"]),
        advice=_texts(value.get("advice", ())),
        with_tool=_text(value.get("with_tool", "")),
        author=_text(value.get("author", "")),
        source=_text(value.get("source", "")),
        concern_say=_text(value.get("concern_say", "")),
    )


def options_from_json(value: Mapping[str, Any] | None) -> CoachOptions:
    """Return the options that ``to_json`` made value of; what value lacks, and None, stands for the defaults.

    Thresholds that an older facetrack had are passed over. Raises TypeError, ValueError or KeyError where value is no options.
    """
    value = value or {}
    step_id = value.get("step_id")
    return CoachOptions(
        step_id=None if step_id is None else _text(step_id),
        again=_texts(value.get("again", ())),
        voice=bool(value.get("voice", False)),
        thresholds=Thresholds.from_json(value.get("thresholds", {})),
    )


def _step(value: Mapping[str, Any]) -> CompiledStep:
    repetitions, seconds = value["repetitions"], value["seconds"]
    return CompiledStep(
        id=_text(value["id"]),
        index=int(value["index"]),
        group=int(value["group"]),
        title=_text(value["title"]),
        say=_text(value["say"]),
        point=_text(value["point"]),
        hands=value["hands"],
        contact=value["contact"],
        working=np.array(value["working"], dtype=np.bool_),
        pressure=_text(value["pressure"]),
        zone=tuple(_array(polygon) for polygon in value["zone"]),
        zone_names=_texts(value["zone_names"]),
        tolerance_mm=_number(value["tolerance_mm"]),
        judge=frozenset(value["judge"]),
        repetitions=None if repetitions is None else int(repetitions),
        seconds=None if seconds is None else _number(seconds),
        planned_s=_number(value["planned_s"]),
        optional=bool(value["optional"]),
        tempo=value["tempo"],
        phases=tuple(_phase(phase) for phase in value["phases"]),
        with_tool=_text(value.get("with_tool", "")),
        or_contact=_texts(value.get("or_contact", ("knuckles",) if value.get("or_knuckles") else ())),  # type: ignore[arg-type]
    )


def _phase(value: Mapping[str, Any]) -> CompiledPhase:
    return CompiledPhase(
        motion=value["motion"],
        path_mm=_array(value["path_mm"]),
        pace_mm_s=_range(value["pace_mm_s"]),
        turns_s=_range(value["turns_s"]),
        turn_radius_mm=_number(value["turn_radius_mm"]),
        hold_s=_number(value["hold_s"]),
        drift_mm=_number(value.get("drift_mm")),
        also=bool(value.get("also", False)),
        way=_text(value.get("way", "")),
    )


def _number_to_json(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else str(value)  # JSON has no infinity: "inf" and "-inf"


def _number(value: float | str | None) -> float:
    """Return the number as it was written, an int where it was one; null is NaN."""
    if value is None:
        return math.nan
    return value if isinstance(value, int) else float(value)


def _range(value: Any) -> tuple[float, float]:
    low, high = value
    return _number(low), _number(high)


def _array(value: Any) -> Float:
    return np.array(value, dtype=np.float64)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in value)
