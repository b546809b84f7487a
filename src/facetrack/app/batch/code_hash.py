"""Identifies the code that judges a recording, so that no result outlives the rules that made it."""

import dis
import hashlib
import marshal
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import Any, Final

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
_NO_OPERATION: Final = dis.opmap["NOP"]
"""What a bare string, such as a constant's description, leaves behind."""
_NO_REFERENCES: Final = 2
"""The newest format of marshal in which equal values give equal bytes: later ones write down what is shared."""


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
    """Give the code as Python runs it, which has no comments, docstrings and positions."""
    compiled = compile(source, "", "exec", dont_inherit=True, optimize=2)
    return marshal.dumps(_plain(compiled), _NO_REFERENCES)


def _plain(code: CodeType) -> tuple[Any, ...]:
    """Give what a code object does, without what says where it stands in its file."""
    steps = tuple(step for step in zip(code.co_code[::2], code.co_code[1::2], strict=True) if step[0] != _NO_OPERATION)
    constants = tuple(_plain(value) if isinstance(value, CodeType) else value for value in code.co_consts)
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    arguments = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    return steps, code.co_exceptiontable, constants, names, arguments
