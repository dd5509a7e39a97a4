"""`make mutants`: the changes that it makes, what it runs on them, and its list of equivalents."""

import ast
import subprocess
import sys

import pytest

from scripts.mutants.__main__ import PARTS, mutants_of
from scripts.mutants.changes import changes
from scripts.mutants.equivalents import Equivalent, read_equivalents, unmatched
from scripts.mutants.instrument import noted_lines, with_notes
from tests import ROOT


def mutated(source):
    """Every mutant of some source, as source."""
    found = []
    for n in range(len(changes(ast.parse(source)))):
        tree = ast.parse(source)
        changes(tree)[n].apply()
        found.append(ast.unparse(ast.fix_missing_locations(tree)))
    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("a == b", ["a != b"]),
        ("x is None", ["x is not None"]),
        ("0 < n", ["0 <= n", "0 >= n", "1 < n", "-1 < n"]),
        ("a + b", ["a - b"]),
        ("a // b", ["a * b"]),
        ("'a' + b", []),
        ("a and b", ["a or b", "b", "a"]),
        ("not a", ["a"]),
        ("x[-1]", ["x[-2]", "x[-0]"]),
        ("x[1:n]", ["x[:n]", "x[1:]", "x[2:n]", "x[0:n]"]),
        ("x = True", ["x = False"]),
        ("f(a, b)", ["pass", "f(a)"]),
        ("x = f(a, axis=b)", ["x = f(a)"]),
        ("x = min(a)", ["x = max(a)"]),
        ("x = a.astype(np.float32)", ["x = a.astype(np.float64)"]),
        ("x = isinstance(a, str | bytes)", ["x = isinstance(a, str)", "x = isinstance(a, bytes)"]),
        ("x = a if b else c", ["x = a if not b else c"]),
        ("x = [a for a in b if a > c]", [
            "x = [a for a in b]", "x = [a for a in b if a >= c]", "x = [a for a in b if a <= c]"
        ]),
        ("x += a", ["pass", "x -= a"]),
        ("self.x = a", ["pass"]),
        ("x = x or a", ["pass", "x = x and a", "x = a", "x = x"]),
    ],
)  # fmt: skip
def test_one_change_at_a_time(source, expected):
    assert mutated(source) == expected


def test_statements_are_left_out():
    source = "def f(a):\n    if a:\n        return 1\n    raise E(a + 1)"
    found = mutated(source)
    assert "def f(a):\n    if a:\n        pass\n    raise E(a + 1)" in found
    assert "def f(a):\n    if a:\n        return 1\n    pass" in found
    assert "def f(a):\n    if not a:\n        return 1\n    raise E(a + 1)" in found


def test_a_return_that_would_come_anyway_is_left_alone():
    source = """
def f(a):
    if a:
        return None
    try:
        return g(a)
    except KeyError:
        return None
"""
    found = mutated(source)
    assert len(found) == 3
    assert found[0].count("not a") == 1
    assert found[1].count("pass") == found[2].count("pass") == 1
    assert "if a:\n        pass" in found[1]
    assert "try:\n        pass" in found[2]


def test_what_is_for_readers_is_left_alone():
    assert mutated('"""A module, 1."""\nimport a.b\nX: TypeAlias = A | B') == []
    assert mutated("def f(a: int | None) -> A | B:\n    raise E(f'{a + 1} of 3')") == [
        "def f(a: int | None) -> A | B:\n    pass"
    ]
    assert mutated("x = f'{a + 1:3}'") == []
    assert mutated("x = list(zip(a, b, strict=True))") == ["x = list(zip(a, strict=True))"]


def test_a_change_says_where_it_is_and_what():
    tree = ast.parse("class A:\n    def f(self, a):\n        x = 1\n        return g(a[0])\n")
    said = [(change.line, change.within, change.what) for change in changes(tree)]
    assert said == [
        (3, "A.f", "x = 1 → x = 2"),
        (3, "A.f", "x = 1 → x = 0"),
        (4, "A.f", "return g(a[0]) → (left out)"),
        (4, "A.f", "return g(a[0]) → return g(a[1])"),
        (4, "A.f", "return g(a[0]) → return g(a[-1])"),
    ]
    # Finding them leaves the tree as it was.
    assert ast.unparse(tree) == ast.unparse(ast.parse(ast.unparse(tree)))


def test_a_long_statement_is_said_where_it_changes():
    (change,) = changes(ast.parse(f"x = [{'a, ' * 40}b < c{', a' * 40}]"))[:1]
    assert "b < c" in change.what
    assert "b <= c" in change.what
    assert len(change.what) < 170


PROGRAM = '''
FIRST = 1

def f(a):
    """Says what it does."""
    if (
        a
    ):
        b = 2
        return b
    try:
        return [lambda: a][0]()
    except KeyError:
        def g():
            return 3
        return g()
'''


def test_notes_say_which_statements_a_test_goes_through():
    seen = []
    names = {"__seen__": seen.append}
    exec(compile(with_notes(ast.parse(PROGRAM), "f.py"), "f.py", "exec"), names)
    assert seen == []
    assert names["f"].__doc__ == "Says what it does."
    assert names["f"](1) == 2
    assert seen == [("f.py", 6), ("f.py", 9), ("f.py", 10)]
    seen.clear()
    names["f"](0)
    assert seen == [("f.py", 6), ("f.py", 11), ("f.py", 12)]


def test_every_line_belongs_to_the_statement_that_is_noted():
    lines = noted_lines(ast.parse(PROGRAM))
    assert lines[2] is lines[4] is None  # run when the module is imported
    assert [lines[n] for n in (6, 7, 9, 10)] == [6, 6, 9, 10]
    assert [lines[n] for n in (12, 13, 14, 15)] == [12, 11, 14, 15]


def test_an_equivalent_has_a_reason_and_is_a_mutant_still():
    entries = read_equivalents()
    assert all(entry.reason.endswith((".", ".)")) for entry in entries)
    everything = [m.key for part in PARTS.values() for f in part.files for m in mutants_of(f)]
    assert unmatched(entries, everything) == []


def test_an_equivalent_that_is_no_mutant_is_told():
    entry = Equivalent("a.py", "f", ("a < b → a <= b", "gone → (left out)"), "Why.")
    there = [("a.py", "f", "a < b → a <= b"), ("b.py", "f", "gone → (left out)")]
    assert unmatched([entry], there) == [("a.py", "f", "gone → (left out)")]


def test_an_entry_without_a_reason_is_refused(tmp_path):
    path = tmp_path / "equivalents.toml"
    path.write_text('[["a.py"]]\nin = "f"\nchanges = ["a → b"]\n')
    with pytest.raises(ValueError, match="needs in, changes and reason"):
        read_equivalents(path)


def test_the_command_tells_what_is_found_out_from_what_is_not():
    command = [sys.executable, "-m", "scripts.mutants", "--only", "seqviz/cells.py:55"]
    run = subprocess.run(
        [*command, "--tests", "tests/unit/test_cells.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "seqviz/cells.py: 6 of 6 killed (100.0 %)" in run.stdout
    assert run.returncode == 0
    # A test that never comes there finds nothing out.
    nothing = "tests/unit/test_cells.py::test_lstm_blocks_are_input_forget_candidate_output"
    run = subprocess.run(
        [*command, "--tests", nothing], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "seqviz/cells.py: 0 of 6 killed (0.0 %)" in run.stdout
    assert "np.maximum(z, 0, out=out) → return np.minimum(z, 0, out=out)" in run.stdout
    assert run.returncode == 1
