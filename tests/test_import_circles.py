"""Holds the shape of the package: no import circle between files or folders, no folder with too many files."""

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import facetrack

SOURCE = Path(facetrack.__file__).parent
MOST_FILES = 12

Graph = dict[str, set[str]]


def _module_name(path: Path, source: Path) -> str:
    parts = (source.name, *path.relative_to(source).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _imports(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    """Each (module, name) that a file imports at any depth, unless only for type checkers; name is None for `import module`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif not _is_type_checking(node):
            yield from _imports(node)


def _exports(tree: ast.Module) -> dict[str, tuple[str, str]]:
    """What a package's ``__init__`` passes on, lazily or not: name -> (module, its name there)."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name: (node.module or "", alias.name) for node in found for alias in node.names}


def import_graph(source: Path) -> Graph:
    """Returns for each module of a package the modules of it that it imports; what a package passes on counts as its origin."""
    files = {_module_name(path, source): path for path in sorted(source.rglob("*.py"))}
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in files.items()}
    packages = {name: _exports(trees[name]) for name, path in files.items() if path.name == "__init__.py"}

    def origin(module: str, name: str | None) -> str:
        if name is None:
            return module
        if f"{module}.{name}" in files:
            return f"{module}.{name}"
        passed_on = packages.get(module, {}).get(name)
        return origin(*passed_on) if passed_on is not None and passed_on[0] != module else module

    graph: Graph = {}
    for name, tree in trees.items():
        if name not in packages:
            graph[name] = {origin(*imported) for imported in _imports(tree)} & files.keys() - {name}
    return graph


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Returns the groups of nodes from each of which every other one of its group can be reached."""

    @cache
    def reached(start: str) -> frozenset[str]:
        found: set[str] = set()
        pending = [start]
        while pending:
            new = graph.get(pending.pop(), set()) - found
            found |= new
            pending.extend(new)
        return frozenset(found)

    in_circle = {node for node in graph if node in reached(node)}
    groups = {frozenset({node} | {other for other in reached(node) if node in reached(other)}) for node in in_circle}
    return sorted(sorted(group) for group in groups)


def grouped(graph: Graph, group: Callable[[str], str]) -> Graph:
    """Returns the graph of groups: one imports another where a module of it does."""
    result: defaultdict[str, set[str]] = defaultdict(set)
    for module, imported in graph.items():
        result[group(module)] |= {group(other) for other in imported} - {group(module)}
    return dict(result)


def folder_circles(graph: Graph) -> list[list[str]]:
    """Returns the circles between the files and folders that lie beside each other, in every folder."""
    modules = graph.keys() | set().union(*graph.values())
    folders = {module.rsplit(".", depth)[0] for module in modules for depth in range(1, module.count(".") + 1)}
    found = []
    for folder in sorted(folders):
        inside = {module: {o for o in others if o.startswith(f"{folder}.")} for module, others in graph.items()}
        inside = {module: others for module, others in inside.items() if module.startswith(f"{folder}.")}
        depth = folder.count(".") + 2

        def child(module: str, depth: int = depth) -> str:
            return ".".join(module.split(".")[:depth])

        found += circles(grouped(inside, child))
    return found


def _package(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / "facetrack" / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root / "facetrack"


def test_no_file_imports_itself_in_a_circle() -> None:
    assert circles(import_graph(SOURCE)) == []


def test_no_folder_imports_itself_in_a_circle() -> None:
    assert folder_circles(import_graph(SOURCE)) == []


def test_no_folder_has_more_files_than_a_reader_takes_in() -> None:
    sizes = Counter(path.parent for path in SOURCE.rglob("*.py") if path.name != "__init__.py")
    assert {str(folder): size for folder, size in sizes.items() if size > MOST_FILES} == {}


def test_a_circle_of_files_is_found_even_inside_a_function(tmp_path: Path) -> None:
    inside = "def f():\n    from facetrack.a import x\n"
    graph = import_graph(_package(tmp_path, a="from facetrack.b import y\n", b=inside))
    assert circles(graph) == [["facetrack.a", "facetrack.b"]]


def test_what_only_type_checkers_see_is_no_circle(tmp_path: Path) -> None:
    typing = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from facetrack.a import x\n"
    assert circles(import_graph(_package(tmp_path, a="from facetrack.b import y\n", b=typing))) == []


def test_a_circle_of_folders_is_found_where_no_file_has_one(tmp_path: Path) -> None:
    parts = {"p__a": "import facetrack.q.a\n", "p__b": "", "q__a": "", "q__b": "from facetrack.p.b import z\n"}
    graph = import_graph(_package(tmp_path, **parts))
    assert circles(graph) == []
    assert folder_circles(graph) == [["facetrack.p", "facetrack.q"]]


def test_a_name_that_a_package_passes_on_counts_as_its_origin(tmp_path: Path) -> None:
    init = tmp_path / "facetrack" / "p" / "__init__.py"
    init.parent.mkdir(parents=True)
    init.write_text("from facetrack.p.a import x\n", encoding="utf-8")
    graph = import_graph(_package(tmp_path, p__a="from facetrack.b import y\n", b="from facetrack.p import x\n"))
    assert circles(graph) == [["facetrack.b", "facetrack.p.a"]]
