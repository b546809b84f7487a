"""Small faults that a tired programmer could make, as edits of a source text: what the tests ought to notice."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_COMPARED: Final = {
    ast.Lt: ("<", ">"),
    ast.LtE: ("<=", ">="),
    ast.Gt: (">", "<"),
    ast.GtE: (">=", "<="),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
"""``<`` does not become ``<=``: measured times and lengths are hardly ever equal to a limit, so that would be no fault."""
_CALCULATED: Final = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
_CALLED: Final = {
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "fmin": "fmax",
    "fmax": "fmin",
    "argmin": "argmax",
    "argmax": "argmin",
    "any": "all",
    "all": "any",
}
_LOOSE_KEYWORDS: Final = {"strict", "repr", "init", "encoding", "frozen", "slots"}
"""Arguments that say how Python is to look after something, and decide nothing."""
_LEAST, _MOST = 1e-3, 1e5
"""These numbers and those beyond keep rounding and infinity away; a factor of two does not matter to them."""
_SMALL_INT: Final = 4
"""Whole numbers up to this become their successor, greater ones twice as large."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes ``start`` to ``end`` of a file are replaced by ``text``. line: from 1. operator: what kind of fault it is."""

    start: int
    end: int
    text: str
    line: int
    operator: str

    def applied_to(self, source: str) -> str:
        data = source.encode()
        return (data[: self.start] + self.text.encode() + data[self.end :]).decode()


def edits_of(source: str) -> list[Edit]:
    """All edits of a module's source, in the order of its text.

    Nothing is changed in texts, annotations, decorators, ``__all__``, assertions, what is raised, nor under
    ``if TYPE_CHECKING``.
    """
    edits = list(_Finder(source).module())
    return sorted(set(edits), key=lambda edit: (edit.start, edit.end, edit.text))


class _Finder:
    """Walks through a module and yields the edits of each part of it."""

    def __init__(self, source: str) -> None:
        self._data = source.encode()
        self._line_starts = [0]
        for line in self._data.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))
        self._tree = ast.parse(source)

    def module(self) -> Iterator[Edit]:
        for node in self._tree.body:
            yield from self._within(node)

    def _within(self, node: ast.AST) -> Iterator[Edit]:
        if _is_left_alone(node):
            return
        yield from self._at(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params", "bases"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self._within(child)

    def _at(self, node: ast.AST) -> Iterator[Edit]:
        match node:
            case ast.Compare():
                yield from self._compared(node)
            case ast.BinOp():
                yield from self._between(node.left, node.right, _CALCULATED.get(type(node.op)), "arithmetic")
            case ast.AugAssign():
                yield from self._augmented(node)
            case ast.BoolOp():
                yield from self._joined(node)
            case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
                yield self._edit(node, f"({self._text(node.operand)})", "sign or not removed")
            case ast.Constant():
                yield from self._constant(node)
            case ast.If() | ast.IfExp():
                yield self._edit(node.test, "True", "condition always true")
                yield self._edit(node.test, "False", "condition never true")
            case ast.While():
                yield self._edit(node.test, "False", "condition never true")
            case ast.comprehension():
                for test in node.ifs:
                    yield self._edit(test, "True", "condition always true")
            case ast.Call():
                yield from self._call(node)
            case ast.FunctionDef():
                yield from self._early_returns(node)
            case ast.Continue() | ast.Break():
                yield self._edit(node, "pass", "jump removed")
            case ast.Expr(value=ast.Call()):
                yield self._edit(node, "pass", "call removed")
            case ast.Assign(targets=[ast.Attribute()]):
                yield self._edit(node, "pass", "assignment removed")

    # -- kinds of faults -----------------------------------------------------------------------------------------------

    def _compared(self, node: ast.Compare) -> Iterator[Edit]:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            yield from self._between(left, right, _COMPARED.get(type(operator)), "comparison")

    def _between(self, left: ast.expr, right: ast.expr, swap: tuple[str, str] | None, kind: str) -> Iterator[Edit]:
        """The operator that stands between two operands is exchanged."""
        if swap is None:
            return
        old, new = swap
        begin, end = self._span(left)[1], self._span(right)[0]
        at = self._data.index(old.encode(), begin, end)
        yield Edit(at, at + len(old), new, left.lineno, kind)

    def _augmented(self, node: ast.AugAssign) -> Iterator[Edit]:
        swap = _CALCULATED.get(type(node.op))
        if swap is not None:
            at = self._data.index(swap[0].encode() + b"=", self._span(node.target)[1])
            yield Edit(at, at + len(swap[0]), swap[1], node.lineno, "arithmetic")

    def _joined(self, node: ast.BoolOp) -> Iterator[Edit]:
        word, other = (" and ", " or ") if isinstance(node.op, ast.And) else (" or ", " and ")
        parts = [f"({self._text(value)})" for value in node.values]
        yield self._edit(node, f"({other.join(parts)})", "and/or")
        for left_out in range(len(parts)):
            kept = parts[:left_out] + parts[left_out + 1 :]
            yield self._edit(node, f"({word.join(kept)})", "operand dropped")

    def _constant(self, node: ast.Constant) -> Iterator[Edit]:
        value = node.value
        if isinstance(value, bool):
            yield self._edit(node, str(not value), "constant")
        elif isinstance(value, int):
            yield self._edit(node, str(value + 1 if value <= _SMALL_INT else 2 * value), "constant")
        elif isinstance(value, float) and value == 0.0:
            yield self._edit(node, "1.0", "constant")
        elif isinstance(value, float) and _LEAST < value < _MOST:
            yield self._edit(node, repr(2.0 * value), "constant")
            yield self._edit(node, repr(0.5 * value), "constant")

    def _call(self, node: ast.Call) -> Iterator[Edit]:
        name = node.func
        if not isinstance(name, ast.Name | ast.Attribute):
            return
        word = name.id if isinstance(name, ast.Name) else name.attr
        end = self._span(name)[1]
        if word in _CALLED:
            yield Edit(end - len(word), end, _CALLED[word], name.lineno, "call exchanged")
        elif word == "abs" and len(node.args) == 1:
            yield self._edit(node, f"({self._text(node.args[0])})", "sign or not removed")

    def _early_returns(self, node: ast.FunctionDef) -> Iterator[Edit]:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Return) and inner is not node.body[-1]:
                yield self._edit(inner, "pass", "early return removed")

    # -- places --------------------------------------------------------------------------------------------------------

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._line_starts[node.lineno - 1] + node.col_offset,
            self._line_starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self._data[start:end].decode()

    def _edit(self, node: ast.expr | ast.stmt, text: str, operator: str) -> Edit:
        return Edit(*self._span(node), text, node.lineno, operator)


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.JoinedStr() | ast.Raise() | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.keyword():
            return node.arg in _LOOSE_KEYWORDS
    return False
