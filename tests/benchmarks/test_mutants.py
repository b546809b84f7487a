"""The mutants: small faults are made where they would matter, and a test suite is seen to notice them or not."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutants.lists import all_mutants, equivalent_reason, equivalents_that_fit_nothing, known_mutants
from benchmarks.mutants.operators import edits_of
from benchmarks.mutants.trial import Mutant

ROOT = Path(__file__).parents[2]

SOURCE = '''"""Text with a number: 1.5 < 2."""

from typing import TYPE_CHECKING

__all__ = ["one"]
if TYPE_CHECKING:
    x = 1 + 2
LIMIT: "float | 3" = 2.5


def one(a: float, b: bool = False) -> float:
    """More than 3."""
    if a < LIMIT and not b:
        return -a
    if a is None:
        raise ValueError(f"not {a + 1}")
    for _ in range(3):
        print("a", sep="")
    assert a > 0
    return max(a, 0.0) + abs(a)
'''


def mutated(source: str) -> list[str]:
    """The changed lines of all mutants of a source."""
    plain = source.splitlines()
    changed = []
    for edit in edits_of(source):
        lines = edit.applied_to(source).splitlines()
        changed += [line.strip() for was, line in zip(plain, lines, strict=True) if was != line]
    return changed


def test_faults_are_made_in_what_decides_and_in_nothing_else() -> None:
    assert sorted(mutated(SOURCE)) == sorted(
        [
            'LIMIT: "float | 3" = 5.0',
            'LIMIT: "float | 3" = 1.25',
            "def one(a: float, b: bool = True) -> float:",
            "if a > LIMIT and not b:",
            "if ((a < LIMIT) or (not b)):",
            "if ((not b)):",
            "if ((a < LIMIT)):",
            "if a < LIMIT and (b):",
            "if True:",
            "if False:",
            "return (a)",
            "pass",
            "if a is not None:",
            "if True:",
            "if False:",
            "for _ in range(4):",
            "pass",
            "return min(a, 0.0) + abs(a)",
            "return max(a, 1.0) + abs(a)",
            "return max(a, 0.0) - abs(a)",
            "return max(a, 0.0) + (a)",
        ]
    )


@pytest.fixture(scope="module")
def mutants() -> list[Mutant]:
    return all_mutants(ROOT, ("coach", "geometry"))


def test_mutants_of_the_coach_and_the_geometry_are_python_and_differ(mutants: list[Mutant]) -> None:
    assert len(mutants) > 3000
    for mutant in mutants[::40]:
        assert ast.dump(ast.parse(mutant.after)) != ast.dump(ast.parse(mutant.before)), (mutant.path, mutant.diff)


def test_every_known_fault_can_still_be_made() -> None:
    """Where this fails the code was rewritten: write into known.toml what the fault would be now."""
    assert len(known_mutants(ROOT)) >= 17


def test_what_is_said_to_change_nothing_is_not_counted(mutants: list[Mutant]) -> None:
    stale = equivalents_that_fit_nothing(mutants)
    reasons = {reason for mutant in mutants if (reason := equivalent_reason(mutant)) is not None}
    assert len(reasons) + len(stale) >= 8
    assert equivalents_that_fit_nothing([]) != []


PROJECT = {
    "src/facetrack/__init__.py": "",
    "src/facetrack/coach/__init__.py": "",
    "src/facetrack/coach/limit.py": "def rest(mm):\n    while mm > 10:\n        mm = mm - 10\n    return mm if mm > 0 else 0\n",
    "tests/coach/test_limit.py": "from facetrack.coach.limit import rest\n\n\ndef test_rest():\n    assert rest(35) == 5\n",
    "pyproject.toml": "",
}
TRY_ALL = """
from pathlib import Path
from benchmarks.mutants.lists import all_mutants
from benchmarks.mutants.trial import Workshop

root = Path("project")
workshop = Workshop(root, Path("copy"), ["tests/coach"], cpu_s=1.0)
print("plain", workshop.unchanged().result)
for mutant in all_mutants(root, ("coach",)):
    changed = mutant.diff.splitlines()[1]
    if changed in ("+mm = mm - 20", "+while False:", "+mm = mm + 10", "+return mm if mm > 0 else 1"):
        print(changed, "->", workshop.tried(mutant).result)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each trial is forked")
def test_mutants_are_killed_live_and_time_out_in_a_copy(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        file = tmp_path / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "copy").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", TRY_ALL], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    results = dict(line.split(" -> ") for line in done.stdout.splitlines() if " -> " in line)
    assert "plain lived" in done.stdout
    assert results["+mm = mm - 20"] == "killed"
    assert results["+while False:"] == "killed"
    assert results["+mm = mm + 10"] == "timeout"
    assert results["+return mm if mm > 0 else 1"] == "lived", "no test asks for less than nothing"
    assert {name: (tmp_path / "project" / name).read_text(encoding="utf-8") for name in PROJECT} == PROJECT
