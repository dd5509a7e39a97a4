"""Single changes to the source of a module, each of which should make a test fail.

A change is small enough to be a slip: a comparison that misses its boundary, a constant that is one
too large, a negation, an argument or a statement left out. What only words depend on is left alone:
strings, annotations, and what stands in a `raise`; and so is `strict=` of `zip`, which asks for
nothing but an error where lengths differ.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final, NamedTuple

_COMPARISONS: Final[dict[type, tuple[type, ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: Final[dict[type, type]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_PAIRS: Final = (
    *(("min", "max"), ("any", "all"), ("minimum", "maximum"), ("argmin", "argmax")),
    *(("zeros", "ones"), ("zeros_like", "ones_like"), ("float32", "float64")),
    *(("startswith", "endswith"), ("lstrip", "rstrip"), ("find", "rfind")),
)
_OPPOSITES: Final = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
_OF_TWO: Final = {"isinstance", "issubclass", "hasattr", "getattr", "map", "filter"}
_STATEMENTS: Final = (ast.stmt, ast.ExceptHandler, ast.match_case)
# Of the longest text: how much is said on both sides of what changes, and in all.
_CONTEXT: Final = 30
_LONGEST: Final = 90


@dataclass(frozen=True)
class Change:
    """One change to a syntax tree.

    Attributes:
        line: Where it is, from 1.
        within: The function that it is in, as ``"Class.method"``; empty outside of all.
        what: It in words, as ``"return a < b → return a <= b"``.
        owner: The node, or the list of nodes, that it is made in.
        key: Attribute of the node, or place in the list.
        new: What comes there; None takes a statement out.
    """

    line: int
    within: str
    what: str
    owner: Any
    key: Any
    new: ast.AST | None

    def apply(self) -> None:
        """Make the change in the tree that it was found in."""
        _put(self.owner, self.key, self.new)


def changes(tree: ast.Module) -> list[Change]:
    """All changes to a module, in the order of its text."""
    found = []
    idle = {id(node) for node in _idle_returns(tree)}
    for node, place, owner, key in _walk(tree, _Place(tree, "")):
        for new in () if id(node) in idle else _variants(node):
            line = getattr(node, "lineno", getattr(place.statement, "lineno", 0))
            what = _what(node, new, place.statement, owner, key)
            found.append(Change(line, place.within, what, owner, key, new))
    return found


def _idle_returns(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every `return None` after which the function would end, and return that, in any case."""
    ends = [node.body for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    while ends:
        match ends.pop():
            case [*_, ast.Return(value=None | ast.Constant(value=None)) as last]:
                yield last
            case [*_, ast.If(body=body, orelse=orelse)]:
                ends += [body, orelse]
            case [*_, ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=[])]:
                ends += [orelse or body, *(handler.body for handler in handlers)]
            case [*_, ast.With(body=body)]:
                ends.append(body)


class _Place(NamedTuple):
    """The innermost statement and function that a node is in."""

    statement: ast.AST
    within: str

    def at(self, node: ast.AST) -> "_Place":
        """The place of a node in this statement."""
        return self._replace(statement=node) if isinstance(node, _STATEMENTS) else self

    def inside(self, node: ast.AST) -> "_Place":
        """The place of what a node has in it."""
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            return self
        return self._replace(within=f"{self.within}.{node.name}".lstrip("."))


def _walk(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place, Any, Any]]:
    """Every node that may change, the place that it is in, and the slot that has it."""
    for field, value in ast.iter_fields(node):
        if _is_for_readers(node, field):
            continue
        slots = enumerate(value) if isinstance(value, list) else [(field, value)]
        for key, child in slots:
            if isinstance(child, ast.AST):
                here = place.at(child)
                yield child, here, (value if isinstance(value, list) else node), key
                yield from _walk(child, here.inside(child))


def _put(owner: Any, key: Any, new: ast.AST | None) -> None:
    if isinstance(owner, list):
        owner[key] = ast.copy_location(ast.Pass(), owner[key]) if new is None else new
    else:
        setattr(owner, key, new)


