"""The figures against what they should be, as a table."""

from collections.abc import Callable
from typing import Final

from benchmarks.goal import Goal, Told


def _times(above: str, below: str, what: str) -> Callable[[Told], float]:
    def ratio(told: Told) -> float:
        loops = told["saturated"]
        return float(loops[above][what] / loops[below][what])

    return ratio


def _aged(load: str) -> Callable[[Told], float]:
    return lambda told: float(told[load]["age_ms"] / told[load]["period_ms"])


GOALS: Final = (
    Goal("throughput of the live line over serial inference alone", _times("serial", "line", "period_ms"), "x", least=1.05),
    Goal("the same over the textbook's loop", _times("textbook", "line", "period_ms"), "x", least=1.4),
    Goal("median latency over that of serial inference alone", _times("line", "serial", "age_ms"), "x", most=0.95),
    Goal("at 30 fps from capture to drawn, p95", lambda told: told["at_30_fps"]["age_p95_ms"], " ms", most=16.7),
    Goal("cores kept busy at 30 fps", lambda told: told["at_30_fps"]["cores"], "", most=0.7),
    Goal("median age over what a frame takes, tracking slowed to two frame periods", _aged("slow_tracking"), "x", most=1.6),
    Goal("the same, drawing slowed to two frame periods", _aged("slow_drawing"), "x", most=1.6),
    Goal("two workers over one", lambda told: told["workers"]["two_over_one"], "x", least=1.65),
    Goal("first frame to drawn with a tracked face", lambda told: told["start"]["first_frame_to_drawn_s"], " s", most=2.5),
    Goal("calibration to coached", lambda told: told["start"]["calibration_to_coached_s"], " s", most=0.5),
)


def markdown_of(told: Told) -> str:
    """told: all figures of a run."""
    machine, loops = told["machine"], told["saturated"]
    lines = [
        f"Made on {machine['cores']} cores, {machine['cpu']}, Python {machine['python']}, {machine['system']}; "
        f"frames of 640 x 480, serial inference {loops['serial']['period_ms']:.1f} ms a frame.",
        "",
        "| figure | goal | here | |",
        "|---|---|---|---|",
        *(goal.row(told) for goal in GOALS),
        "",
        "| loop, a frame always there | ms a frame | median latency, ms | p95 | cores |",
        "|---|---|---|---|---|",
    ]
    for name, one in loops.items():
        cells = (f"{one[what]:.1f}" for what in ("period_ms", "age_ms", "age_p95_ms"))
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} | {one['cores']:.2f} |")
    queue = told["textbook_slow"]
    lines += ["", f"A queue under the same load: median age {queue['age_ms']:.0f} ms, and rising for as long as it lasts."]
    return "\n".join(lines) + "\n"


NAMES: Final = {
    "serial": "serial inference alone",
    "textbook": "textbook",
    "line": "the live line",
    "line_one_thread": "the live line in one thread",
}
