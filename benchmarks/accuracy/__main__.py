"""python -m benchmarks.accuracy: how often the coach is right."""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads only get into each other's way
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.accuracy.cases import Case, make_clips, make_round
from benchmarks.accuracy.floors import advice, fallen, write_floors
from benchmarks.accuracy.markdown import markdown_of
from benchmarks.accuracy.run import score_all
from benchmarks.accuracy.show import show
from benchmarks.accuracy.small import make_small
from benchmarks.accuracy.summary import summarise
from benchmarks.accuracy.table import failures_of, jsonable, text_of

ROUNDS = {"truth": {"quick": 1, "normal": 3, "full": 18}, "pixels": {"quick": 1, "normal": 1, "full": 3}}
QUICK_CLIPS = 6


def main() -> int:
    arguments = _arguments()
    if arguments.show:
        print(show(arguments.show, arguments.seed, arguments.level))
        return 0
    cases = _cases(arguments)
    print(f"level {arguments.level}, seed {arguments.seed}, {len(cases)} cases", flush=True)
    began = time.monotonic()
    scored = []
    for done, one in enumerate(score_all(cases, arguments.level, arguments.jobs), 1):
        scored.append(one)
        if sys.stderr.isatty() or done % 25 == 0:
            print(f"\r{done}/{len(cases)}  {time.monotonic() - began:.0f} s", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    summary = summarise(scored)
    print(text_of(summary))
    failures = failures_of(scored)
    if arguments.failures:
        arguments.failures.write_text("\n".join(failures) + "\n", encoding="utf-8")
    print(f"\n{len(failures)} cases with something wrong, {time.monotonic() - began:.0f} s")
    told = {"run": run_name(arguments), "level": arguments.level, "seed": arguments.seed, "machine": machine(), **summary}
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(jsonable(told), indent=1) + "\n", encoding="utf-8")
    if arguments.markdown:
        arguments.markdown.parent.mkdir(parents=True, exist_ok=True)
        arguments.markdown.write_text(markdown_of(told), encoding="utf-8")
    return _floors(arguments, summary)


def _floors(arguments: argparse.Namespace, summary: dict[str, Any]) -> int:
    run = run_name(arguments)
    if arguments.write_floor:
        write_floors(summary, run)
    if not arguments.floor:
        return 0
    try:
        broken = fallen(summary, run)
    except KeyError:
        raise SystemExit(f"no floors are kept for the run {run!r}: write them with --write-floor") from None
    if broken:
        print("\n".join(["", *broken, advice(f"python -m benchmarks.accuracy {_options(arguments)}")]))
    return 1 if broken else 0


def run_name(arguments: argparse.Namespace) -> str:
    """Names the floors of such a run."""
    parts = [arguments.level, arguments.size, f"seed {arguments.seed}"]
    parts += [f"{arguments.cases} cases"] if arguments.cases else []
    return " ".join(parts + sorted(arguments.steps))


def _options(arguments: argparse.Namespace) -> str:
    size = "" if arguments.size == "normal" else f" --{arguments.size}"
    cases = f" --cases {arguments.cases}" if arguments.cases else ""
    steps = f" --steps {' '.join(arguments.steps)}" if arguments.steps else ""
    return f"--level {arguments.level}{size}{cases}{steps} --seed {arguments.seed}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument(
        "--level", choices=("truth", "pixels"), default="truth", help="exact landmarks with noise, or rendered pixels"
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="size", action="store_const", const="quick", default="normal", help="one round of cases")
    size.add_argument("--small", dest="size", action="store_const", const="small", help="the test suite's short cases")
    size.add_argument("--full", dest="size", action="store_const", const="full", help="thousands of cases")
    parser.add_argument("--cases", type=int, help="so many cases instead")
    parser.add_argument("--steps", nargs="*", default=[], metavar="STEP", help="only these: step or routine/step")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the main figures as tables")
    parser.add_argument("--floor", action="store_true", help="end with 1 if a figure is worse than its floor in scores.json")
    parser.add_argument("--write-floor", action="store_true", help="take this run's figures, less a margin, as its floors")
    parser.add_argument("--failures", type=Path, metavar="FILE", help="write a line for each case that went wrong")
    parser.add_argument("--show", metavar="CASE", help="print one case's truth and verdicts side by side")
    return parser.parse_args()


def _cases(arguments: argparse.Namespace) -> list[Case]:
    if arguments.size == "small":
        return make_small()
    cases: list[Case] = []
    number = 0
    make = make_round if arguments.level == "truth" else make_clips
    rounds = ROUNDS[arguments.level][arguments.size]
    if arguments.level == "pixels" and arguments.size == "quick":
        arguments.cases = arguments.cases or QUICK_CLIPS
    while number < rounds if arguments.cases is None else len(cases) < arguments.cases:
        cases += make(number, arguments.seed, frozenset(arguments.steps))
        number += 1
        if not cases:
            raise SystemExit(f"no step is called {' or '.join(arguments.steps)}")
    return cases[: arguments.cases]


def machine() -> dict[str, object]:
    """What ran it, without names."""
    return {
        "cores": os.cpu_count(),
        "cpu": platform.machine(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
