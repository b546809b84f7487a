"""Which mutants there are: all, those that lived once, and those that change nothing."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks.mutants.operators import edits_of
from benchmarks.mutants.trial import Mutant

_HERE: Final = Path(__file__).parent


def all_mutants(root: Path, packages: tuple[str, ...], module: str = "") -> list[Mutant]:
    """Every mutant of the packages, by file and place. module: only files whose path contains this."""
    mutants = []
    for package in packages:
        for file in sorted((root / "src/facetrack" / package).rglob("*.py")):
            source, path = file.read_text(encoding="utf-8"), file.relative_to(root).as_posix()
            if module in path:
                mutants += [
                    Mutant(path, edit.line, edit.operator, source, edit.applied_to(source)) for edit in edits_of(source)
                ]
    return mutants


def known_mutants(root: Path) -> list[Mutant]:
    """The faults of known.toml, found by their text. Raises ValueError where a text is not there exactly once.

    A list that no longer fits the code would check nothing, so it is to be mended with the code.
    """
    mutants = []
    for row in _table("known.toml"):
        found = []
        for file in sorted((root / "src/facetrack" / row["in"]).rglob("*.py")):
            source = file.read_text(encoding="utf-8")
            found += [(file, source)] * source.count(row["find"])
        if len(found) != 1:
            raise ValueError(
                f"known.toml, {row['id']}: {row['find']!r} is there {len(found)} times. Write what the code says now."
            )
        file, source = found[0]
        line = source[: source.index(row["find"])].count("\n") + 1
        after = source.replace(row["find"], row["replace"])
        mutants.append(Mutant(file.relative_to(root).as_posix(), line, f"{row['id']}: {row['what']}", source, after))
    return mutants


def equivalent_reason(mutant: Mutant) -> str | None:
    """Why a mutant changes nothing that could be seen, if equivalent.toml says so."""
    for row in _table("equivalent.toml"):
        if Path(mutant.path).name == row["file"] and mutant.diff in [_diff(change) for change in row["changes"]]:
            return str(row["reason"])
    return None


def equivalents_that_fit_nothing(mutants: Iterable[Mutant]) -> list[str]:
    """What equivalent.toml says of mutants that are no more among all of these."""
    files = {row["file"] for row in _table("equivalent.toml")}
    made = {(name, mutant.diff) for mutant in mutants if (name := Path(mutant.path).name) in files}
    rows = [(row["file"], _diff(change)) for row in _table("equivalent.toml") for change in row["changes"]]
    return [f"{file}: {diff}" for file, diff in rows if (file, diff) not in made]


def _diff(change: list[str]) -> str:
    """From a pair of texts, before and after; each of one line or more."""
    before, after = (text.split("\n") for text in change)
    return "\n".join([f"-{line}" for line in before] + [f"+{line}" for line in after])


@cache
def _table(name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads((_HERE / name).read_text(encoding="utf-8")).get("mutant", []))
