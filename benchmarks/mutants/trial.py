"""One trial: a mutant in a copy of the project, and whether the tests notice it."""

import ast
import os
import pickle
import resource
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pytest

Result = Literal["killed", "lived", "timeout"]
_COPIED: Final = ("src", "tests", "benchmarks", "scripts", "routines", "docs", "pyproject.toml")
_NOT_COPIED: Final = shutil.ignore_patterns("__pycache__", "results", "pictures", "*.mp4")
_FIRST: Final = 6
"""Test files that are run before all others."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed file of the project. path: from the project's root."""

    path: str
    line: int
    operator: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The lines that differ, as a diff has them."""
        before, after = self.before.splitlines(), self.after.splitlines()
        same = 0
        while same < min(len(before), len(after)) and before[same] == after[same]:
            same += 1
        end = 0
        while end < min(len(before), len(after)) - same and before[-1 - end] == after[-1 - end]:
            end += 1
        old, new = before[same : len(before) - end], after[same : len(after) - end]
        return "\n".join([f"-{line.strip()}" for line in old] + [f"+{line.strip()}" for line in new])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant. by: the test that noticed it, if any. seconds: of the processor."""

    result: Result
    by: str
    seconds: float


class Workshop:
    """A copy of the project in which mutants are tried one after another. The project itself is not touched.

    Each trial is a child process, forked from this one, in which pytest is loaded already. Works where there is ``fork``.
    """

    def __init__(self, root: Path, folder: Path, tests: Sequence[str], cpu_s: float) -> None:
        """folder: where the copy is made. tests: folders of tests. cpu_s: a trial that takes longer is ended."""
        folder = folder.resolve()
        self._folder, self._cpu_s = folder, cpu_s
        for name in _COPIED:
            if (root / name).is_dir():
                shutil.copytree(root / name, folder / name, ignore=_NOT_COPIED)
            elif (root / name).exists():
                shutil.copy2(root / name, folder / name)
        self._imports = {
            file.relative_to(folder).as_posix(): _imported(file)
            for tests_folder in tests
            for file in sorted((folder / tests_folder).rglob("test_*.py"))
        }
        self._killers: dict[str, Counter[str]] = {}
        self._stamp = time.time()

    def unchanged(self) -> Outcome:
        """The tests as they are: they must pass."""
        return self._run("", list(self._imports))

    def tried(self, mutant: Mutant) -> Outcome:
        """Run the tests with the mutant until one fails; those that are near to the changed module run first."""
        file = self._folder / mutant.path
        original = file.read_text(encoding="utf-8")
        try:
            self._write(file, mutant.after)
            outcome = self._run(mutant.path, self._ordered(mutant.path))
        finally:
            self._write(file, original)
        if outcome.by:
            self._killers.setdefault(mutant.path, Counter())[outcome.by.partition("::")[0]] += 1
        return outcome

    def _write(self, file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")
        self._stamp += 2.0  # compiled files are known by the second in which their source was written
        os.utime(file, (self._stamp, self._stamp))

    def _ordered(self, path: str) -> list[str]:
        """Files of tests: those that noticed something in the module before come first, then those that import it, then those
        in the folder of its name, and of them the small ones, which are quick."""
        module = path.removeprefix("src/").removesuffix(".py").replace("/", ".")
        killers = self._killers.get(path, Counter())
        own, package = path.removeprefix("src/facetrack").rpartition("/")[0] + "/", f"/{module.split('.')[1]}/"

        def distance(file: str) -> tuple[int, bool, bool, bool, int]:
            size = (self._folder / file).stat().st_size
            return -killers[file], module not in self._imports[file], own not in file, package not in file, size

        return sorted(self._imports, key=distance)

    def _run(self, path: str, files: list[str]) -> Outcome:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._be_the_child(writing, [files[:_FIRST], files[_FIRST:]] if path else [files])
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        _, status, used = os.wait4(child, 0)
        seconds = round(used.ru_utime + used.ru_stime, 1)
        if os.WIFSIGNALED(status) and used.ru_utime + used.ru_stime > 0.9 * self._cpu_s:
            return Outcome("timeout", "", seconds)
        by: str = pickle.loads(told) if told else f"the tests ended with status {status}"
        return Outcome("killed" if by else "lived", by, seconds)

    def _be_the_child(self, writing: int, stages: Iterable[list[str]]) -> None:
        """Never returns."""
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        limit = int(self._cpu_s) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        os.chdir(self._folder)
        sys.path[:0] = [str(self._folder / "src"), str(self._folder)]
        watch = _Watch()
        for files in filter(None, stages):  # without files pytest would run all there are
            code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(self._folder), *files], plugins=[watch])
            if code != 0:
                watch.failed = watch.failed or f"pytest ended with {code!r}"
                break
        os.write(writing, pickle.dumps(watch.failed))
        os._exit(0)


class _Watch:
    """A plugin that notes the first test that failed."""

    def __init__(self) -> None:
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = self.failed or f"{report.nodeid} (import)"


def _imported(file: Path) -> set[str]:
    """Modules that a test file names in its imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found
