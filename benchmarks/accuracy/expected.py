"""What the contract asks for in a performance: which corrections, from when their evidence is complete, until when they hold.

All of it follows from the truth alone. "Required" corrections come from ordered mistakes; "tolerated" ones are true as well
(a hand whose misplaced path is short really does less than the other), so that raising them is no error.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from benchmarks.accuracy.truth_signals import RATE_HZ, Signals
from facetrack.coach.tuning import StepTuning
from facetrack.mannequin import MistakeWindow
from facetrack.packets import SIDES, Bool, Float
from facetrack.routine.compiled import Kind

ZONE_S: Final = 0.8
OFF_PATH_S: Final = 1.0
OFF_PATH_MM: Final = (15.0, 40.0)
"""Limits of half of the path's length, which is evidence in a single stroke."""
SHORTEST_MM: Final = 10.0
PACE_S: Final = 1.0
STILL_S: Final = 2.0
BALANCE_S: Final = 4.0
BALANCE: Final = 0.6
_STILL_MM: Final = 4.0  # trembling over STILL_S
_WORKS_MM: Final = 15.0
_LEAST_PATH_MM: Final = 40.0
_NEARLY: Final = 0.08  # of a balance that is as good as 0.6
_SLACK_S: Final = 0.05
AFTER_S: Final = 1.0
"""An event may begin so long after a mistake's end and still mean it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One side's correction that is due (or tolerated). evidence_s, mend_s: None where the truth never completes it."""

    kind: Kind
    side: str
    variant: str
    t_start_s: float
    t_end_s: float
    evidence_s: float | None
    mend_s: float | None
    required: bool = True


def expected_units(signals: Signals) -> list[Unit]:
    """Everything that is truly wrong in a performance of one step."""
    units = []
    for window in signals.performance.mistakes:
        for side in SIDES if window.side == "both" else (window.side,):
            evidence = _evidence(signals, window, side)
            mend = _mend(signals, window, side)
            start, end = _begin_s(signals, window, side), window.t_end_s
            units.append(Unit(window.kind, side, window.variant, start, end, evidence, mend, evidence is not None))
    return units + _unbalanced(signals) + _totals(signals)


def _evidence(signals: Signals, window: MistakeWindow, side: str) -> float | None:
    k = SIDES.index(side)
    within = (signals.t_s >= window.t_start_s - _SLACK_S) & (signals.t_s <= window.t_end_s + _SLACK_S)
    if window.kind == "zone":
        return _first(signals, within & (_lasted(signals.contact[:, k] & (signals.outside_mm[:, k] > 0) & within) >= ZONE_S))
    if window.kind == "direction":
        return _direction_evidence(signals, window, side)
    if window.kind == "pace":
        limit = pace_limit(signals)
        return _first(signals, within & (_paces(signals, side) > limit))
    idle, short = _idle(signals), _short(signals, BALANCE)
    return _first(signals, within & (idle[:, k] | short[:, k]))


def _begin_s(signals: Signals, window: MistakeWindow, side: str) -> float:
    """The first wrong movement: of a wrong place the way there, from where the hand left the zone (hovering counts)."""
    if window.kind != "zone":
        return window.t_start_s
    before = signals.t_s <= window.t_start_s
    inside = before & (signals.outside_mm[:, SIDES.index(side)] <= 0)
    return float(signals.t_s[np.flatnonzero(inside)[-1]]) if inside.any() else float(signals.t_s[0])


def pace_limit(signals: Signals) -> float:
    """Above which stroking is rushed: turns/s for spirals, else mm/s."""
    phases = [p for p in signals.step.phases if p.motion != "hold"]
    return max(p.turns_s[1] if p.motion == "spiral" else p.pace_mm_s[1] for p in phases)


