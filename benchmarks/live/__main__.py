"""python -m benchmarks.live: the live pipeline and analyze beside references of the same run. Needs an idle machine."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads only get into each other's way
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.live.goals import markdown_of
from benchmarks.live.load import at_pace, queued_at_pace
from benchmarks.live.startup import started
from benchmarks.live.textbook import textbook
from benchmarks.live.workers import workers_figures
from facetrack.bench.figures import machine
from facetrack.bench.footage import Footage
from facetrack.bench.live import live_pipeline, rounds, serial_inference

FRAMES = 150
"""Of each loop in each round, after the warm-up."""
PACED_FRAMES = 300
LOADED_FRAMES = 210


def main() -> int:
    arguments = _arguments()
    footage = Footage.rendered()
    loops = {
        "serial": lambda: serial_inference(footage, FRAMES),
        "textbook": lambda: textbook(footage, FRAMES),
        "line": lambda: live_pipeline(footage, FRAMES),
        "line_one_thread": lambda: live_pipeline(footage, FRAMES, threads=1),
    }
    parts: dict[str, Callable[[], Any]] = {
        "machine": machine,
        "saturated": lambda: rounds(loops),
        "at_30_fps": lambda: at_pace(footage, PACED_FRAMES),
        "slow_tracking": lambda: at_pace(footage, LOADED_FRAMES, "tracking"),
        "slow_drawing": lambda: at_pace(footage, LOADED_FRAMES, "drawing"),
        "textbook_slow": lambda: queued_at_pace(footage, LOADED_FRAMES, load_s=2.0 / 30.0),
        "start": started,
        "workers": workers_figures,
    }
    told: dict[str, Any] = json.loads(arguments.json.read_text()) if arguments.only and arguments.json.exists() else {}
    for name, part in parts.items():
        if not arguments.only or name in arguments.only:
            told[name] = part()
            print(f"{name} measured", file=sys.stderr)
            arguments.json.parent.mkdir(parents=True, exist_ok=True)
            arguments.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    if set(parts) <= set(told):
        text = markdown_of(told)
        print(text)
        arguments.json.with_suffix(".md").write_text(text, encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--only", nargs="*", metavar="PART", help="these, the others as they are in the file")
    parser.add_argument("--json", type=Path, metavar="FILE", default=Path("benchmarks/results/live.json"))
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
