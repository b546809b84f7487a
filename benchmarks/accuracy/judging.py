"""The real geometry and coach over a clip's observations, and the figures that a session would hold."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from facetrack.coach import Coach, CoachOptions, Correction, Stroke
from facetrack.geometry import FacePoints
from facetrack.packets import SIDES, Float
from facetrack.routine.compiled import CompiledRoutine, Kind
from facetrack.session.document import StepFigures
from facetrack.session.metrics.session import SessionMetrics


@dataclass(frozen=True, slots=True)
class Event:
    """One side's share of a correction. t_end_s: infinite where it was never withdrawn."""

    kind: Kind
    side: str
    t_start_s: float
    t_end_s: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A frame's time in which a side could not be judged."""

    side: str
    t_start_s: float
    t_end_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """events: a correction of both sides counts for each. row: the step's entry of session.json, None where it never began.
    unjudged: where a side was withheld; withheld: the same in seconds by reason, of both sides;
    withheld_s, since_hand_s: of the step, as the session counts them."""

    events: tuple[Event, ...]
    strokes: tuple[Stroke, ...]
    row: StepFigures | None
    unjudged: tuple[Withheld, ...]
    withheld: dict[str, float]
    withheld_s: float
    since_hand_s: float


_coaches: dict[tuple[object, ...], Coach] = {}


def _fresh_coach(routine: CompiledRoutine, step_id: str) -> Coach:
    """Made once a step: a coach lays out its zones anew, which takes longer than judging a clip."""
    key = (routine.sha256, step_id, *routine.step(step_id).contacts)
    if key not in _coaches:
        _coaches[key] = Coach(routine, CoachOptions(step_id=step_id))
    return _coaches[key]


def judge(frames: Iterable[FacePoints], routine: CompiledRoutine, step_id: str) -> Judgement:
    """Judge one step's clip. frames: at the journal's resolution."""
    coach = copy.deepcopy(_fresh_coach(routine, step_id))
    metrics = SessionMetrics(routine)
    corrections: dict[int, Correction] = {}
    strokes: list[Stroke] = []
    unjudged: list[Withheld] = []
    last_s = 0.0
    for points in frames:
        verdict = coach.update(points)
        metrics.add(points, verdict)
        corrections.update((c.index, c) for c in verdict.changed)
        strokes += verdict.strokes
        for name, side in zip(SIDES, verdict.sides, strict=True):
            if side.needed and side.withheld:
                unjudged.append(Withheld(name, last_s, points.t_s, side.withheld))
        last_s = points.t_s
    verdict = coach.finish(last_s)
    metrics.finish(verdict)
    corrections.update((c.index, c) for c in verdict.changed)
    strokes += verdict.strokes
    visit = metrics.step_runs[-1] if metrics.step_runs else None
    row = visit.figures() if visit is not None else None
    withheld_s, since_s = visit.withheld_s if visit is not None else (0.0, 0.0)
    events = tuple(event for c in corrections.values() for event in events_of(c))
    withheld: dict[str, float] = {}
    for one in unjudged:
        withheld[one.reason] = withheld.get(one.reason, 0.0) + one.t_end_s - one.t_start_s
    return Judgement(events, tuple(strokes), row, tuple(unjudged), withheld, withheld_s, since_s)


def events_of(correction: Correction) -> list[Event]:
    """A correction as events of single sides."""
    end = np.inf if correction.t_end_s is None else correction.t_end_s
    sides = ("left", "right") if correction.side == "both" else (correction.side,)
    return [Event(correction.kind, side, correction.t_start_s, end, correction.message_id) for side in sides]


def stacked(frames: list[FacePoints]) -> dict[str, Float]:
    """Many frames as arrays, fit for a file."""
    return {f.name: _column([getattr(frame, f.name) for frame in frames]) for f in fields(FacePoints)}


def _column(values: list[Any]) -> Float:
    """One array of all frames; of objects where some frames have nothing, which has no shape."""
    if all(value is not None for value in values):
        return np.array(values)
    column: Float = np.empty(len(values), object)
    column[:] = values
    return column


def unstacked(arrays: dict[str, Float]) -> Iterator[FacePoints]:
    """The inverse of ``stacked``."""
    columns = [list(column) if column.ndim > 1 else column.tolist() for column in arrays.values()]
    for values in zip(*columns, strict=True):
        yield FacePoints(**dict(zip(arrays, values, strict=True)))
