"""The figures against what they should be, as a table."""

from collections.abc import Callable
from typing import Any, Final


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


ROWS: Final[tuple[tuple[str, str, Callable[[dict[str, Any]], float], Callable[[float], bool], Callable[[float], str]], ...]] = (
    (
        "geometry and judgement beside serial inference, p50",
        "<= 2 %",
        lambda told: told["live"]["coach_step_ratio"]["p50"],
        lambda value: value <= 0.02,
        _percent,
    ),
    (
        "the same, p99",
        "<= 4 %",
        lambda told: told["live"]["coach_step_ratio"]["p99"],
        lambda value: value <= 0.04,
        _percent,
    ),
    (
        "reading the landmarks beside inference, p50",
        "<= 1 %",
        lambda told: told["live"]["ratio_to_inference"]["reading"]["median"],
        lambda value: value <= 0.01,
        _percent,
    ),
    (
        "reading, geometry, judgement and journal together, p50",
        "<= 5 %",
        lambda told: told["live"]["ratio_to_inference"]["all_but_overlay"]["median"],
        lambda value: value <= 0.05,
        _percent,
    ),
    (
        "the public way of reading over ours, right after inference",
        ">= 15x",
        lambda told: told["live"]["public_reading_over_reading"],
        lambda value: value >= 15,
        lambda value: f"{value:.1f}x",
    ),
    (
        "the same, both done again and again",
        ">= 15x",
        lambda told: told["live"]["public_reading_over_reading_warm"],
        lambda value: value >= 15,
        lambda value: f"{value:.1f}x",
    ),
    (
        "faster than plain Python with the same labels, a frame",
        ">= 10x",
        lambda told: told["textbook"]["times_faster"],
        lambda value: value >= 10,
        lambda value: f"{value:.1f}x",
    ),
    (
        "a frame with 60 zones over one with 10",
        "<= 1.3x",
        lambda told: told["zones"]["ratio"],
        lambda value: value <= 1.3,
        lambda value: f"{value:.2f}x",
    ),
    (
        "batch from face points on, fingertip-frames a second",
        ">= 10 million",
        lambda told: told["batch"]["fingertip_frames_per_s"],
        lambda value: value >= 1e7,
        lambda value: f"{value / 1e6:.1f} million",
    ),
    (
        "the same over plain Python",
        ">= 100x",
        lambda told: told["batch"]["times_faster_than_textbook"],
        lambda value: value >= 100,
        lambda value: f"{value:.0f}x",
    ),
    (
        "largest difference between batch and live (mm, mm/s)",
        "<= 1e-6",
        lambda told: told["batch"]["largest_difference_to_live"],
        lambda value: value <= 1e-6,
        lambda value: f"{value:.0e}",
    ),
    (
        "all of the geometry over real time at 30 fps",
        ">= 1,000x",
        lambda told: told["batch"]["geometry_frame_by_frame_times_real_time"],
        lambda value: value >= 1000,
        lambda value: f"{value:.0f}x",
    ),
)
"""Figure, goal, where it stands, whether it is met, how it is written."""


def markdown_of(told: dict[str, Any]) -> str:
    """told: all figures of a run."""
    live, machine = told["live"], told["live"]["machine"]
    lines = [
        f"Made on {machine['cores']} cores, {machine['cpu']}, Python {machine['python']}, {machine['system']}; "
        f"{live['frames']} frames of {live['size_wh'][0]} x {live['size_wh'][1]}, "
        f"inference {live['inference_ms']['median']:.1f} ms a frame.",
        "",
        "| figure | goal | here | |",
        "|---|---|---|---|",
    ]
    for name, goal, of, is_met, written in ROWS:
        value = of(told)
        lines.append(f"| {name} | {goal} | {written(value)} | {'met' if is_met(value) else 'not met'} |")
    lines += ["", "| part of the live line | p50 of inference | p99 |", "|---|---|---|"]
    for name, ratio in live["ratio_to_inference"].items():
        if ratio is not None:
            lines.append(f"| {name.replace('_', ' ')} | {_percent(ratio['median'])} | {_percent(ratio['p99'])} |")
    return "\n".join(lines) + "\n"
