"""Begin a lesson: a folder with every room, its page, its tests, its entry in the catalogue.

    python -m scripts.new_lesson attention "Where it looks" --group "Recurrent layers"

Made from `scripts/lesson_template`, which is a small lesson that works: it opens, is tested by the
contract of all lessons, and is changed from there. docs/architecture.md says what is left to do.
"""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

TEMPLATE: Final = Path(__file__).parent / "lesson_template"
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# What does not go into the lesson's folder.
_ELSEWHERE: Final = {
    "page.py": "pages/{name}.py",
    "test_app.py": "tests/app/test_{name}.py",
    "test_compute.py": "tests/unit/lessons/{name}/test_compute.py",
}


def make_lesson(root: Path, name: str, title: str, group: str) -> list[Path]:
    """Write the files of a new lesson into the project at `root`, and enter its names.

    Args:
        root: Of the project.
        name: Key of the lesson, as in its address: lower case, words joined by ``_``.
        title: Of its page.
        group: Of the navigation, such as ``"Embedding"``.

    Returns:
        What was written.

    Raises:
        ValueError: The name cannot be one or is taken, or there is no such group.
    """
    catalogue = root / "seqviz/app/catalogue.py"
    groups = re.findall(r'^    "(.+)": \(', catalogue.read_text("utf-8"), re.MULTILINE)
    if not _NAME.fullmatch(name):
        msg = f"{name!r} is no name of a lesson. Write it as in an address: row_lengths."
        raise ValueError(msg)
    if (root / "pages" / f"{name}.py").exists():
        msg = f"There is a page {name!r} already. Choose another name."
        raise ValueError(msg)
    if group not in groups:
        msg = f"There is no group {group!r}; there are {', '.join(map(repr, groups))}."
        raise ValueError(msg)
    written = []
    for source in sorted(TEMPLATE.glob("*.py")):
        place = _ELSEWHERE.get(source.name, f"seqviz/lessons/{{name}}/{source.name}")
        target = root / place.format(name=name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_renamed(source.read_text("utf-8"), name), "utf-8")
        written.append(target)
    tests = root / f"tests/unit/lessons/{name}/__init__.py"
    tests.touch()
    _edit(catalogue, lambda text: _in_catalogue(text, name, title, group))
    _edit(root / "seqviz/app/track_questions.py", lambda text: _with_question(text, name))
    _edit(
        root / "seqviz/__init__.pyi",
        lambda text: _with_import(text, f".lessons.{name}.compute", f"compute_{name}"),
    )
    _edit(
        root / "seqviz/figures/__init__.py",
        lambda text: _with_import(text, f"seqviz.lessons.{name}.figure", f"plot_{name}"),
    )
    return [*written, tests]


def _renamed(text: str, name: str) -> str:
    camel = "".join(word.capitalize() for word in name.split("_"))
    for old, new in (("row_lengths", name), ("ROW_LENGTHS", name.upper()), ("RowLengths", camel)):
        text = text.replace(old, new)
    return text


def _edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def _in_catalogue(text: str, name: str, title: str, group: str) -> str:
    entry = (
        f'{name.upper()}: Final = Page(\n    "pages/{name}.py",\n    "{title}",\n'
        f'    ":material/school:",\n    "How long is the row that each id looks up?",\n    minutes=5,\n)\n\n\n'
    )
    text = text.replace("MISCONCEPTIONS: Final", f"{entry}MISCONCEPTIONS: Final")
    return re.sub(
        rf'(    "{re.escape(group)}": \([^)]*)\)', rf"\g<1>, {name.upper()})", text, count=1
    )


def _with_question(text: str, name: str) -> str:
    """The text with the template's question among those of all tracks."""
    entry = f'    "{name}": {{"ones": Counted("the length of a row of ones")}},'
    return text.removesuffix("}\n") + entry + "\n}\n"


def _with_import(text: str, module: str, name: str) -> str:
    """The text with one more import, where the alphabet has it."""
    line = f"from {module} import {name} as {name}\n"
    for found in re.finditer(r"^from (\S+) import", text, re.MULTILINE):
        if found[1] > module:
            return text[: found.start()] + line + text[found.start() :]
    return text + line


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="key of the lesson, as in its address")
    parser.add_argument("title", help="of its page")
    parser.add_argument("--group", default="Embedding", help="of the navigation")
    chosen = parser.parse_args()
    project = Path(__file__).parent.parent
    try:
        files = make_lesson(project, chosen.name, chosen.title, chosen.group)
    except ValueError as error:
        sys.exit(str(error))
    print(*(f"wrote {path.relative_to(project)}" for path in files), sep="\n")
    print('Now make it yours, as docs/architecture.md says under "Add a lesson".')
