"""python -m benchmarks.learning: how well a routine is learnt from one performer, and how rightly it judges another."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads only get into each other's way

from benchmarks.accuracy.cases import ROUTINES
from benchmarks.accuracy.table import jsonable
from benchmarks.learning.cases import BRIEF, NEW_STEPS, Lesson, lessons
from benchmarks.learning.figures import figures_of
from benchmarks.learning.summary import line_of, summarise, text_of
from benchmarks.learning.whole import whole_routines


def main() -> int:
    arguments = _arguments()
    told = []
    for seed in arguments.seed:
        routines = [str(BRIEF)] if arguments.brief else [*ROUTINES, str(NEW_STEPS)]
        taught = [_as_wanted(lesson, arguments) for lesson in lessons(seed, frozenset(arguments.steps), routines)]
        for one in _all_figures(taught, arguments.jobs):
            told.append({"seed": seed, **one})
            print(line_of(one), file=sys.stderr, flush=True)
            if arguments.texts and "text" in one:
                print(one["text"])
    summary = summarise(told)
    print(text_of(summary))
    whole = [{"seed": seed, **one} for seed in arguments.seed for one in whole_routines(seed)] if arguments.whole else []
    for one in whole:
        print(f"{one['routine']}, {one['order']}: {one['found']} of {one['steps']} steps found, {one['invented']} invented")
    if arguments.json:
        rows = [{key: value for key, value in one.items() if key != "text"} for one in told]
        text = json.dumps(jsonable({"seeds": arguments.seed, **summary, "whole": whole, "steps": rows}), indent=1)
        arguments.json.write_text(text + "\n", encoding="utf-8")
    return 0


def _as_wanted(lesson: Lesson, arguments: argparse.Namespace) -> Lesson:
    pupils = () if arguments.no_pupils else lesson.pupils[:1] if arguments.right_only else lesson.pupils
    return replace(lesson, pupils=pupils, pixels=arguments.pixels)


def _all_figures(taught: Sequence[Lesson], jobs: int) -> Iterator[dict[str, Any]]:
    if jobs <= 1:
        yield from map(figures_of, taught)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(figures_of, taught)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.learning", description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="one round of all steps for each")
    parser.add_argument("--steps", nargs="*", default=[], metavar="STEP", help="only these: step or routine/step")
    parser.add_argument(
        "--brief", action="store_true", help="the steps of a therapist's brief, brief.toml, instead of all others"
    )
    parser.add_argument("--no-pupils", action="store_true", help="only what is learnt: much quicker")
    parser.add_argument("--right-only", action="store_true", help="nobody who makes mistakes")
    parser.add_argument("--pixels", action="store_true", help="through rendered clips and the tracker: minutes for each clip")
    parser.add_argument("--whole", action="store_true", help="also part whole routines into their steps")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--texts", action="store_true", help="print the learnt files as well")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
