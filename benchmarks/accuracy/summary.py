"""All cases' scores brought down to figures, each with its interval."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from benchmarks.accuracy.intervals import poisson, wilson
from benchmarks.accuracy.scoring import Hit, Matches, Scored, pooled
from facetrack.routine.kinds import KINDS

IN_TIME_S: Final = {"direction": 1.5}
"""After the evidence, of nine in ten; of the other kinds 1 s."""
_YAW_BINS: Final = ((0, 10), (10, 18), (18, 27))


def summarise(scored: Sequence[Scored]) -> dict[str, Any]:
    """Ours and the baseline's figures over the same cases."""
    return {
        "cases": len(scored),
        "ours": judged(scored, lambda s: s.matches),
        "textbook": judged(scored, lambda s: s.textbook),
        "withheld": _withheld(scored),
        "figures": _figures(scored),
        "face_frame": _face_frame(scored),
        "by_step": _by(scored, lambda s: s.step),
        "by_condition": _by(scored, lambda s: s.theme),
        "by_variant": _by_variant(scored),
        "slow_and_low": _row([s for s in scored if s.slow_and_low]),
        "told_once": _told_once(scored),
    }


def judged(scored: Sequence[Scored], of: Callable[[Scored], Matches]) -> dict[str, Any]:
    """False corrections a minute of right performances; recall, precision and delays of each kind."""
    return {"false_per_minute": _false_rate(scored, of), "kinds": {kind: _kind(scored, of, kind) for kind in KINDS}}


def _false_rate(scored: Sequence[Scored], of: Callable[[Scored], Matches]) -> dict[str, Any]:
    right = [s for s in scored if s.right and not s.slow_and_low]
    return _rate(right, of)


def _rate(right: Sequence[Scored], of: Callable[[Scored], Matches]) -> dict[str, Any]:
    minutes = sum(s.work_s for s in right) / 60
    events = [event for s in right for event in of(s).false]
    by_kind = {kind: sum(event.kind == kind for event in events) for kind in KINDS}
    rate = len(events) / minutes if minutes else math.nan
    return {
        "rate": rate,
        "interval": poisson(len(events), minutes),
        "count": len(events),
        "minutes": minutes,
        "by_kind": by_kind,
    }


def _kind(scored: Sequence[Scored], of: Callable[[Scored], Matches], kind: str) -> dict[str, Any]:
    hits = [hit for s in scored for hit in of(s).hits if hit.unit.kind == kind]
    found = sum(hit.found for hit in hits)
    judged = sum(hit.judged for hit in hits)
    true = sum(event.kind == kind for s in scored for event in of(s).true)
    false = sum(event.kind == kind for s in scored for event in of(s).false)
    return {
        "recall": _share(found, judged),
        "recall_of_due": _share(found, len(hits)),
        "precision": _share(true, true + false),
        "in_time": in_time(hits),
        "raised_s": _quantiles(hit.raised_s for hit in hits),
        "withdrawn_s": _quantiles(hit.withdrawn_s for hit in hits),
    }


def _share(part: int, whole: int) -> dict[str, Any]:
    return {"share": part / whole if whole else math.nan, "interval": wilson(part, whole), "part": part, "of": whole}


def _quantiles(values: Iterable[float]) -> dict[str, float]:
    known = pooled(values)
    p50, p90 = np.quantile(known, [0.5, 0.9]).tolist() if len(known) else (math.nan, math.nan)
    return {"p50": p50, "p90": p90, "n": len(known)}


def _withheld(scored: Sequence[Scored]) -> dict[str, Any]:
    reasons: dict[str, float] = defaultdict(float)
    for s in scored:
        for reason, seconds in s.withheld.items():
            reasons[reason] += seconds
    ordinary = [s for s in scored if s.theme == "ordinary"]
    return {"share": _withheld_share(scored), "ordinary": _withheld_share(ordinary), "seconds_by_reason": dict(reasons)}


def _withheld_share(scored: Sequence[Scored]) -> float:
    since = sum(s.since_hand_s for s in scored)
    return sum(s.withheld_s for s in scored) / since if since else math.nan


def _figures(scored: Sequence[Scored]) -> dict[str, Any]:
    """Repetitions of right performances; pace and zone of right ones (what a mistake does to them depends on the mistake)."""
    right = [s for s in scored if s.right]
    exact = [all(told == true for told, true in s.figures.repetitions) for s in right if s.figures.repetitions]
    sides = [told == true for s in right for told, true in s.figures.repetitions]
    pace = pooled(e for s in right for e in s.figures.pace_error)
    zone = pooled(e for s in scored for e in s.figures.zone_error)
    return {
        "repetitions_exact_steps": _share(sum(exact), len(exact)),
        "repetitions_exact_sides": _share(sum(sides), len(sides)),
        "pace_error": {"median": _median(pace), **_within(pace, 0.10)},
        "zone_time_error": {"median": _median(zone), **_within(zone, 0.06)},
    }


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else math.nan