def _direction_evidence(signals: Signals, window: MistakeWindow, side: str) -> float | None:
    """Half of the path in one stroke, 10 mm in each of two in a row, or a second of wrong stroking in all.

    Of a spiral, a drift as long as its loops are wide.
    """
    in_a_row, off_s = 0, 0.0
    for stroke in signals.strokes(side):
        if stroke.t_start_s < window.t_start_s - _SLACK_S or stroke.t_start_s > window.t_end_s:
            continue
        if stroke.kind == "along" and stroke.length_mm >= SHORTEST_MM:
            in_a_row = 0
        if stroke.kind not in ("against", "across") or stroke.length_mm < SHORTEST_MM:
            continue
        phase = signals.step.phases[stroke.phase]
        lasts = stroke.t_end_s - stroke.t_start_s
        in_a_row += 1
        if stroke.turns:
            candidates = [stroke.t_start_s + lasts * min(1.0, 2 * phase.turn_radius_mm / stroke.length_mm)]
        else:
            half = float(np.clip(0.5 * signals.path_length_mm(stroke.phase, side), *OFF_PATH_MM))
            candidates = [signals.reached_s(stroke, half)]
            candidates += [signals.reached_s(stroke, SHORTEST_MM)] if in_a_row >= 2 else []
            # The wrong stroke itself must be one: of 10 mm.
            late = max(stroke.t_start_s + OFF_PATH_S - off_s, signals.reached_s(stroke, SHORTEST_MM) or np.inf)
            candidates += [late] if off_s + lasts >= OFF_PATH_S else []
        known = [at for at in candidates if at is not None and np.isfinite(at)]
        if known:
            return min(known)
        off_s += lasts
    return None


def _mend(signals: Signals, window: MistakeWindow, side: str) -> float | None:
    """When the side does it right again for the first time."""
    k = SIDES.index(side)
    if window.kind == "zone":
        return _first(signals, (signals.t_s >= window.t_end_s) & signals.contact[:, k] & (signals.outside_mm[:, k] <= 0))
    strokes = [s for s in signals.strokes(side) if s.t_start_s >= window.t_end_s - _SLACK_S]
    right = next((s for s in strokes if s.kind in ("along", "hold")), None)
    if right is None or window.variant != "slide-back":
        return None if right is None else right.t_start_s
    # Only a way back that is not slid shows that sliding has ended.
    return next((s.t_start_s for s in strokes if s.kind == "return" and s.t_start_s >= right.t_end_s - _SLACK_S), None)


def _unbalanced(signals: Signals) -> list[Unit]:
    """Times at which one side truly does less than the other, whatever the reason."""
    if signals.step.hands not in ("both", "alternate") or "symmetry" not in signals.step.judge:
        return []
    units = []
    bad = _idle(signals) | _short(signals, BALANCE + _NEARLY)
    for k, side in enumerate(SIDES):
        for start, end in _runs(signals.t_s, bad[:, k]):
            units.append(Unit("symmetry", side, "true", start - 1.0, end, None, None, required=False))
    return units


def _totals(signals: Signals) -> list[Unit]:
    """Of a step whose sides may be done in turn: true from the time that it is due, and due in any case at its end."""
    step = signals.step
    if step.hands != "either" or "symmetry" not in step.judge:
        return []
    least, most = signals.path_mm.min(axis=1), signals.path_mm.max(axis=1)
    known = (signals.t_s >= _due_s(signals)) & (most >= _LEAST_PATH_MM)
    last_s = float(signals.t_s[-1])
    units = []
    for start, end in _runs(signals.t_s, known & (least <= (BALANCE + _NEARLY) * most)):
        weaker = SIDES[int(signals.path_mm[np.searchsorted(signals.t_s, end)].argmin())]
        sure = end == last_s and bool(least[-1] < (BALANCE - _NEARLY) * most[-1])
        units.append(Unit("symmetry", weaker, "totals", start - 1.0, end, end if sure else None, None, sure))
    return units


