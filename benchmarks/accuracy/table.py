"""The figures as text for people, and as JSON."""

import math
from collections.abc import Sequence
from typing import Any

from benchmarks.accuracy.scoring import Scored
from facetrack.routine.kinds import KINDS


def text_of(summary: dict[str, Any]) -> str:
    """The whole table."""
    parts = [_heads(summary), _kinds(summary), _figures(summary), _steps(summary), _conditions(summary), _variants(summary)]
    return "\n\n".join(parts)


def _heads(summary: dict[str, Any]) -> str:
    lines = []
    for name in ("ours", "textbook"):
        rate = summary[name]["false_per_minute"]
        low, high = rate["interval"]
        kinds = ", ".join(f"{kind} {count}" for kind, count in rate["by_kind"].items() if count)
        lines.append(
            f"false corrections a minute, {name:8s} {rate['rate']:6.2f} [{low:.2f}-{high:.2f}]  "
            f"({rate['count']} in {rate['minutes']:.1f} min of right performance{': ' + kinds if kinds else ''})"
        )
    withheld = summary["withheld"]
    reasons = ", ".join(f"{k} {v:.0f} s" for k, v in sorted(withheld["seconds_by_reason"].items(), key=lambda i: -i[1]))
    lines.append(
        f"withheld {_percent(withheld['share'])}, in ordinary conditions {_percent(withheld['ordinary'])}  ({reasons})"
    )
    low = summary["slow_and_low"]
    lines.append(
        f"slow and low returns: false a minute {low['false_per_minute']['rate']:.2f} ({low['false_per_minute']['count']} in "
        f"{low['false_per_minute']['minutes']:.1f} min), withheld {_percent(low['withheld'])}; mistakes that go on told once "
        f"{_share(summary['told_once'])}, at most {summary['told_once']['most']} times"
    )
    return "\n".join(lines)


def _kinds(summary: dict[str, Any]) -> str:
    lines = [
        f"{'':19s} {'recall':24s} {'of due':7s}{'precision':24s} {'in time':8s}{'raised s':>14s} {'withdrawn s':>14s}  p50/p90"
    ]
    for name in ("ours", "textbook"):
        for kind in KINDS:
            row = summary[name]["kinds"][kind]
            times = "  ".join(f"{row[k]['p50']:6.2f}/{row[k]['p90']:5.2f}" for k in ("raised_s", "withdrawn_s"))
            lines.append(
                f"{name:9s}{kind:10s} {_share(row['recall'])} {_percent(row['recall_of_due']['share']):7s}"
                f"{_share(row['precision'])} {_percent(row['in_time']['share']):8s}{times}"
            )
    return "\n".join(lines)


def _figures(summary: dict[str, Any]) -> str:
    f, face = summary["figures"], summary["face_frame"]
    tip = face["fingertip_mm"]
    yaw = ", ".join(f"yaw {k}: {v['p50']:.1f}/{v['p95']:.1f}" for k, v in face["fingertip_mm_by_yaw"].items())
    zones, raw = face["zones_under_hand_mm"], face["raw_mesh_under_hand_mm"]
    pace, zone = f["pace_error"], f["zone_time_error"]
    moved = "; the raw mesh ".join(f"{v['p50']:.1f}/{v['p95']:.1f}" for v in (zones, raw))
    return "\n".join(
        [
            f"repetitions exact in   {_share(f['repetitions_exact_steps'])} of right performances",
            f"median pace error      {pace['median']:+.3f}, within 10 %: {_share(pace['within'])} of sides",
            f"zone time error        {zone['median']:+.3f}, within 6 %:  {_share(zone['within'])} of sides",
            f"fingertip in the face frame, mm p50/p95: {tip['p50']:.1f}/{tip['p95']:.1f}  ({yaw})",
            f"zones under a hand move, mm p50/p95: {moved}",
        ]
    )


def _steps(summary: dict[str, Any]) -> str:
    return _rows("step", summary["by_step"])


def _conditions(summary: dict[str, Any]) -> str:
    return _rows("condition", summary["by_condition"])


def _rows(title: str, rows: dict[str, Any]) -> str:
    kinds = f"recall ({'/'.join(k[0] for k in KINDS)})"
    lines = [f"{title:24s} cases false/min  {kinds:40s} precision  withheld  reps exact  tip p95"]
    for name, row in rows.items():
        parts = "/".join(f"{v['part']}:{v['of']}" for v in row["recall_by_kind"].values())
        recall, precision, exact = (_percent(row[k]["share"]) for k in ("recall", "precision", "repetitions_exact"))
        rate, tip = row["false_per_minute"]["rate"], row["fingertip_mm"]["p95"]
        lines.append(
            f"{name:24s} {row['cases']:5d} {rate:9.2f}  {recall:>6s} ({parts:30s})  {precision:>9s}"
            f"  {_percent(row['withheld']):>8s}  {exact:>10s}  {tip:7.1f}"
        )
    return "\n".join(lines)


def _variants(summary: dict[str, Any]) -> str:
    rows = [
        f"{name:24s} {_share(row)} of {row['due']} due  in time {_percent(row['in_time']['share'])}  "
        f"{row['raised_s']['p50']:.2f}/{row['raised_s']['p90']:.2f} s"
        for name, row in summary["by_variant"].items()
    ]
    return "\n".join(["recall by variant", *rows])


def _share(share: dict[str, Any]) -> str:
    low, high = share["interval"]
    if not share["of"]:
        return f"{'none':24s}"
    return f"{share['share']:.3f} [{low:.2f}-{high:.2f}] {'of ' + str(share['of']):7s}"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f}%"


def failures_of(scored: Sequence[Scored]) -> list[str]:
    """A line for each case that went wrong: id, condition, and what happened."""
    lines = []
    for s in scored:
        said = [f"missed {h.unit.kind}.{h.unit.variant} {h.unit.side}" for h in s.matches.hits if not h.found]
        said += [f"false {e.kind} {e.side} {e.t_start_s:.1f}-{e.t_end_s:.1f}" for e in s.matches.false]
        said += [f"late {h.unit.kind} {h.unit.side} +{h.raised_s:.1f}" for h in s.matches.hits if h.raised_s > 1.5]
        said += [f"stuck {h.unit.kind} {h.unit.side} +{h.withdrawn_s:.1f}" for h in s.matches.hits if h.withdrawn_s > 1.5]
        if s.right:
            said += [f"repetitions {told} for {true}" for told, true in s.figures.repetitions if told != true]
        if said:
            lines.append(f"{s.case_id:45s} {s.theme:13s} {'; '.join(said)}")
    return lines


def jsonable(value: Any) -> Any:
    """NaN and infinities become null, tuples lists."""
    if isinstance(value, dict):
        return {str(k): jsonable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [jsonable(v) for v in value]
    if isinstance(value, float):
        return None if not math.isfinite(value) else round(value, 5)
    return value
