"""Imports a package's names when they are first used, as SPEC 1 of Scientific Python does, so that importing it is quick."""

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any


def lazy_imports(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Make a package's ``__getattr__``, ``__dir__`` and ``__all__`` from the imports under its ``if TYPE_CHECKING:``.

    So each name stands once in the package's file, where type checkers see it too.
    """
    loader: Any = sys.modules[package].__loader__
    blocks = [node.body for node in ast.parse(loader.get_source(package)).body if isinstance(node, ast.If)]
    imports = [node for block in blocks for node in block if isinstance(node, ast.ImportFrom)]
    homes = {alias.name: str(node.module) for node in imports for alias in node.names}

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load, lambda: sorted(homes), sorted(homes)
