"""Which part may know which: the core is numpy and the standard library, one package knows MediaPipe, one draws."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import facetrack

SOURCE = Path(facetrack.__file__).parent
MOST_LINES = 400

PURE_FOLDERS = ("geometry", "signal", "coach", "flow")
PURE_FILES = ("packets.py", "errors.py", "routine/compiled.py", "routine/kinds.py", "pipeline/sinks.py")
CORE = (
    "facetrack.geometry",
    "facetrack.signal",
    "facetrack.coach",
    "facetrack.packets",
    "facetrack.routine.compiled",
    "facetrack.routine.kinds",
)
PURE_PARTS = (*CORE, "facetrack.flow")
PURE_LIBRARIES = {"numpy", "facetrack"}


@cache
def _imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it; not what only type checkers see."""
    found: set[str] = set()
    for node in ast.walk(_without_type_checking(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            found.add(node.module or "")
    return found


def _without_type_checking(tree: ast.Module) -> ast.Module:
    class Strip(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | None:
            is_typing = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
            return None if is_typing else self.generic_visit(node)

    stripped = Strip().visit(tree)
    assert isinstance(stripped, ast.Module)
    return stripped


def _files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (SOURCE / folder).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("path", [*_files(*PURE_FOLDERS), *(SOURCE / name for name in PURE_FILES)], ids=_name)
def test_the_core_imports_numpy_and_the_standard_library_only(path: Path) -> None:
    foreign = {name for name in _imports(path) if name.split(".")[0] not in sys.stdlib_module_names | PURE_LIBRARIES}
    assert foreign == set()


@pytest.mark.parametrize("path", _files(*PURE_FOLDERS), ids=_name)
def test_the_core_knows_only_itself(path: Path) -> None:
    own = {name for name in _imports(path) if name.startswith("facetrack") and name != "facetrack.errors"}
    assert {name for name in own if not name.startswith(PURE_PARTS)} == set()


@pytest.mark.parametrize("path", _files("geometry", "signal"), ids=_name)
def test_geometry_knows_no_coach(path: Path) -> None:
    assert not {name for name in _imports(path) if name.startswith("facetrack.coach")}


def test_only_tracking_imports_mediapipe() -> None:
    users = {_name(path).split("/")[0] for path in _files(".") if any(n.split(".")[0] == "mediapipe" for n in _imports(path))}
    assert users == {"tracking"}


def test_nothing_draws_for_the_user_but_the_overlay() -> None:
    def draws(path: Path) -> bool:
        text = path.read_text(encoding="utf-8")
        return any(f"cv2.{name}(" in text for name in ("putText", "imshow", "namedWindow"))

    users = {_name(path).split("/")[0] for path in _files(".") if draws(path)}
    assert users == {"overlay"}


def test_data_flows_one_way() -> None:
    """A part of the line knows none that come after it."""
    line = ["capture", "tracking", "geometry", "coach", "flow", "session"]
    for place, part in enumerate(line):
        later = tuple(f"facetrack.{name}" for name in (*line[place + 1 :], "overlay", "cues", "cli", "pipeline.pipeline"))
        for path in _files(part):
            wrong = {name for name in _imports(path) if name.startswith(later)}
            assert wrong == set(), f"{_name(path)} imports {wrong}"


OWN_PROCESSES = ("__main__.py", "overlay/window/window_process.py", "tracking/models/self_test.py")
"""Modules that run in processes of their own, whose output the process that started them reads."""
BELOW = [path for path in _files(".") if not _name(path).startswith("cli/") and _name(path) not in OWN_PROCESSES]


def _may_print(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) or getattr(function, "attr", "") in ("exit", "write")


@pytest.mark.parametrize("path", BELOW, ids=_name)
def test_nothing_below_the_command_line_knows_it_or_prints(path: Path) -> None:
    imported = _imports(path)
    assert not {name for name in imported if name.split(".")[0] in ("typer", "rich") or name.startswith("facetrack.cli")}
    module = ast.parse(path.read_text(encoding="utf-8"))
    module.body = [node for node in module.body if not (isinstance(node, ast.If) and "__main__" in ast.unparse(node.test))]
    called = {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call) and _may_print(node.func)}
    assert called & {"print", "input", "exit", "sys.exit", "sys.stdout.write", "sys.stderr.write"} == set()


@pytest.mark.parametrize("path", _files("."), ids=_name)
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def _loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_core_loads_nothing_heavy() -> None:
    modules = ("geometry", "signal", "coach", "flow", "routine.compiled", "routine.kinds", "pipeline.sinks")
    heavy = {"cv2", "mediapipe", "pydantic", "typer", "rich"}
    assert _loaded_by("import " + ", ".join(f"facetrack.{module}" for module in modules)) & heavy == set()


ALL_HELP = """
from facetrack.cli import main
for command in ([], ["run"], ["demo"], ["doctor"], ["analyze"], ["models"], ["routines"], ["pulse"]):
    try:
        main([*command, "--help"])
    except SystemExit as end:
        assert end.code == 0
"""


def test_help_loads_nothing_heavy() -> None:
    assert _loaded_by(ALL_HELP) & {"numpy", "cv2", "mediapipe"} == set()
