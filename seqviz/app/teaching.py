"""Notes for teachers, written from what the lessons themselves say: so that they stay true."""

from collections.abc import Mapping, Sequence
from typing import Final

from seqviz.app.catalogue import GROUPS, Page, page_of
from seqviz.app.misconceptions import ABOUT_EMBEDDING, ABOUT_RECURRENT
from seqviz.app.unseen import run_unseen
from seqviz.ui.question import Question

_NO_PARAMETERS: Final = ("text", "read_as")

_HEAD: Final = """\
# Teaching with seqviz

Two tracks of 45 minutes. For each lesson: its idea, what students get wrong, what to ask and why the
answer is right, and the controls with what they start from. **Make a lesson** in the app puts pages in
the states that you want behind one link, with only the controls and questions that you choose; a room
lets the class answer together, and the wall shows the counts.

This page is written by `python -m scripts.make_teaching` from the lessons themselves.
"""


def teaching_notes() -> str:
    """The notes as Markdown; Keras must be awake, since each lesson is run for its questions."""
    parts = [_HEAD]
    for group, lessons in GROUPS.items():
        minutes = sum(lesson.minutes for lesson in lessons)
        parts.append(f"## {group}, {minutes} minutes\n")
        parts += [_lesson(number, lesson) for number, lesson in enumerate(lessons, 1)]
    return "\n".join(parts)


def _lesson(number: int, lesson: Page) -> str:
    opened = run_unseen(lesson, {})
    needed = ", ".join(page_of(key).title for key in lesson.needs)
    lines = [
        f"### {number}. {lesson.title} ({lesson.minutes} minutes)\n",
        lesson.idea + (f" Before this: {needed}." if needed else "") + "\n",
        *_wrong(lesson),
        *_asked(opened.questions),
        *_parameters(opened.controls),
    ]
    return "\n".join(lines)


def _wrong(lesson: Page) -> list[str]:
    beliefs = [one for one in (*ABOUT_EMBEDDING, *ABOUT_RECURRENT) if one.lesson is lesson]
    if not beliefs:
        return []
    said = [f"- “{one.belief}” {one.truth}" for one in beliefs]
    return ["**What students get wrong**\n", *said, ""]


def _asked(questions: Sequence[Question]) -> list[str]:
    lines = ["**What to ask**\n"]
    for one in questions:
        options = " / ".join(one.options)
        lines.append(f"- {one.text} ({options})")
        lines.append(f"  **{one.answer}.** {one.options[one.answer]}")
    return [*lines, ""]


def _parameters(controls: Mapping[str, object]) -> list[str]:
    rows = [
        f"| `{name}` | {_written(value)} |"
        for name, value in sorted(controls.items())
        if name not in _NO_PARAMETERS
    ]
    if not rows:
        return []
    return ["| control | starts from |", "|---|---|", *rows, ""]


def _written(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " / ")
