"""Which statements of some modules each test goes through.

The modules are compiled with a note before every statement inside a function. What stands outside
of functions runs when the module is imported: it counts as seen by every test that goes through
anything of the module.
"""

import ast
from typing import Final

# The name under which a module finds the function that takes the notes.
NOTE: Final = "__seen__"
_BLOCKS: Final = ("body", "orelse", "finalbody")


def with_notes(tree: ast.Module, file: str) -> ast.Module:
    """The tree, changed to call `__seen__((file, line))` before every statement in a function."""
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.FunctionDef):
            _note(node, file)
    return ast.fix_missing_locations(tree)


def _note(block: ast.AST, file: str) -> None:
    """Put the notes into a function or a statement of one, but not into functions inside it."""
    for field in _BLOCKS:
        statements = getattr(block, field, [])
        noted = []
        for statement in statements:
            if not (isinstance(block, ast.FunctionDef) and _is_text(statement)):  # a docstring
                note = ast.parse(f"{NOTE}(({file!r}, {statement.lineno}))").body[0]
                noted.append(ast.copy_location(note, statement))
            noted.append(statement)
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
                _note(statement, file)
        if noted:
            setattr(block, field, noted)
    for part in (*getattr(block, "handlers", ()), *getattr(block, "cases", ())):
        _note(part, file)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def noted_lines(tree: ast.Module) -> dict[int, int | None]:
    """For each line of a module the one that `__seen__` is called with; None outside functions."""
    lines: dict[int, int | None] = {}

    def visit(node: ast.AST, inside: bool) -> None:
        if isinstance(node, ast.stmt):
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                lines[line] = node.lineno if inside else None
        body = node.body if isinstance(node, ast.FunctionDef) else []
        for child in ast.iter_child_nodes(node):
            visit(child, inside or child in body)

    visit(tree, False)
    return lines
