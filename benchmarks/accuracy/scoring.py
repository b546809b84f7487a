"""Events against what was due: hits, misses, false ones, delays; and the figures of right performances against the truth."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from benchmarks.accuracy.expected import AFTER_S, Unit
from benchmarks.accuracy.judging import Event, Judgement, Withheld
from benchmarks.accuracy.truth_signals import MOVING_MM_S, Signals
from facetrack.packets import SIDES

_PACE_AT_LEAST_S: Final = 3.0
"""Less stroking than this has no median worth comparing."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A due correction and what became of it. raised_s, withdrawn_s: s after the evidence was complete and after the mend;
    NaN: missed, or there was no mend to wait for. count: how many corrections told it. judged: it was told, or the side was
    not withheld for most of the mistake."""

    unit: Unit
    found: bool
    raised_s: float
    withdrawn_s: float
    count: int = 0
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Matches:
    """Events of a case against its units. false: events that nothing explains, and those that tell a mistake once more. true:
    those that explain a required unit."""

    hits: tuple[Hit, ...]
    false: tuple[Event, ...]
    true: tuple[Event, ...]


def match(events: Sequence[Event], units: Sequence[Unit], end_s: float, withheld: Sequence[Withheld] = ()) -> Matches:
    """An event means a unit of its kind and side if it begins while the mistake is made, or up to AFTER_S later.

    The first that does is true; a unit that is told again is told wrongly.
    """
    hits, again = [], []
    for unit in (u for u in units if u.required):
        found = sorted((event for event in events if matches(event, unit)), key=lambda event: event.t_start_s)
        raised = min((e.t_start_s for e in found), default=math.nan) - (unit.evidence_s or unit.t_start_s)
        withdrawn = math.nan
        if found and unit.mend_s is not None:
            withdrawn = min(max(e.t_end_s for e in found), end_s) - unit.mend_s
        judged = bool(found) or _withheld_share(unit, withheld) < 0.5
        hits.append(Hit(unit, bool(found), raised, withdrawn, len(found), judged))
        again += found[1:]
    explained = [[unit for unit in units if matches(event, unit)] for event in events]
    repeated = [event in again and all(u.required for u in found) for event, found in zip(events, explained, strict=True)]
    false = tuple(e for e, found, twice in zip(events, explained, repeated, strict=True) if twice or not found)
    true = tuple(e for e, found in zip(events, explained, strict=True) if any(u.required for u in found) and e not in false)
    return Matches(tuple(hits), false, true)


def matches(event: Event, unit: Unit) -> bool:
    """Whether the event can mean the unit."""
    same = event.kind == unit.kind and event.side == unit.side
    return same and unit.t_start_s <= event.t_start_s <= unit.t_end_s + AFTER_S


def _withheld_share(unit: Unit, withheld: Sequence[Withheld]) -> float:
    """The share of a mistake's time in which its side could not be judged; of a comparison, one of both sides."""
    sides = SIDES if unit.kind == "symmetry" else (unit.side,)
    lost = sum(
        max(0.0, min(one.t_end_s, unit.t_end_s) - max(one.t_start_s, unit.t_start_s)) for one in withheld if one.side in sides
    )
    return lost / max(unit.t_end_s - unit.t_start_s, 1e-9)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the session says of a performance against the truth. Each list: one entry a side.

    repetitions: (told, true). pace, zone: relative and absolute error; only where both are known.
    """

    repetitions: list[tuple[int, int]] = field(default_factory=list)
    pace_error: list[float] = field(default_factory=list)
    zone_error: list[float] = field(default_factory=list)


def figures_of(judgement: Judgement, signals: Signals) -> Figures:
    """Of the sides that worked."""
    out = Figures()
    if judgement.row is None:
        return out
    for k, (side, row) in enumerate(zip(SIDES, judgement.row.sides, strict=True)):
        true = sum(r.side == side and r.correct for r in signals.performance.repetitions)
        if not true:
            continue
        out.repetitions.append((row.repetitions or 0, true))
        stroking = ~np.isnan(signals.pace[:, k]) & (signals.speed_mm_s[:, k] > MOVING_MM_S)
        if stroking.mean() * len(stroking) > _PACE_AT_LEAST_S * 60 and row.pace_mm_s.median is not None:
            out.pace_error.append(row.pace_mm_s.median / float(np.median(signals.speed_mm_s[stroking, k])) - 1)
        contact = signals.contact[:, k]
        if contact.any() and row.zone_share is not None:
            out.zone_error.append(row.zone_share - float((signals.outside_mm[contact, k] <= 0).mean()))
    return out


@dataclass(frozen=True, slots=True)
class Scored:
    """One case, scored; small enough to travel between processes. work_s: length of the step in it."""

    case_id: str
    step: str
    theme: str
    right: bool
    slow_and_low: bool
    long: bool
    work_s: float
    matches: Matches
    textbook: Matches
    figures: Figures
    withheld_s: float
    since_hand_s: float
    withheld: dict[str, float]
    tip_mm: np.ndarray
    yaw_deg: np.ndarray
    zone_mm: np.ndarray
    raw_mm: np.ndarray


def pooled(values: Iterable[float]) -> np.ndarray:
    """Without NaN."""
    array = np.array(list(values), dtype=float)
    return array[~np.isnan(array)]
