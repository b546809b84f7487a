"""Docstrings: a function's begins with what it does, a constant's is about the constant, and both are in standard English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "facetrack"
PACKAGES = (
    "app",
    "bench",
    "capture",
    "cli",
    "coach",
    "cues",
    "demonstration",
    "doctor",
    "flow",
    "mannequin",
    "overlay",
    "pipeline",
    "pulse",
    "report",
    "routine",
    "session",
    "signal",
    "system",
    "tracking",
)
NO_VERBS = {
    "A",
    "All",
    "An",
    "As",
    "Each",
    "Every",
    "How",
    "If",
    "In",
    "It",
    "Of",
    "On",
    "One",
    "So",
    "The",
    "To",
    "What",
    "When",
}
NO_VERBS |= {"When", "Where", "Whether", "Which", "Who", "With"}
NOT_ABOUT_IT = {"Again", "Beside", "Else", "Of", "So", "Then"}
DIALECT = re.compile(r"\b(told|tells|of which|goes on|go on|so many|so much|so long|heed|breeds?)\b")


def begins_with_a_verb(docstring: str) -> bool:
    """Check that the first word can be an imperative: "Return the frames", not "The frames" or "Returns the frames"."""
    first = docstring.split()[0].rstrip(",")
    third_person = first.endswith("s") and not first.endswith("ss")
    return re.fullmatch("[A-Z][a-z]+", first) is not None and first not in NO_VERBS and not third_person


def is_about_the_constant(docstring: str) -> bool:
    """Check that the docstring can be read without the lines before it."""
    first = docstring.split()[0].rstrip(",:;")
    return first not in NOT_ABOUT_IT and not first.startswith("...")


def docstrings(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Yield (kind, line, text) of all docstrings; kind: function, constant or other."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        text = ast.get_docstring(node)
        if text:
            decorators = [ast.unparse(one) for one in getattr(node, "decorator_list", [])]
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "property" not in decorators
            yield "function" if is_function else "other", node.body[0].lineno, text
        for before, after in zip(node.body, node.body[1:], strict=False):
            value = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
            if isinstance(value, str) and isinstance(before, ast.Assign | ast.AnnAssign):
                yield "constant", after.lineno, value.strip()


@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_are_plain_sentences(package: str) -> None:
    faults = []
    for path in sorted((SOURCE / package).rglob("*.py")):
        for kind, line, text in docstrings(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(SOURCE)}:{line}: {text.splitlines()[0]}"
            if kind == "function" and not begins_with_a_verb(text):
                faults.append(f"{place}\n    begin with what it does: Return, Draw, Check ...")
            if kind == "constant" and not is_about_the_constant(text):
                faults.append(f"{place}\n    write a sentence about the constant")
            found = DIALECT.search(text)
            if found:
                faults.append(f"{place}\n    say it without {found[0]!r}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("docstring", "good"),
    [("Return the frames.", True), ("Process a frame.", True), ("The frames.", False), ("Returns it.", False), ("(N,)", False)],
)
def test_a_function_s_first_word_is_an_imperative(docstring: str, good: bool) -> None:
    assert begins_with_a_verb(docstring) == good


@pytest.mark.parametrize(("docstring", "good"), [("Longest wait.", True), ("Of the wait.", False), ("Else it waits.", False)])
def test_a_constant_s_docstring_does_not_lean_on_what_is_before_it(docstring: str, good: bool) -> None:
    assert is_about_the_constant(docstring) == good
