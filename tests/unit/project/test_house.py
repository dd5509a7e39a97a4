"""The house keeps its plan (docs/architecture.md), beyond what import-linter can hold."""

import ast
import re
import shutil
import subprocess

import pytest

from seqviz.app.catalogue import LESSONS
from tests import ROOT

KEYS = [lesson.key for lesson in LESSONS]
MODULES = sorted(path for path in (ROOT / "seqviz").rglob("*.py"))
FACES = {ROOT / "seqviz/__init__.py", ROOT / "seqviz/figures/__init__.py"}

# What a module of a lesson may be called: the same names in each …
ROOMS = {
    *("compute", "data", "with_keras", "verify", "figure", "words", "code", "cached", "shown"),
    *("controls", "questions", "parts", "examples"),
}
# … and what only one lesson has.
OWN = {
    "gather": {"costs", "timing"},
    "layer": {"my_embedding"},
    "ids": {"hashing"},
    "learning": {"second_sentence"},
    "pretrained": {"upload", "fine_tuning"},
    "recurrent": {"gates"},
    "meaning": {"label_places"},
    "cell": {"explain", "parameters"},
    "compare": {"words_on_curves"},
    "training": {"setup", "live", "upload", "problems", "best_unit", "names_on_map"},
}

# All that the project has at its top. What a command leaves there is no part of it.
TOP = {
    *(".ci", ".dockerignore", ".github", ".gitignore", ".streamlit", "LICENSE", "Makefile"),
    *("README.md", "SECURITY.md", "app.py", "benchmarks", "deploy", "docs", "pages"),
    *("pyproject.toml", "requirements.txt", "requirements-bench.txt", "requirements-dev.txt"),
    *("requirements-jax.txt", "scripts", "seqviz", "tests"),
}


def imports(path):
    """Module and name of everything that a file imports, at its top or in a function."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_inside_takes_no_name_from_the_face(path):
    modules = {child.stem for child in (ROOT / "seqviz").iterdir()}
    for module, name in imports(path):
        assert module != "seqviz" or name in modules, f"from seqviz import {name}"
        assert module != "seqviz.figures" or path in FACES, f"from seqviz.figures import {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def test_a_lesson_has_one_name_everywhere():
    folders = {path.name for path in (ROOT / "seqviz/lessons").iterdir() if path.is_dir()}
    assert folders - {"__pycache__"} == set(KEYS)
    for key in KEYS:
        assert (ROOT / f"pages/{key}.py").is_file()
        assert (ROOT / f"docs/{key}.png").is_file()
        assert (ROOT / f"tests/unit/lessons/{key}").is_dir()


@pytest.mark.parametrize("key", KEYS)
def test_the_rooms_of_a_lesson_have_the_names_of_all(key):
    names = {path.stem for path in (ROOT / "seqviz/lessons" / key).glob("*.py")} - {"__init__"}
    second = {name for name in names if re.fullmatch("[a-z]+_(figure|with_keras)", name)}
    assert names - second <= ROOMS | OWN.get(key, set())
    assert {"figure", "words", "shown", "questions", "examples"} <= names


@pytest.mark.parametrize("key", KEYS)
def test_a_page_leaves_the_frame_to_the_frame(key):
    page = (ROOT / f"pages/{key}.py").read_text("utf-8")
    for what in ("show_picture", "place_for_picture", "signature_of", "download", "to_html"):
        assert what not in page
    assert page.count("page = open_page(") == page.count("page.compute(") == 1
    assert page.count("page.show(") == 1
    assert len(page.splitlines()) <= 110


@pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(),
    reason="only a git checkout says what belongs to the project",
)
def test_nothing_is_kept_that_a_command_has_left_behind():
    # -c safe.directory: in a container the checkout may be another user's.
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT)]
    tracked = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True).stdout
    assert {path.split("/")[0] for path in tracked.splitlines()} == TOP


def test_no_page_has_a_name_that_another_ends_with():
    """Streamlit 1.67 takes a page's name off the end of `st.context.url`, also in part of another."""
    names = {path.stem for path in (ROOT / "pages").glob("*.py")}
    assert not {(one, other) for one in names for other in names - {one} if other.endswith(one)}
