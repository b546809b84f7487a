"""What no other test runs: every module of benchmarks/, scripts/ and examples/ loads, and CI picks its interpreters."""

import importlib
import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
MODULES = sorted(path for folder in ("benchmarks", "examples", "scripts") for path in (TOP / folder).rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(TOP).as_posix())
def test_module_loads(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = path.relative_to(TOP).with_suffix("").as_posix().replace("/", ".")
    if name.startswith("benchmarks."):
        importlib.import_module(name)
    else:
        monkeypatch.syspath_prepend(path.parent)
        runpy.run_path(str(path), run_name=name)


@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="CI is a script for bash")
@pytest.mark.parametrize(
    ("statuses", "tried", "passes"),
    [
        pytest.param({}, ["3.14"], True, id="all have wheels"),
        pytest.param({"3.14": 3}, ["3.14", "3.13"], True, id="3.14 has none"),
        pytest.param({"3.14": 3, "3.13": 3}, ["3.14", "3.13", "3"], True, id="only the default has"),
        pytest.param({"3.14": 3, "3.13": 3, "3": 3}, ["3.14", "3.13", "3"], False, id="none has"),
        pytest.param({"3.14": 3, "3.13": 1}, ["3.14", "3.13"], False, id="3.14 has none and 3.13 fails"),
    ],
)
def test_ci_takes_the_newest_interpreter_that_has_wheels(
    tmp_path: Path, statuses: dict[str, int], tried: list[str], passes: bool
) -> None:
    script, trial = tmp_path / ".ci/run", tmp_path / "scripts/test_wheel.sh"
    for folder in (script.parent, trial.parent, tmp_path / "bin"):
        folder.mkdir()
    shutil.copy(TOP / ".ci/run", script)
    # The interpreters answer every question with their path; python3 says its version, and its path when asked for that.
    programs = {"make": "", "python3.14": 'echo "$0"', "python3.13": 'echo "$0"', "python3.12": "exit 1"}
    programs["python3"] = 'case "$2" in *executable*) echo "$0";; *) echo "(3, 11)";; esac'
    for name, does in programs.items():
        _write_program(tmp_path / "bin" / name, does)
    cases = " ".join(f"*/python{name}) exit {status};;" for name, status in statuses.items())
    _write_program(trial, f'echo "$1" >> tried; case "$1" in {cases} esac')
    ran = subprocess.run(
        [str(script)], env={"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "HOME": str(tmp_path)}, capture_output=True
    )
    assert [Path(line).name.removeprefix("python") for line in (tmp_path / "tried").read_text().split()] == tried
    assert (ran.returncode == 0) == passes
    assert ran.stdout.count(b"have no wheels") == sum(status == 3 for status in statuses.values())


def _write_program(path: Path, does: str) -> None:
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(0o755)