def _within(values: np.ndarray, limit: float) -> dict[str, Any]:
    absolute = np.abs(values)
    p90 = float(np.quantile(absolute, 0.9)) if len(values) else math.nan
    return {
        "median_absolute": _median(absolute),
        "p90_absolute": p90,
        "within": _share(int((absolute <= limit).sum()), len(values)),
    }


def _face_frame(scored: Sequence[Scored]) -> dict[str, Any]:
    tip, yaw = (_joined(scored, name) for name in ("tip_mm", "yaw_deg"))
    zone, raw = (_joined(scored, name) for name in ("zone_mm", "raw_mm"))
    by_yaw = {f"{low}-{high}": _errors(tip[(np.abs(yaw) >= low) & (np.abs(yaw) < high)]) for low, high in _YAW_BINS}
    by_step = {step: _errors(_joined(some, "tip_mm")) for step, some in _groups(scored, lambda s: s.step).items()}
    return {
        "fingertip_mm": _errors(tip),
        "fingertip_mm_by_yaw": by_yaw,
        "fingertip_mm_by_step": by_step,
        "zones_under_hand_mm": _errors(zone),
        "raw_mesh_under_hand_mm": _errors(raw),
    }


def _joined(scored: Sequence[Scored], name: str) -> np.ndarray:
    return np.concatenate([getattr(s, name) for s in scored]) if scored else np.zeros(0)


def _errors(values: np.ndarray) -> dict[str, float]:
    p50, p95 = np.quantile(values, [0.5, 0.95]).tolist() if len(values) else (math.nan, math.nan)
    return {"p50": p50, "p95": p95, "n": len(values)}


def _groups(scored: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, list[Scored]]:
    groups: dict[str, list[Scored]] = defaultdict(list)
    for s in scored:
        groups[key(s)].append(s)
    return dict(groups)


def _by(scored: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, Any]:
    return {name: _row(some) for name, some in sorted(_groups(scored, key).items())}


def _row(scored: Sequence[Scored]) -> dict[str, Any]:
    hits = [hit for s in scored for hit in s.matches.hits]
    true = sum(len(s.matches.true) for s in scored)
    false = sum(len(s.matches.false) for s in scored)
    recall = {
        kind: _share(sum(h.found for h in hits if h.unit.kind == kind), sum(h.unit.kind == kind for h in hits))
        for kind in KINDS
    }
    repetitions = [told == true for s in scored if s.right for told, true in s.figures.repetitions]
    return {
        "cases": len(scored),
        "false_per_minute": _rate([s for s in scored if s.right], lambda s: s.matches),
        "recall": _share(sum(h.found for h in hits), sum(h.judged for h in hits)),
        "recall_by_kind": recall,
        "precision": _share(true, true + false),
        "withheld": _withheld_share(scored),
        "repetitions_exact": _share(sum(repetitions), len(repetitions)),
        "fingertip_mm": _errors(_joined(scored, "tip_mm")),
    }


def _by_variant(scored: Sequence[Scored]) -> dict[str, Any]:
    found: dict[str, list[Hit]] = defaultdict(list)
    for s in scored:
        for hit in s.matches.hits:
            found[f"{hit.unit.kind}/{hit.unit.variant}"].append(hit)
    return {
        name: {
            **_share(sum(hit.found for hit in hits), sum(hit.judged for hit in hits)),
            "due": len(hits),
            "in_time": in_time(hits),
            "raised_s": _quantiles(hit.raised_s for hit in hits),
        }
        for name, hits in sorted(found.items())
    }


def in_time(hits: Sequence[Hit]) -> dict[str, Any]:
    """Of the corrections that came, those within the contract's time after their evidence."""
    come = [hit for hit in hits if hit.found]
    return _share(sum(hit.raised_s <= IN_TIME_S.get(hit.unit.kind, 1.0) for hit in come), len(come))


def _told_once(scored: Sequence[Scored]) -> dict[str, Any]:
    """Of the mistakes that go on for long, those that are one correction. Shorter than 1 s: events that no mend ends."""
    hits = [hit for s in scored if s.long for hit in s.matches.hits if hit.found]
    return {**_share(sum(hit.count == 1 for hit in hits), len(hits)), "most": max((hit.count for hit in hits), default=0)}
