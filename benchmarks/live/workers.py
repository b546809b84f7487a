"""Two workers beside one, through the real command line: the same recordings, starting and saving included."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from facetrack.bench.footage import FPS, ROUTINE, STEP
from facetrack.mannequin import Style, perform, render_clip
from facetrack.routine import load_routine

RECORDINGS: Final = 2
SECONDS: Final = 20.0
"""Of each: of a session's many minutes the start would be a smaller part."""


def recordings() -> list[Path]:
    """Rendered once."""
    step = load_routine(ROUTINE).step(STEP)
    clips = []
    for seed in range(RECORDINGS):
        performance = perform(step, (), Style(order="together", seed=seed), 2.2, seconds=SECONDS)
        clips.append(render_clip(performance, fps=FPS, codec="MJPG"))
    return clips


def analysed_s(clips: list[Path], workers: int) -> float:
    """Wall seconds of analysing them all."""
    with tempfile.TemporaryDirectory(prefix="facetrack-bench-") as folder:
        options = ["--routine", ROUTINE, "--step", STEP, "--workers", str(workers), "--out", folder]
        began_s = time.perf_counter()
        command = [sys.executable, "-m", "facetrack", "analyze", *map(str, clips), *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - began_s


def workers_figures() -> dict[str, float]:
    clips = recordings()
    one_s, two_s = analysed_s(clips, 1), analysed_s(clips, 2)
    alone_s = analysed_s(clips[:1], 1)
    return {
        "recordings": RECORDINGS,
        "seconds_each": SECONDS,
        "one_worker_s": one_s,
        "two_workers_s": two_s,
        "two_over_one": one_s / two_s,
        "one_recording_alone_s": alone_s,
        "alone_times_real_time": SECONDS / alone_s,
    }
