"""facetrack bench: how fast this computer is, and whether that is enough for live coaching."""

import json
from typing import Annotated, Any, Final

import typer

FPS: Final = 30.0
SPARE_WANTED: Final = 0.15
"""Share of the time between frames that the camera, the window and the rest of the system need."""
_PARTS: Final = {
    "reading": "reading the landmarks",
    "geometry": "geometry: pose, hands on the face",
    "coach": "coach: judging",
    "geometry_and_coach": "geometry and coach together",
    "overlay": "drawing",
    "session": "journal and figures",
    "all_but_overlay": "all of these but drawing",
}


def bench(
    frames: Annotated[int, typer.Option("--frames", min=1, metavar="N", help="Frames to measure.")] = 300,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Measure the speed of this computer, about half a minute.

    A drawn person is tracked and coached; no camera and no display are needed. Each part of the work is reported as a share of
    what finding the face and the hands takes on the same frames. Close other programs first.
    """
    from facetrack.bench.figures import figures
    from facetrack.bench.live import beside_serial
    from facetrack.bench.pipeline_times import time_pipeline
    from facetrack.cli.progress import ProgressBar, fetch_missing_models

    fetch_missing_models()
    with ProgressBar("Measuring") as bar:
        times = time_pipeline(frames, bar.reached)
        measured = figures(times)
    with ProgressBar("Measuring a live session") as bar:
        bar.reached(0)
        measured["live"] = beside_serial(times.footage, frames)
    if json_out:
        typer.echo(json.dumps(measured, allow_nan=False))
    else:
        _print(measured)


def _print(measured: dict[str, Any]) -> None:
    from facetrack.cli.summary import table

    inference = measured["inference_ms"]
    width, height = measured["size_wh"]
    typer.echo(f"Finding face and hands: {inference['median']:.1f} ms a frame of {width} x {height}. Relative to that:")
    rows = [("part", "median", "99 % of frames below")]
    for name, words in _PARTS.items():
        ratio = measured["ratio_to_inference"][name]
        cells = ("-", "-") if ratio is None else (_percent(ratio["median"]), _percent(ratio["p99"]))
        rows.append((words, *cells))
    typer.echo("\n".join(f"  {line}" for line in table(rows)))
    gain = measured["public_reading_over_reading"]
    if gain is None:
        typer.echo("Landmarks are read through MediaPipe's public API: this version's results can't be read directly.")
    else:
        typer.echo(f"Landmarks are read {gain:.0f} times as fast as through MediaPipe's public API.")
    typer.echo(f"One after the other, all of it does {measured['frames_per_s']:.0f} frames a second.")
    live = measured["live"]
    how = "with face and hands at the same time" if live["two_threads"] else "on one core"
    typer.echo(
        f"A live session, {how}, does {live['frames_per_s']:.0f}, and draws each {live['latency_ms']:.0f} ms after it came: "
        f"{live['throughput_over_serial_inference']:.2f} times as many as only finding face and hands in turn."
    )
    typer.echo(verdict(live["frames_per_s"], FPS / live["frames_per_s"]))


def verdict(frames_per_s: float, busy_share: float) -> str:
    """Say in one sentence what it means for live coaching."""
    spare = 1.0 - busy_share
    if spare >= SPARE_WANTED:
        return f"Live at 30 frames a second: yes, with {100 * spare:.0f} % of the time to spare."
    if spare >= 0.0:
        return f"Live at 30 frames a second: barely, with {100 * spare:.0f} % of the time to spare."
    return f"Live at 30 frames a second: no; about {frames_per_s:.0f} of them are judged, and the others are skipped."


def _percent(ratio: float) -> str:
    return f"{100 * ratio:.1f} %"
