"""Scores of many clips added up, with 95 % intervals, as figures and as a table."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from benchmarks.accuracy.intervals import poisson, wilson
from benchmarks.tracking.following import Score
from benchmarks.tracking.losing import WITHIN_S
from facetrack.packets import Float

_RESAMPLES: Final = 400


def summed(scores: Sequence[Score], seed: int) -> dict[str, Any]:
    """Figures of one tracker over the clips of a group. Intervals of shares take frames as independent, which they are not
    quite; errors are resampled by clip."""
    free = sum(score.hand_free_frames for score in scores)
    ghosts, swaps = sum(score.ghost_runs for score in scores), sum(score.swaps for score in scores)
    minutes = sum(score.hand_s for score in scores) / 60
    tips = [np.array(score.tip_mm) for score in scores if score.tip_mm]
    return {
        "recall": _share([score.recall for score in scores]),
        "recall_arrived": _share([score.recall_arrived for score in scores]),
        "right_side": _share([score.side for score in scores]),
        "swaps_per_minute": _rate(swaps, minutes),
        "ghosts": {"runs": ghosts, "hand_free_frames": free, "per_minute": _rate(ghosts, free / 30 / 60)},
        "tip_mm": {"p50": resampled(tips, _quantile(50), seed), "p95": resampled(tips, _quantile(95), seed)},
    }


def found_again(times_s: Sequence[float]) -> dict[str, Any]:
    """times_s: inf where a hand was not found."""
    hits = [t for t in times_s if t <= WITHIN_S]
    share = _share([[len(hits), len(times_s)]])
    return {"within_1_s": share, "median_s": float(np.median(times_s)) if len(times_s) else None}


def time_ratio(ours: Sequence[Score], theirs: Sequence[Score], seed: int) -> dict[str, Any]:
    """Mean time of a frame, ours over MediaPipe's, clips resampled."""
    pairs = [np.array([[one.seconds, other.seconds]]) for one, other in zip(ours, theirs, strict=True)]
    return resampled(pairs, lambda rows: float(rows[:, 0].sum() / rows[:, 1].sum()), seed)


def resampled(parts: Sequence[Float], figure: Callable[[Float], float], seed: int) -> dict[str, Any]:
    """A figure of all parts together and its bootstrap interval over the parts; None without any."""
    if not parts:
        return {"value": None, "interval": None}
    rng = np.random.default_rng(seed)
    drawn = [figure(np.concatenate([parts[k] for k in rng.integers(0, len(parts), len(parts))])) for _ in range(_RESAMPLES)]
    return {"value": figure(np.concatenate(list(parts))), "interval": np.percentile(drawn, [2.5, 97.5]).tolist()}


def _quantile(percent: float) -> Callable[[Float], float]:
    return lambda values: float(np.percentile(values, percent))


def _share(pairs: Sequence[Sequence[int]]) -> dict[str, Any]:
    hits, trials = (sum(pair[k] for pair in pairs) for k in (0, 1))
    return {"share": hits / trials if trials else None, "hits": hits, "of": trials, "interval": list(wilson(hits, trials))}


def _rate(count: int, minutes: float) -> dict[str, Any]:
    return {"count": count, "rate": count / minutes if minutes else None, "interval": list(poisson(count, minutes))}


def plain(told: Any) -> Any:
    """For JSON: rounded, and null for what could not be had."""
    if isinstance(told, dict):
        return {name: plain(value) for name, value in told.items()}
    if isinstance(told, list):
        return [plain(value) for value in told]
    if isinstance(told, float):
        return round(told, 4) if np.isfinite(told) else None
    return told


def text_of(told: dict[str, Any]) -> str:
    """The figures as a Markdown table, MediaPipe's beside ours."""
    lines = ["| | MediaPipe alone | facetrack |", "|---|---|---|"]
    for group, by_tracker in told["groups"].items():
        for name, wording in _ROWS:
            cells = [_cell(by_tracker[tracker], name) for tracker in ("mediapipe", "ours")]
            if any(cell != "-" for cell in cells):
                lines.append(f"| {group}: {wording} | {cells[0]} | {cells[1]} |")
    for name, by_tracker in told["losses"].items():
        cells = [_share_cell(by_tracker[tracker]["within_1_s"]) for tracker in ("mediapipe", "ours")]
        lines.append(f"| found within 1 s, {name} | {cells[0]} | {cells[1]} |")
    zone = told["zone_mm"]
    lines.append(f"| zones under hands move, mm (p95) | {_value_cell(zone['mediapipe'])} | {_value_cell(zone['ours'])} |")
    lines.append(f"| mean time of a frame | 1 | {_value_cell(told['time_ratio'])} |")
    return "\n".join(lines)


_ROWS: Final = (
    ("recall", "visible hands seen"),
    ("recall_arrived", "the same from 0.2 s after arrival"),
    ("right_side", "right side"),
    ("swaps_per_minute", "swaps a minute"),
    ("ghosts", "ghosts of 3 frames or longer"),
    ("tip_mm", "fingertip error, mm (median; p95)"),
)


def _cell(figures: dict[str, Any], name: str) -> str:
    value = figures[name]
    if name == "tip_mm":
        return f"{_value_cell(value['p50'])}; {_value_cell(value['p95'])}" if value["p50"]["value"] is not None else "-"
    if name == "ghosts":
        return f"{value['runs']} in {value['hand_free_frames']} frames" if value["hand_free_frames"] else "-"
    if name == "swaps_per_minute":
        return "-" if not value["rate"] and value["rate"] != 0 else f"{value['rate']:.1f} ({_range(value['interval'], 1)})"
    return _share_cell(value)


def _share_cell(value: dict[str, Any]) -> str:
    if value["share"] is None:
        return "-"
    return f"{value['share']:.3f} ({_range(value['interval'], 2)}; {value['hits']} of {value['of']})"


def _value_cell(value: dict[str, Any]) -> str:
    return "-" if value["value"] is None else f"{value['value']:.2f} ({_range(value['interval'], 2)})"


def _range(interval: list[float], digits: int) -> str:
    return f"{interval[0]:.{digits}f} to {interval[1]:.{digits}f}"
