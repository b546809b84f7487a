"""Do the tests notice small faults? ``--seed 1 --count 60`` tries that many, picked at random in coach/ and geometry/.

Each mutant is tried in a copy of the project by tests/coach and tests/geometry. ``--known`` tries the faults of ``known.toml``
instead, each of which lived once.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.mutants.lists import all_mutants, equivalent_reason, equivalents_that_fit_nothing, known_mutants
from benchmarks.mutants.trial import Mutant, Outcome, Workshop

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("coach", "geometry")
_PATIENCE: Final = 4.0
"""A trial may take this many times the processor time of the tests as they are."""
_WORKSHOP: list[Workshop] = []
"""Of this process: each worker has its own copy of the project."""


def _open_workshop(root: Path, folder: str, tests: list[str], cpu_s: float) -> None:
    own = Path(folder) / str(os.getpid())
    own.mkdir()
    _WORKSHOP.append(Workshop(root, own, tests, cpu_s))


def _try(mutant: Mutant) -> Outcome:
    return _WORKSHOP[0].tried(mutant)


def tried(mutants: list[Mutant], tests: list[str], workers: int) -> list[dict[str, Any]]:
    """Try all of them; a line is printed for each. Gives their rows, in the order given."""
    rows: dict[int, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first"
        first.mkdir()
        plain = Workshop(ROOT, first, tests, 3600.0).unchanged()
        if plain.result != "lived":
            sys.exit(f"The tests fail without any mutant: {plain.by}. Mend them first.")
        print(f"The tests pass as they are, in {plain.seconds:.0f} s of the processor.", flush=True)
        cpu_s = _PATIENCE * plain.seconds
        with ProcessPoolExecutor(workers, initializer=_open_workshop, initargs=(ROOT, folder, tests, cpu_s)) as pool:
            reasons = [equivalent_reason(mutant) for mutant in mutants]
            running = {pool.submit(_try, mutant): k for k, mutant in enumerate(mutants) if reasons[k] is None}
            for k, reason in enumerate(reasons):
                if reason is not None:
                    rows[k] = _row(mutants[k], {"result": "equivalent", "by": reason, "seconds": 0.0})
            for done in as_completed(running):
                k = running[done]
                rows[k] = _row(mutants[k], asdict(done.result()))
                row = rows[k]
                print(f"{len(rows):4d}/{len(mutants)} {row['result']:8s} {row['where']}  {row['by']}", flush=True)
                if row["result"] == "lived":
                    print(_indented(row["diff"]), flush=True)
    return [rows[k] for k in range(len(mutants))]


def _row(mutant: Mutant, outcome: dict[str, Any]) -> dict[str, Any]:
    return {"where": f"{mutant.path}:{mutant.line}", "operator": mutant.operator, "diff": mutant.diff, **outcome}


def _indented(text: str) -> str:
    return "\n".join(f"      {line}" for line in text.splitlines())


def main() -> int:
    """Returns 1 where a known mutant lives."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which mutants are picked")
    parser.add_argument("--count", type=int, default=60, help="how many; 0 for all")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--module", default="", help="only files whose path contains this")
    parser.add_argument("--known", action="store_true", help="the faults of known.toml instead of random ones")
    parser.add_argument("--json", type=Path, help="write all of it there")
    arguments = parser.parse_args()
    if arguments.known:
        mutants = [mutant for mutant in known_mutants(ROOT) if arguments.module in mutant.operator]
    else:
        mutants = all_mutants(ROOT, PACKAGES, arguments.module)
        for stale in [] if arguments.module else equivalents_that_fit_nothing(mutants):
            print(f"equivalent.toml tells of a mutant that is no more: {stale}")
        if 0 < arguments.count < len(mutants):
            mutants = random.Random(arguments.seed).sample(mutants, arguments.count)
    rows = tried(mutants, [f"tests/{package}" for package in PACKAGES], arguments.workers)
    counts = Counter(row["result"] for row in rows)
    judged = len(rows) - counts["equivalent"]
    died = counts["killed"] + counts["timeout"]
    print(f"\n{died} of {judged} die ({died / max(judged, 1):.0%}): {dict(counts)}")
    for row in rows:
        if row["result"] == "lived":
            print(f"\nlived: {row['where']} ({row['operator']})\n{_indented(row['diff'])}")
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        summary = {"seed": arguments.seed, "died": died, "judged": judged, "counts": counts, "mutants": rows}
        arguments.json.write_text(json.dumps(summary, indent=1), encoding="utf-8")
    return 1 if arguments.known and counts["lived"] else 0


if __name__ == "__main__":
    sys.exit(main())
