"""Whoever follows "Add a lesson" of docs/architecture.md has a lesson that works."""

import shutil
import subprocess
import sys

import pytest

from scripts.new_lesson import make_lesson
from seqviz.app.catalogue import LESSONS
from tests import ROOT

PARTS = ("seqviz", "pages", "tests", "benchmarks", "scripts", "docs", "app.py", "pyproject.toml")
KNOWN_TO_MYPY = ".mypy_cache"  # what `make lint` has found of all other modules: a minute's work


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project with one lesson more."""
    root = tmp_path_factory.mktemp("project")
    known = [KNOWN_TO_MYPY] if (ROOT / KNOWN_TO_MYPY).exists() else []
    for part in (*PARTS, *known):
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / part, root / part)
    make_lesson(root, "word_sizes", "How large is a word?", "Recurrent layers")
    return root


def run(copy, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return done.stdout


def test_it_is_in_the_catalogue_and_has_its_public_names(copy):
    said = run(
        copy,
        "-c",
        "import seqviz, seqviz.figures; from seqviz.app.catalogue import GROUPS, LESSONS;"
        "print(GROUPS['Recurrent layers'][-1].title, len(LESSONS));"
        "print(seqviz.compute_word_sizes.__name__, seqviz.figures.plot_word_sizes.__name__)",
    )
    assert said.splitlines() == [
        f"How large is a word? {len(LESSONS) + 1}",
        "compute_word_sizes plot_word_sizes",
    ]


def test_the_contract_of_all_lessons_and_the_house_hold_for_it(copy):
    said = run(
        copy,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "word_sizes"),
        *("tests/app/test_lessons.py", "tests/unit/lessons/word_sizes"),
        "tests/unit/project/test_house.py",
    )
    # The contract's, its own, the house's rooms and page, and two of each of its eight modules.
    assert int(said.rsplit("\n", 2)[1].split()[0]) >= 25


def test_it_keeps_the_floors_and_the_style(copy):
    run(copy, "-m", "ruff", "check", ".")
    run(copy, "-c", "from importlinter.cli import lint_imports; assert not lint_imports()")
    run(copy, "-m", "mypy", "seqviz/lessons/word_sizes", "pages/word_sizes.py")


@pytest.mark.parametrize(
    ("name", "group", "said"),
    [
        ("Row-Lengths", "Embedding", "as in an address"),
        ("recurrent", "Embedding", "already"),
        ("new", "Nowhere", "'Embedding', 'Recurrent layers'"),
    ],
)
def test_what_cannot_be_made_is_said_and_writes_nothing(tmp_path, name, group, said):
    (tmp_path / "seqviz/app").mkdir(parents=True)
    shutil.copy(ROOT / "seqviz/app/catalogue.py", tmp_path / "seqviz/app/catalogue.py")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/recurrent.py").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ValueError, match=said):
        make_lesson(tmp_path, name, "Title", group)
    assert sorted(tmp_path.rglob("*")) == before
