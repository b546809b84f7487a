"""Measures how well people with a tool, or with their knuckles, are judged.

python -m benchmarks.tools [--truth] [--json FILE]

Without --truth the rendered clips are judged as well, which takes about ten minutes of processor time the first time.
"""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads only get into each other's way
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.tools.cases import FAR, clips, knuckle_cases, truth_cases
from benchmarks.tools.figures import score_clips, score_far, score_knuckles, score_truth

RESULTS = Path(__file__).parents[1] / "results" / "tools.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--truth", action="store_true", help="no rendered clips: exact landmarks with errors like the tracker's"
    )
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    arguments = parser.parse_args()
    began = time.process_time()
    figures: dict[str, Any] = {"truth": score_truth(truth_cases()), "far": score_far(FAR)}
    figures["knuckles"] = score_knuckles(knuckle_cases())
    if not arguments.truth:
        figures["pixels"] = score_clips(clips())
    figures["processor_s"] = round(time.process_time() - began)
    text = json.dumps(figures, indent=1)
    print(text)
    arguments.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
