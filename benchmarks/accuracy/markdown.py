"""The main figures of a run as tables for a web page."""

import math
from collections.abc import Sequence
from typing import Any, Final

from facetrack.routine.kinds import KINDS

_LEVELS: Final = {"truth": "exact landmarks with errors like the tracker's", "pixels": "rendered pixels through the tracker"}


def markdown_of(told: dict[str, Any]) -> str:
    """told: a run's summary with its level, seed and machine."""
    machine = told["machine"]
    head = (
        f"# Accuracy: {told['run']}\n\n"
        f"{told['cases']} cases, {_LEVELS[told['level']]}. Intervals are 95 %: Wilson's for shares, Garwood's for rates. "
        f"Made on {machine['cores']} cores, {machine['cpu']}, Python {machine['python']}, {machine['system']}."
    )
    parts = [head, _false(told), _kinds(told), _figures(told), _variants(told)]
    parts += [_rows("Step", told["by_step"]), _rows("Condition", told["by_condition"])]
    return "\n\n".join(parts) + "\n"


def _false(told: dict[str, Any]) -> str:
    rows = []
    for name in ("ours", "textbook"):
        rate = told[name]["false_per_minute"]
        kinds = ", ".join(f"{kind} {count}" for kind, count in rate["by_kind"].items() if count) or "none"
        rows.append([_who(name), _ranged(rate["rate"], rate["interval"]), str(rate["count"]), f"{rate['minutes']:.1f}", kinds])
    return _table(["On right performances", "false corrections a minute", "count", "minutes", "of which"], rows)


def _kinds(told: dict[str, Any]) -> str:
    rows = []
    for kind in KINDS:
        ours, textbook = (told[name]["kinds"][kind] for name in ("ours", "textbook"))
        row = [
            kind,
            _share(ours["recall"]),
            _share(textbook["recall"]),
            _share(ours["precision"]),
            _share(textbook["precision"]),
        ]
        rows.append([*row, *(f"{ours[delay]['p50']:.2f} / {ours[delay]['p90']:.2f}" for delay in ("raised_s", "withdrawn_s"))])
    titles = [
        "Kind",
        "recall",
        "textbook's",
        "precision",
        "textbook's",
        "raised after, s p50 / p90",
        "withdrawn after, s p50 / p90",
    ]
    return _table(titles, rows)


def _figures(told: dict[str, Any]) -> str:
    figures, face, withheld = told["figures"], told["face_frame"], told["withheld"]
    rows = [
        ["withheld share of a step", f"{_percent(withheld['share'])}; ordinary conditions {_percent(withheld['ordinary'])}"],
        ["repetitions exact, steps", _share(figures["repetitions_exact_steps"])],
        ["repetitions exact, sides", _share(figures["repetitions_exact_sides"])],
        ["median pace within 10 %, sides", _share(figures["pace_error"]["within"])],
        ["time on the zone within 6 %, sides", _share(figures["zone_time_error"]["within"])],
        ["working point in the face frame, mm p50 / p95", _errors(face["fingertip_mm"])],
    ]
    rows += [[f"the same, yaw {yaw} degrees", _errors(error)] for yaw, error in face["fingertip_mm_by_yaw"].items()]
    rows += [
        ["zones on jaw and cheeks with a hand over them move, mm p50 / p95", _errors(face["zones_under_hand_mm"])],
        ["the raw mesh there moves, mm p50 / p95", _errors(face["raw_mesh_under_hand_mm"])],
    ]
    return _table(["Figure", "value"], rows)


def _variants(told: dict[str, Any]) -> str:
    return _table(["Mistake", "recall"], [[name, _share(share)] for name, share in told["by_variant"].items()])


def _rows(title: str, rows: dict[str, Any]) -> str:
    table = []
    for name, row in rows.items():
        kinds = ", ".join(
            f"{kind} {share['part']}/{share['of']}" for kind, share in row["recall_by_kind"].items() if share["of"]
        )
        false, tip = row["false_per_minute"], row["fingertip_mm"]
        rate = "-" if math.isnan(false["rate"]) else f"{false['rate']:.2f} ({false['count']} in {false['minutes']:.1f} min)"
        table.append([name, str(row["cases"]), rate, kinds or "-", _percent(row["withheld"]), _errors(tip)])
    return _table([title, "cases", "false a minute", "mistakes told", "withheld", "working point, mm p50 / p95"], table)


def _who(name: str) -> str:
    return "facetrack" if name == "ours" else "textbook baseline"


def _share(share: dict[str, Any]) -> str:
    return f"{_ranged(share['share'], share['interval'])} of {share['of']}" if share["of"] else "-"


def _ranged(value: float, interval: Sequence[float]) -> str:
    low, high = interval
    return "-" if math.isnan(value) else f"{value:.2f} [{low:.2f}, {high:.2f}]"


def _errors(error: dict[str, float]) -> str:
    return f"{error['p50']:.1f} / {error['p95']:.1f}" if error["n"] else "-"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f} %"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