def _due_s(signals: Signals) -> float:
    """When both sides have made the planned repetitions, or the step's time is up, or the clip ends."""
    step, begin_s, last_s = signals.step, signals.work_s[0], float(signals.t_s[-1])
    ratio = 1.0 if step.seconds is not None else StepTuning().overtime_ratio
    limit_s = min(begin_s + ratio * (step.seconds or step.planned_s), last_s)
    made = [sorted(r.t_end_s for r in signals.performance.repetitions if r.side == side) for side in SIDES]
    target = step.repetitions
    if target is None or min(len(ends) for ends in made) < target:
        return limit_s
    return min(limit_s, max(ends[target - 1] for ends in made))


def _trailing_path(signals: Signals, window_s: float, in_air: bool = False) -> tuple[Float, Bool]:
    """(N, 2) path in contact (in_air: or not) over the last window_s, and (N,) whether that lies within the step."""
    reach = max(1, round(window_s * RATE_HZ))
    path = np.cumsum(signals.speed_mm_s, axis=0) / RATE_HZ if in_air else signals.path_mm
    total = np.concatenate([np.zeros((reach, 2)), path])
    start, end = signals.work_s
    inside = (signals.t_s - window_s >= start) & (signals.t_s <= end)
    return total[reach:] - total[:-reach], inside


def _idle(signals: Signals) -> Bool:
    """A hand that goes back through the air is not still."""
    path, inside = _trailing_path(signals, STILL_S)
    moved, _ = _trailing_path(signals, STILL_S, in_air=True)
    idle: Bool = (moved < _STILL_MM) & (path[:, ::-1] > _WORKS_MM) & inside[:, None]
    return idle


def _short(signals: Signals, balance: float) -> Bool:
    """Over 4 s, or two strokes where these take longer."""
    window_s = max(BALANCE_S, 2.0 * _cycle_s(signals))
    path, inside = _trailing_path(signals, window_s)
    other = path[:, ::-1]
    short: Bool = (path < balance * other) & (other >= _LEAST_PATH_MM) & inside[:, None]
    return short


def _cycle_s(signals: Signals) -> float:
    """From one stroke to the next; motions without a return never pause."""
    motions = {phase.motion for phase in signals.step.phases}
    return signals.period_s() if "stroke" in motions else 0.0


def _lasted(mask: Bool) -> Float:
    lasted: Float = np.cumsum(mask) / RATE_HZ
    return lasted


def _first(signals: Signals, mask: Bool) -> float | None:
    return float(signals.t_s[mask.argmax()]) if mask.any() else None


def _paces(signals: Signals, side: str) -> Float:
    """(N,) median speed of stroking over the last second of it, or over the last two strokes where these are shorter."""
    values = signals.pace[:, SIDES.index(side)]
    out = _trailing_median(values, PACE_S)
    made = [s for s in signals.strokes(side) if s.kind in ("along", "against", "across")]
    for first, second in pairwise(made):
        both = [~np.isnan(values) & (signals.t_s >= s.t_start_s) & (signals.t_s <= s.t_end_s) for s in (first, second)]
        within = values[both[0] | both[1]]
        if 0 < len(within) < PACE_S * RATE_HZ:
            last = int(np.flatnonzero(both[0] | both[1])[-1])
            out[last] = np.fmax(out[last], np.median(within))
    return out


def _trailing_median(values: Float, window_s: float) -> Float:
    """(N,) median over the last window_s of known values; NaN until there are so many, and where the value is not known."""
    count = round(window_s * RATE_HZ)
    known = np.flatnonzero(~np.isnan(values))
    out = np.full(len(values), np.nan)
    if len(known) >= count:
        windows = np.lib.stride_tricks.sliding_window_view(values[known], count)
        out[known[count - 1 :]] = np.median(windows, axis=1)
    return out


def _runs(t_s: Float, mask: Bool) -> list[tuple[float, float]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [(float(t_s[a]), float(t_s[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
