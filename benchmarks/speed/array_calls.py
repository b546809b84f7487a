"""Counts the array operations that a frame takes in ``geometry/``, without a stopwatch.

The figure is the same on every machine and in every run. The modules of ``geometry/`` are compiled with a counter around each
operator and each call; it counts what works on an array: arithmetic, comparisons, numpy's functions and the arrays' methods.
Indexing, attributes and the package's own functions don't count.
"""

import ast
import importlib
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any, Final

import numpy as np

from facetrack.packets import Observation

PACKAGE: Final = "facetrack.geometry"
ARRAYS: Final = (np.ndarray, np.generic)

COUNTS: Counter[str] = Counter()
"""Array operations so far, by module and line."""


def array_calls(observations: Sequence[Observation]) -> list[int]:
    """Return the array operations that each frame takes from landmarks to quantised places on the face.

    The modules of ``geometry/`` are imported anew for this, so that nothing else runs slower afterwards.
    """
    judge_modules = _imported_anew("facetrack.geometry.mapper", "facetrack.geometry.quantisation")
    mapper, quantise = judge_modules[0].FaceMapper(), judge_modules[1].quantise
    calls = []
    for observation in observations:
        COUNTS.clear()
        quantise(mapper.update(observation)[0])
        calls.append(COUNTS.total())
    return calls


def _imported_anew(*names: str) -> list[ModuleType]:
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith(PACKAGE)}
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        return [importlib.import_module(name) for name in names]
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(kept)


class _Finder(MetaPathFinder):
    """Finds the package's modules as Python does, and has them loaded with counters."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname.startswith(PACKAGE) else None
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        tree = _Counting(fullname.removeprefix(f"{PACKAGE}.")).visit(ast.parse(self.get_data(self.path)))
        return compile(ast.fix_missing_locations(tree), self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(_counted=_counted, _called=_called)
        super().exec_module(module)


class _Counting(ast.NodeTransformer):
    """Puts a counter around operators and calls."""

    def __init__(self, module: str) -> None:
        self._module = module

    def visit(self, node: ast.AST) -> Any:
        """Visit what is inside first."""
        node = self.generic_visit(node)
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare):
            return self._around("_counted", node, node)
        if isinstance(node, ast.Call) and not any(isinstance(one, ast.Starred) for one in node.args):
            return self._around("_called", node, node.func, *node.args, keywords=node.keywords)
        if isinstance(node, ast.AugAssign):
            target = ast.parse(ast.unparse(node.target), mode="eval").body
            return [node, ast.copy_location(ast.Expr(self._around("_counted", node, target)), node)]
        return node

    def _around(self, name: str, node: Any, *inside: Any, keywords: Sequence[ast.keyword] = ()) -> ast.Call:
        where = ast.Constant(f"{self._module}:{node.lineno}")
        call = ast.Call(ast.Name(name, ast.Load()), [where, *inside], list(keywords))
        return ast.copy_location(call, node)


def _counted(where: str, value: Any) -> Any:
    COUNTS[where] += isinstance(value, ARRAYS)
    return value


def _called(where: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call the function; count it if it is numpy's or an array's own."""
    of_numpy = isinstance(function, np.ufunc) or (getattr(function, "__module__", None) or "").startswith("numpy")
    COUNTS[where] += of_numpy or isinstance(getattr(function, "__self__", None), (*ARRAYS, np.ufunc))
    return function(*args, **kwargs)


def main() -> None:
    from benchmarks.accuracy.bent_heads import bent_case
    from benchmarks.accuracy.cases import performance_of
    from benchmarks.accuracy.truth_level import observations_of

    case = bent_case("fascia/cheeks", {"yaw_deg": 20.0})
    observations, _ = observations_of(case, performance_of(case))
    calls = zip(array_calls(observations), observations, strict=True)
    both_hands = statistics.median(count for count, observation in calls if observation.hand_seen.all())
    print(f"{both_hands:.0f} array operations in geometry/ a frame with both hands; by module:")
    for module, count in Counter(where.split(":")[0] for where in COUNTS.elements()).most_common():
        print(f"{count:6d} {module}")


if __name__ == "__main__":
    main()
