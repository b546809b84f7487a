"""All lessons' figures brought down to shares and rates, with their intervals, and written as text."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from benchmarks.accuracy.intervals import poisson, wilson
from facetrack.routine.kinds import KINDS

_PATH_MM, _WAY_DEG, _ZONE_SHARE, _ZONE_AREA, _LINES = 8.0, 20.0, 0.95, 2.0, 25
GOALS: Final = (
    ("motion", "motions right, in order", lambda learnt: learnt["motions"] == learnt["true_motions"]),
    ("hands", "hands right", lambda learnt: learnt["hands"] == learnt["true_hands"]),
    ("path", "path within 8 mm and 20 degrees", lambda learnt: _path_right(learnt)),
    ("area", "zone at most twice the shown step's", lambda learnt: learnt["zone_area"] <= _ZONE_AREA),
    ("pace", "pace range holds the truth", lambda learnt: learnt["pace_held"]),
    ("lines", "at most 25 lines", lambda learnt: learnt["lines"] <= _LINES),
)


def summarise(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Shares of what was learnt, and how the learnt routines judge others; intervals of 95 %."""
    taught = [one["learnt"] for one in told if "learnt" in one]
    pupils = [pupil for one in told for pupil in one.get("pupils", ())]
    right = [pupil for pupil in pupils if pupil["what"] == "right"]
    held = [bool(pupil["tolerated_share"] >= _ZONE_SHARE) for pupil in right]
    shares = {key: _share([bool(goal(learnt)) for learnt in taught], len(told)) for key, _, goal in GOALS}
    return {
        "lessons": len(told),
        "learnt": {**shares, "zone": _share(held, len(right))},
        "zone_strict": float(np.mean([pupil["zone_share"] for pupil in right])) if right else np.nan,
        "alike": _share([_alike(pupil) for pupil in pupils], len(pupils)),
        "by_learnt": _judged(pupils, ""),
        "by_own": _judged(pupils, "_by_own"),
    }


def _path_right(learnt: dict[str, Any]) -> bool:
    nothing_moves = set(learnt["true_motions"]) == {"hold"}
    return nothing_moves or bool(learnt["path_mm"] <= _PATH_MM and learnt["way_deg"] <= _WAY_DEG)


def _alike(pupil: dict[str, Any]) -> bool:
    """Whether both files tell the same kinds on the same sides, whenever they do."""
    told = [sorted(one.rsplit(" ", 1)[0] for one in pupil[f"false{by}"]) + sorted(pupil[f"told{by}"]) for by in ("", "_by_own")]
    return told[0] == told[1]


def _share(right: Sequence[bool], of: int) -> dict[str, Any]:
    return {"right": sum(right), "of": of, "interval": wilson(sum(right), of)}


def _judged(pupils: Sequence[dict[str, Any]], by: str) -> dict[str, Any]:
    """False corrections a minute of right performances, and mistakes that were told, by kind."""
    right = [pupil for pupil in pupils if pupil["what"] == "right" and not pupil["slow_and_low"]]
    minutes, false = sum(pupil["minutes"] for pupil in right), [one for pupil in right for one in pupil[f"false{by}"]]
    rate = {
        "rate": len(false) / minutes if minutes else np.nan,
        "interval": poisson(len(false), minutes),
        "count": len(false),
        "minutes": minutes,
        "by_kind": {kind: sum(one.startswith(kind) for one in false) for kind in KINDS},
    }
    told = {}
    for kind in KINDS:
        due, found = (sum(list(pupil[name]).count(kind) for pupil in pupils) for name in ("due", f"told{by}"))
        told[kind] = {"told": found, "due": due, "interval": wilson(found, due)}
    return {"false_per_minute": rate, "kinds": told}


def line_of(one: dict[str, Any]) -> str:
    """One lesson in a line."""
    if "problem" in one:
        return f"{one['step']}: {one['problem']}"
    learnt = one["learnt"]
    wrong = [name for _, name, goal in GOALS if not goal(learnt)]
    details = (
        f"{one['step']}: {'+'.join(learnt['motions'])}, {learnt['hands']} ({learnt['true_hands']}), "
        f"{learnt['path_mm']:.1f} mm, {learnt['way_deg']:.0f} deg, area x{learnt['zone_area']:.1f}, {learnt['lines']} lines"
    )
    judged = "; ".join(_pupil_line(pupil) for pupil in one["pupils"])
    return "\n    ".join([details, *([f"NOT: {', '.join(wrong)}"] if wrong else []), judged])


def _pupil_line(pupil: dict[str, Any]) -> str:
    missed, own = list(pupil["due"]), list(pupil["due"])
    for left, told in ((missed, pupil["told"]), (own, pupil["told_by_own"])):
        for kind in told:
            left.remove(kind)
    zone = f" zone {pupil['zone_share']:.2f}/{pupil['tolerated_share']:.2f}" if pupil["what"] == "right" else ""
    parts = [f"missed {' '.join(missed)}" if missed else "", f"false {', '.join(pupil['false'])}" if pupil["false"] else ""]
    parts += [
        f"own missed {' '.join(own)}" if own else "",
        f"own false {', '.join(pupil['false_by_own'])}" if pupil["false_by_own"] else "",
    ]
    return pupil["what"] + zone + "".join(f" [{part}]" for part in parts if part)


def text_of(summary: dict[str, Any]) -> str:
    """The figures as a table."""
    names = {key: name for key, name, _ in GOALS} | {"zone": "zone holds 95 % of another's right performance"}
    lines = [f"{summary['lessons']} lessons"]
    lines += [f"{names[key]:48s}{one['right']:4d} of {one['of']}" for key, one in summary["learnt"].items()]
    alike = summary["alike"]
    lines.append(f"{'clips judged alike by both files':48s}{alike['right']:4d} of {alike['of']}")
    lines.append(f"{'':48s}{'by learnt':>20s}{'by its own file':>20s}")
    judged = [summary[name] for name in ("by_learnt", "by_own")]
    rates = [one["false_per_minute"] for one in judged]
    lines.append(f"{'false corrections a minute':48s}" + "".join(f"{one['rate']:14.2f} ({one['count']:3d})" for one in rates))
    for kind in KINDS:
        told = [one["kinds"][kind] for one in judged]
        lines.append(f"{kind + ' told':48s}" + "".join(f"{one['told']:13d} of {one['due']:3d}" for one in told))
    return "\n".join(lines)
