"""What a file holds of one step of a lesson: its picture in one state or in several, words, questions."""

import re
from collections.abc import Mapping, Sequence
from contextvars import Context
from itertools import product
from typing import Final, NamedTuple

from markdown_it import MarkdownIt

from seqviz.app.catalogue import Page
from seqviz.app.unseen import UnseenPage, run_unseen
from seqviz.classroom.plan import Step
from seqviz.errors import SeqvizError
from seqviz.ui.player.drawn_file import drawn_data
from seqviz.ui.player.theme import THEMED
from seqviz.ui.shown import Shown

MAX_STATES: Final = 60  # of one step
_MOST_ROWS: Final = 40  # of a table
_WIDEST: Final = 8  # numbers of a vector in a table
_COLOURED: Final = re.compile(r":(?:[a-z]+(?:-[a-z]+)*)\[((?:[^\[\]]|\[[^\]]*\])*)\]")
_MARKDOWN: Final = MarkdownIt("zero").enable(["emphasis", "backticks", "escape", "entity"])


class Option(NamedTuple):
    """An answer, and one sentence on why it is right or wrong; both HTML."""

    text: str
    why: str
    right: bool


class Asked(NamedTuple):
    """A question, as HTML."""

    text: str
    options: Sequence[Option]


class Picture(NamedTuple):
    """A picture in one state.

    Attributes:
        drawn: For ``drawn_file.js``.
        alt: The takeaway, plain text.
        captions: One a step, plain text.
        rows: Of the table, the head first.
    """

    drawn: str
    alt: str
    captions: Sequence[str]
    rows: Sequence[Sequence[str]]


class Sheet(NamedTuple):
    """A step of a lesson.

    Attributes:
        page: Its page.
        idea: In a sentence, as HTML.
        first: What is to be known of its numbers, as HTML.
        questions: That are asked.
        varied: By control: the values of which every combination has a picture.
        pictures: By the values of `varied`, in its order.
        code: The equivalent Keras script.
    """

    page: Page
    idea: str
    first: str
    questions: Sequence[Asked]
    varied: Mapping[str, Sequence[str]]
    pictures: Mapping[tuple[str, ...], Picture]
    code: str


def make_sheet(page: Page, step: Step, varied: Mapping[str, Sequence[str]] | None = None) -> Sheet:
    """Run a step's page in every state that the file is to have.

    Args:
        page: The step's.
        step: Of a lesson.
        varied: By control: values, as the address writes them, in place of the step's own.

    Raises:
        SeqvizError: They are too many, or the page shows no picture in the step's own state.
    """
    varied = varied or {}
    states = list(product(*varied.values()))
    if len(states) > MAX_STATES:
        raise SeqvizError(
            f"“{page.title}” would be in the file in {len(states)} states, but at most "
            f"{MAX_STATES} have room. Choose fewer values, or one control."
        )
    own = run_unseen(page, step.state)
    pictures = {}
    for values in states:
        state = {**step.state, **dict(zip(varied, values, strict=True))}
        try:
            shown = own.shown if state == step.state else run_unseen(page, state).shown
        except SeqvizError:  # Keras refuses this combination: the file has the others
            continue
        assert shown is not None
        # Not as a page is drawn, which leaves figures unchecked that nobody may look into.
        pictures[values] = Context().run(_picture, shown)
    if not pictures:
        raise SeqvizError(f"“{page.title}” has no picture with any of these values.")
    assert own.shown is not None
    return Sheet(
        page,
        to_html(page.idea),
        to_html(own.shown.first),
        _questions(own, step),
        varied,
        pictures,
        own.shown.code,
    )


def to_html(text: str) -> str:
    """A sentence in the Markdown that lessons use, as HTML: code, emphasis, no colours."""
    before = None
    while before != text:  # one colour may stand in another
        before, text = text, _COLOURED.sub(r"\1", text)
    return _MARKDOWN.renderInline(text)


def _questions(page: UnseenPage, step: Step) -> list[Asked]:
    return [
        Asked(
            to_html(one.text),
            [Option(to_html(o), to_html(why), o == one.answer) for o, why in one.options.items()],
        )
        for one in page.questions
        if step.asks(one.name)
    ]


def _picture(shown: Shown) -> Picture:
    figure = shown.draw(palette=THEMED, controls=False, height=shown.height)
    table = shown.table(min(shown.widest, _WIDEST))
    rows = list(zip(*table.values(), strict=True))[:_MOST_ROWS]
    return Picture(
        drawn_data(figure, shown.captions),
        shown.alt,
        shown.captions,
        [list(table), *([_cell(value) for value in row] for row in rows)],
    )


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
