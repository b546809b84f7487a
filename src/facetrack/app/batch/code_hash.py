"""Identifies the code that judges a recording, so that no result outlives the rules that made it."""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import facetrack

JUDGING: Final = (
    "capture",
    "coach",
    "geometry",
    "packets.py",
    "pipeline",
    "routine",
    "session",
    "signal",
    "tracking",
)
"""Files and folders of the package that decide what a session of a recording holds."""
LIBRARIES: Final = ("mediapipe", "numpy", "opencv-python")
"""Libraries whose version may change a result."""


@cache
def judging_hash() -> str:
    """Hash everything that turns a recording into a session: our code, and the versions of the libraries."""
    package = Path(facetrack.__file__).parent
    versions = " ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return hashlib.sha256(f"{versions} {code_hash(package, JUDGING)}".encode()).hexdigest()


def code_hash(package: Path, names: Iterable[str]) -> str:
    """Hash the statements of these files and folders of a package, and the data files beside them.

    Comments, docstrings and layout do not count: they change no result.
    """
    digest = hashlib.sha256()
    for file in sorted(file for name in names for file in _files(package / name)):
        content = statements(file.read_text(encoding="utf-8")) if file.suffix == ".py" else file.read_bytes()
        digest.update(file.relative_to(package).as_posix().encode() + hashlib.sha256(content).digest())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc"]


def statements(source: str) -> bytes:
    """Give the code without comments, docstrings, other bare strings, and positions."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [one for one in node.body if not _is_text(one)]
    return ast.dump(tree).encode()


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
