"""The figures against what they should be, as a table."""

from collections.abc import Callable
from typing import Final

from benchmarks.target import Figures, Target


def _part(name: str) -> Callable[[Figures], float]:
    return lambda figures: float(figures["live"]["ratio_to_inference"][name]["median"])


def _percent(name: str, value: Callable[[Figures], float], most: float) -> Target:
    return Target(name, value, " %", most=most, scale=100.0)


GOALS: Final = (
    _percent(
        "geometry and judgement beside serial inference, p50", lambda figures: figures["live"]["coach_step_ratio"]["p50"], 2
    ),
    _percent("the same, p99", lambda figures: figures["live"]["coach_step_ratio"]["p99"], 4),
    _percent("reading the landmarks beside inference, p50", _part("reading"), 1),
    _percent("reading, geometry, judgement and journal together, p50", _part("all_but_overlay"), 5),
    Target(
        "the public way of reading over ours, right after inference",
        lambda figures: figures["live"]["public_reading_over_reading"],
        "x",
        least=15,
    ),
    Target(
        "the same, both done again and again",
        lambda figures: figures["live"]["public_reading_over_reading_warm"],
        "x",
        least=15,
    ),
    Target(
        "faster than plain Python with the same labels, a frame",
        lambda figures: figures["textbook"]["times_faster"],
        "x",
        least=10,
    ),
    Target("a frame with 60 zones over one with 10", lambda figures: figures["zones"]["ratio"], "x", most=1.3),
    Target(
        "batch from face points on, fingertip-frames a second",
        lambda figures: figures["batch"]["fingertip_frames_per_s"],
        " million",
        least=10,
        scale=1e-6,
    ),
    Target("the same over plain Python", lambda figures: figures["batch"]["times_faster_than_textbook"], "x", least=100),
    Target(
        "largest difference between batch and live (mm, mm/s)",
        lambda figures: figures["batch"]["largest_difference_to_live"],
        "",
        most=1e-6,
    ),
    Target(
        "all of the geometry over real time at 30 fps",
        lambda figures: figures["batch"]["geometry_frame_by_frame_times_real_time"],
        "x",
        least=1000,
    ),
)


def markdown_of(figures: Figures) -> str:
    """told: all figures of a run."""
    live, machine = figures["live"], figures["live"]["machine"]
    lines = [
        f"Made on {machine['cores']} cores, {machine['cpu']}, Python {machine['python']}, {machine['system']}; "
        f"{live['frames']} frames of {live['size_wh'][0]} x {live['size_wh'][1]}, "
        f"inference {live['inference_ms']['median']:.1f} ms a frame.",
        "",
        "| figure | goal | here | |",
        "|---|---|---|---|",
        *(goal.row(figures) for goal in GOALS),
    ]
    lines += ["", "| part of the live pipeline | p50 of inference | p99 |", "|---|---|---|"]
    for name, ratio in live["ratio_to_inference"].items():
        if ratio is not None:
            lines.append(f"| {name.replace('_', ' ')} | {100 * ratio['median']:.1f} % | {100 * ratio['p99']:.1f} % |")
    return "\n".join(lines) + "\n"
