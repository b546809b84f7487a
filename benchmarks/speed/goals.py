"""The figures against what they should be, as a table."""

from collections.abc import Callable
from typing import Final

from benchmarks.goal import Goal, Told


def _part(name: str) -> Callable[[Told], float]:
    return lambda told: float(told["live"]["ratio_to_inference"][name]["median"])


def _percent(name: str, value: Callable[[Told], float], most: float) -> Goal:
    return Goal(name, value, " %", most=most, scale=100.0)


GOALS: Final = (
    _percent("geometry and judgement beside serial inference, p50", lambda told: told["live"]["coach_step_ratio"]["p50"], 2),
    _percent("the same, p99", lambda told: told["live"]["coach_step_ratio"]["p99"], 4),
    _percent("reading the landmarks beside inference, p50", _part("reading"), 1),
    _percent("reading, geometry, judgement and journal together, p50", _part("all_but_overlay"), 5),
    Goal(
        "the public way of reading over ours, right after inference",
        lambda told: told["live"]["public_reading_over_reading"],
        "x",
        least=15,
    ),
    Goal("the same, both done again and again", lambda told: told["live"]["public_reading_over_reading_warm"], "x", least=15),
    Goal(
        "faster than plain Python with the same labels, a frame", lambda told: told["textbook"]["times_faster"], "x", least=10
    ),
    Goal("a frame with 60 zones over one with 10", lambda told: told["zones"]["ratio"], "x", most=1.3),
    Goal(
        "batch from face points on, fingertip-frames a second",
        lambda told: told["batch"]["fingertip_frames_per_s"],
        " million",
        least=10,
        scale=1e-6,
    ),
    Goal("the same over plain Python", lambda told: told["batch"]["times_faster_than_textbook"], "x", least=100),
    Goal(
        "largest difference between batch and live (mm, mm/s)",
        lambda told: told["batch"]["largest_difference_to_live"],
        "",
        most=1e-6,
    ),
    Goal(
        "all of the geometry over real time at 30 fps",
        lambda told: told["batch"]["geometry_frame_by_frame_times_real_time"],
        "x",
        least=1000,
    ),
)


def markdown_of(told: Told) -> str:
    """told: all figures of a run."""
    live, machine = told["live"], told["live"]["machine"]
    lines = [
        f"Made on {machine['cores']} cores, {machine['cpu']}, Python {machine['python']}, {machine['system']}; "
        f"{live['frames']} frames of {live['size_wh'][0]} x {live['size_wh'][1]}, "
        f"inference {live['inference_ms']['median']:.1f} ms a frame.",
        "",
        "| figure | goal | here | |",
        "|---|---|---|---|",
        *(goal.row(told) for goal in GOALS),
    ]
    lines += ["", "| part of the live line | p50 of inference | p99 |", "|---|---|---|"]
    for name, ratio in live["ratio_to_inference"].items():
        if ratio is not None:
            lines.append(f"| {name.replace('_', ' ')} | {100 * ratio['median']:.1f} % | {100 * ratio['p99']:.1f} % |")
    return "\n".join(lines) + "\n"