def _is_for_readers(node: ast.AST, field: str) -> bool:
    """Whether what stands there is read by people and type checkers only."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Name):
        return node.annotation.id == "TypeAlias" or field == "annotation"
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return True
    if isinstance(node, ast.UnaryOp):  # -1 is one constant
        return isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
    return field in ("annotation", "returns", "decorator_list")


def _variants(node: ast.AST) -> Iterator[ast.AST | None]:
    """What might stand in a node's place; None where it may be left out."""
    match node:
        case ast.Compare():
            for at, op in enumerate(node.ops):
                for other in _COMPARISONS[type(op)]:
                    yield _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
            for at in range(len(node.values)):
                rest = node.values[:at] + node.values[at + 1 :]
                yield rest[0] if len(rest) == 1 else _with(node, values=rest)
        case ast.BinOp(op=ast.BitOr()):
            yield from (node.left, node.right)
        case ast.BinOp() if not (_is_text(node.left) or _is_text(node.right)):
            yield _with(node, op=_ARITHMETIC[type(node.op)]())
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
            yield from (_with(node, operand=_constant(node, value + n)) for n in (1, -1))
        case ast.UnaryOp():
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield _constant(node, not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (_constant(node, value + n) for n in (1, -1))
        case ast.Call():
            for at in range(len(node.keywords)):
                if node.keywords[at].arg not in (None, "strict"):
                    rest = node.keywords[:at] + node.keywords[at + 1 :]
                    yield _with(node, keywords=rest)
            if len(node.args) > 1 and not _needs_all(node):
                yield _with(node, args=node.args[:-1])
        case ast.Attribute(attr=name) if name in _OPPOSITES:
            yield _with(node, attr=_OPPOSITES[name])
        case ast.Name(id=name, ctx=ast.Load()) if name in _OPPOSITES:
            yield _with(node, id=_OPPOSITES[name])
        case ast.Slice():
            for part in ("lower", "upper", "step"):
                if getattr(node, part) is not None:
                    yield _with(node, **{part: None})
        case ast.If() | ast.While() | ast.IfExp() if _is_plain(node.test):
            yield _with(node, test=_negated(node.test))
        case ast.comprehension():
            for at, test in enumerate(node.ifs):
                yield _with(node, ifs=node.ifs[:at] + node.ifs[at + 1 :])
                if _is_plain(test):
                    yield _with(node, ifs=[*node.ifs[:at], _negated(test), *node.ifs[at + 1 :]])
        case ast.ExceptHandler(type=ast.Tuple(elts=elts)) if len(elts) > 1:
            for at in range(len(elts)):
                kinds = ast.Tuple(elts[:at] + elts[at + 1 :], ast.Load())
                yield _with(node, type=ast.copy_location(kinds, node.type))
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield None
        case ast.AugAssign():
            yield None
            if type(node.op) in _ARITHMETIC:
                yield _with(node, op=_ARITHMETIC[type(node.op)]())
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            yield None
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield None
        case ast.Assign(targets=[ast.Name(id=name)]) if _reads(node.value, name):
            yield None


def _needs_all(call: ast.Call) -> bool:
    """Whether a call without its last argument is refused in any case."""
    if isinstance(call.args[-1], ast.Starred):
        return True
    return isinstance(call.func, ast.Name) and call.func.id in _OF_TWO and len(call.args) == 2


def _with(node: ast.AST, **values: Any) -> ast.AST:
    new = copy.copy(node)
    for name, value in values.items():
        setattr(new, name, value)
    return new


def _constant(node: Any, value: Any) -> ast.AST:
    return ast.copy_location(ast.Constant(value), node)


def _negated(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def _is_plain(test: ast.expr) -> bool:
    """Whether a condition has no change of its own that turns it round."""
    return not isinstance(test, ast.Compare | ast.BoolOp) and not (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    return isinstance(node, ast.JoinedStr)


def _reads(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


def _what(node: ast.AST, new: ast.AST | None, statement: ast.AST, owner: Any, key: Any) -> str:
    before = _text(statement)
    if new is None:
        return f"{_shortened(before, '')[0]} → (left out)"
    if node is statement:
        return " → ".join(_shortened(before, _text(new)))
    _put(owner, key, new)
    after = _text(statement)
    _put(owner, key, node)
    return " → ".join(_shortened(before, after))


def _text(node: ast.AST) -> str:
    """A node in one line; of a compound statement its first."""
    return ast.unparse(node).strip().split("\n")[0]


def _shortened(before: str, after: str) -> list[str]:
    """Both texts without most of what they start and end with alike."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    cut, rest = max(start - _CONTEXT, 0), max(end - _CONTEXT, 0)
    return [
        ("…" if cut else "") + text[cut : len(text) - rest][:_LONGEST] + ("…" if rest else "")
        for text in (before, after)
    ]


def _alike(before: str, after: str) -> int:
    """How many characters two texts start with alike."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    )
