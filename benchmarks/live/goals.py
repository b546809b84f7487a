"""The figures against what they should be, as a table."""

from collections.abc import Callable
from typing import Final

from benchmarks.target import Figures, Target


def _times(above: str, below: str, what: str) -> Callable[[Figures], float]:
    def ratio(figures: Figures) -> float:
        loops = figures["saturated"]
        return float(loops[above][what] / loops[below][what])

    return ratio


def _aged(load: str) -> Callable[[Figures], float]:
    return lambda figures: float(figures[load]["age_ms"] / figures[load]["period_ms"])


GOALS: Final = (
    Target(
        "throughput of the live pipeline over serial inference alone", _times("serial", "line", "period_ms"), "x", least=1.05
    ),
    Target("the same over the textbook's loop", _times("textbook", "line", "period_ms"), "x", least=1.4),
    Target("median latency over that of serial inference alone", _times("line", "serial", "age_ms"), "x", most=0.95),
    Target("at 30 fps from capture to drawn, p95", lambda figures: figures["at_30_fps"]["age_p95_ms"], " ms", most=16.7),
    Target("cores kept busy at 30 fps", lambda figures: figures["at_30_fps"]["cores"], "", most=0.7),
    Target("median age over what a frame takes, tracking slowed to two frame periods", _aged("slow_tracking"), "x", most=1.6),
    Target("the same, drawing slowed to two frame periods", _aged("slow_drawing"), "x", most=1.6),
    Target("two workers over one", lambda figures: figures["workers"]["two_over_one"], "x", least=1.65),
    Target(
        "first frame to drawn with a tracked face", lambda figures: figures["start"]["first_frame_to_drawn_s"], " s", most=2.5
    ),
    Target("calibration to coached", lambda figures: figures["start"]["calibration_to_coached_s"], " s", most=0.5),
)


def markdown_of(figures: Figures) -> str:
    """told: all figures of a run."""
    machine, loops = figures["machine"], figures["saturated"]
    lines = [
        f"Made on {machine['cores']} cores, {machine['cpu']}, Python {machine['python']}, {machine['system']}; "
        f"frames of 640 x 480, serial inference {loops['serial']['period_ms']:.1f} ms a frame.",
        "",
        "| figure | goal | here | |",
        "|---|---|---|---|",
        *(goal.row(figures) for goal in GOALS),
        "",
        "| loop, a frame always there | ms a frame | median latency, ms | p95 | cores |",
        "|---|---|---|---|---|",
    ]
    for name, one in loops.items():
        cells = (f"{one[what]:.1f}" for what in ("period_ms", "age_ms", "age_p95_ms"))
        lines.append(f"| {NAMES[name]} | {' | '.join(cells)} | {one['cores']:.2f} |")
    queue = figures["textbook_slow"]
    lines += ["", f"A queue under the same load: median age {queue['age_ms']:.0f} ms, and rising for as long as it lasts."]
    return "\n".join(lines) + "\n"


NAMES: Final = {
    "serial": "serial inference alone",
    "textbook": "textbook",
    "line": "the live pipeline",
    "line_one_thread": "the live pipeline in one thread",
}
