"""python -m benchmarks.pulse: how well the pulse is read, how even the beat is, and whether synchrony tells it from chance."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads only get into each other's way
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.pulse.beat import live_figures
from benchmarks.pulse.cases import disturbed, faceless, ordinary, still_pictures, without_pulse
from benchmarks.pulse.clips import PulseClip, by_truth, through_tracker
from benchmarks.pulse.in_time import figures, sessions, tracked_sessions
from benchmarks.pulse.noise import noise_figures
from benchmarks.pulse.readings import MeasuredPulse, measure_pulse, negative_figures, positive_figures

Figures = dict[str, Any]
BY_TRUTH: Final = "regions of rendered pictures, placed by the truth with a tracker's jitter"
BY_TRACKER: Final = "whole rendered pictures of 640x480 through MediaPipe"
SESSIONS_EACH: Final = 8
"""Of each step, on the beat and at will."""


def told(name: str, clips: list[PulseClip], look: Callable[..., Any] = by_truth) -> list[MeasuredPulse]:
    """All clips of a name, with the progress on stderr."""
    begun_s = time.monotonic()
    out = [measure_pulse(clip, look) for clip in clips]
    print(f"{name}: {len(out)} clips, {time.monotonic() - begun_s:.0f} s", file=sys.stderr, flush=True)
    return out


def readings_720() -> Figures:
    return {"rests_on": BY_TRUTH} | positive_figures(told("ordinary, 720 rows", ordinary(rows=720)))


def readings_480() -> Figures:
    return {"rests_on": BY_TRUTH} | positive_figures(told("ordinary, 480 rows", ordinary(rows=480)))


def without() -> Figures:
    return {
        "pulse_switched_off": {"rests_on": BY_TRUTH} | negative_figures(told("switched off", without_pulse())),
        "still_picture": {"rests_on": BY_TRUTH} | negative_figures(told("still", still_pictures())),
        "no_face": {"rests_on": BY_TRACKER} | negative_figures(told("no face", faceless(), through_tracker)),
    }


def tracked() -> Figures:
    some = [clip for clip in ordinary(1) if clip.fps == 15.0]
    off = without_pulse(5)
    return {
        "rests_on": BY_TRACKER,
        "with_pulse": positive_figures(told("through MediaPipe", some, through_tracker)),
        "pulse_switched_off": negative_figures(told("through MediaPipe, switched off", off, through_tracker)),
    }


def disturbances() -> Figures:
    return {"rests_on": BY_TRUTH} | {name: positive_figures(told(name, clips)) for name, clips in disturbed().items()}


def in_time() -> Figures:
    exact = {"rests_on": "exact landmarks with a tracker's errors, geometry and coach"} | figures(sessions(SESSIONS_EACH))
    return exact | {"through_mediapipe": {"rests_on": BY_TRACKER} | figures(tracked_sessions())}


SECTIONS: Final[dict[str, Callable[[], Figures]]] = {
    "readings_1280x720": readings_720,
    "readings_640x480": readings_480,
    "without_a_pulse": without,
    "through_mediapipe": tracked,
    "disturbed": disturbances,
    "noise": noise_figures,
    "synchrony": in_time,
    "beat": live_figures,
}


def main() -> int:
    arguments = _arguments()
    path: Path = arguments.json
    found: Figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"schema_version": 1}
    for name in arguments.only or SECTIONS:
        found[name] = SECTIONS[name]()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pulse", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), help="these parts; the others' figures stay")
    parser.add_argument("--json", type=Path, metavar="FILE", default=Path("benchmarks/results/pulse.json"))
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
