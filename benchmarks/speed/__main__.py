"""python -m benchmarks.speed: how fast the core is. Ratios to references of the same run; processor time throughout."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads only get into each other's way
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.speed.batch import batch_figures
from benchmarks.speed.goals import markdown_of
from benchmarks.speed.live import against_textbook, beside_inference, many_zones
from facetrack.bench.footage import WARM_UP_FRAMES

FRAMES = 600
TEXTBOOK_FRAMES = 150
"""With hands: the textbook way takes its time."""


def main() -> int:
    arguments = _arguments()
    live, times = beside_inference(arguments.frames)
    print("live pipeline measured", file=sys.stderr)
    few = times.observations[: WARM_UP_FRAMES + TEXTBOOK_FRAMES]
    textbook = against_textbook(few)
    print("textbook measured", file=sys.stderr)
    zones = many_zones(times.observations)
    print("zones measured", file=sys.stderr)
    told: dict[str, Any] = {"live": live, "textbook": textbook, "zones": zones, "batch": batch_figures(times.observations)}
    text = markdown_of(told)
    print(text)
    for path, content in ((arguments.json, json.dumps(told, indent=1) + "\n"), (arguments.markdown, text)):
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of the mannequin, tracked and judged")
    parser.add_argument("--json", type=Path, metavar="FILE", default=Path("benchmarks/results/speed.json"))
    parser.add_argument("--markdown", type=Path, metavar="FILE", default=Path("benchmarks/results/speed.md"))
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
