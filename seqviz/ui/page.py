"""The page that is open: it places, plays, proves, tabulates and packs what a lesson shows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import streamlit as st

from seqviz.plotly_kit.html_file import to_html
from seqviz.plotly_kit.parts import parts_of
from seqviz.ui import code, downloads, fold, lesson_parts, table, words
from seqviz.ui.classroom.given_lesson import given_step
from seqviz.ui.examples import can_press
from seqviz.ui.first_answers import first_answers
from seqviz.ui.lesson_parts import asked_parts, shows
from seqviz.ui.markdown import say, shapes_line
from seqviz.ui.notebook import notebook
from seqviz.ui.player.drawn_file import to_drawn_html
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.proof import show_proof
from seqviz.ui.question import HIDDEN, Question, ask, know
from seqviz.ui.server.turns import wait_after_all
from seqviz.ui.shown import Shown
from seqviz.ui.url_state import opening_step, page_address, say_what_was_clamped

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class OpenPage:
    """One run of a lesson's page, in this order: `compute`, `ask`, `show`, its own words, `end`.

    Attributes:
        key: Prefix of its parameters in the URL.
        idea: What its files say about the picture.
    """

    def __init__(
        self, key: str, idea: str, settle: Callable[[], None], foot: Callable[[], None]
    ) -> None:
        self.key, self.idea, self._settle, self._foot = key, idea, settle, foot
        self._veiled = False
        self._questions: Sequence[Question] = ()

    def compute(
        self,
        function: Callable[_Arguments, _Result],
        *arguments: _Arguments.args,
        **options: _Arguments.kwargs,
    ) -> _Result:
        """Call `function` once there is a place for the picture of what it returns.

        Above it is one for the questions. What stands above both, such as that a training was
        stopped, may be said out of turn; what is computed here is not.
        """
        wait_after_all()
        say_what_was_clamped()
        self._asks = st.container(key=f"{self.key}_asks", gap="xsmall")
        self._place = place_for_picture(self.key)
        return function(*arguments, **options)

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask one of the questions above the picture; see `seqviz.ui.question`.

        While the page would answer it, the picture that is shown then is veiled, and so is all that
        stands under it.
        """
        know(self.key, questions)  # also those that this lesson leaves out
        step = given_step(self.key)
        self._questions = [one for one in questions if step is None or step.asks(one.name)]
        if self._questions and shows("question"):
            with self._asks:
                self._veiled = ask(self.key, self._questions)

    def show(self, shown: Shown, *, under: Callable[[], None] | None = None) -> None:
        """Show a picture with its player, and under it the proof and the line of shapes.

        Args:
            shown: From the lesson.
            under: Says what must stand right under the picture, such as that Keras refused it.
        """
        self._shown = shown
        self._signature = signature = signature_of(*shown.of)
        step = opening_step(self.key, signature, len(shown.captions) - 1)
        figure = shown.draw(step=step, palette=THEMED, controls=False, height=shown.height)
        words.speak_of(parts_of(figure))
        show_picture(
            figure,
            self._place,
            page=self.key,
            signature=signature,
            step=step,
            captions=_hidden(shown.captions) if self._veiled else shown.captions,
            alt=HIDDEN if self._veiled else shown.alt,
            previewed=not self._veiled,
            answers=first_answers(self.key),
        )
        if under is not None:
            under()
        first = [shown.first, shown.press if can_press(self.key) else ""]
        if any(first):
            say("\n\n".join(filter(None, first)))
        for name, title, said in (
            ("why", "Why these numbers?", shown.why),
            ("reading", "How to read the picture", shown.reading),
        ):
            if said:
                with fold.topic(self.key, name, title) as opened:
                    if opened:
                        say(said)
        if shown.shapes:
            shapes_line(shown.shapes, shown.samples)
        if shown.proof is not None:
            self._proof = st.empty()

    def becomes(self, shown: Shown) -> None:
        """Take what the picture's numbers, code and files have become since it was shown."""
        self._shown = shown

    def numbers(self, more: Callable[[], None] = lambda: None) -> None:
        """Show the picture's numbers as a table, and what is `more` to show of them, once asked."""
        widest = self._shown.widest
        with self._below("numbers", "The numbers") as opened:
            if opened:
                numbers = self._shown.table(widest)
                table.numbers(numbers, cut=self._shown.vector > widest, widest=widest)
                more()

    def code(self) -> None:
        """Show the equivalent Keras code, once asked."""
        with self._below("code", "The same in Keras") as opened:
            if opened:
                code.code(self._shown.code)

    @contextmanager
    def _below(self, name: str, title: str) -> Iterator[bool]:
        """A part under a title, folded unless the address names it; whether to draw what is in it."""
        if asked_parts() is None:
            with fold.topic(self.key, name, title) as opened:
                yield opened
            return
        with lesson_parts.part(self.key, name) as wanted:
            if wanted:
                st.header(title, anchor=False)
            yield wanted

    def take_home(self) -> None:
        """Offer all of it as files."""
        if not shows("files"):
            return
        shown = self._shown
        options = {} if shown.file_height is None else {"height": shown.file_height}
        # Asked for now: what makes a file runs when the page has run to its end.
        link = page_address()

        def drawn() -> str:
            return to_drawn_html(
                shown.draw(palette=THEMED, controls=False, height=shown.height),
                title=shown.title,
                text=self.idea,
                captions=shown.captions,
                alt=shown.alt,
                link=link,
            )

        downloads.downloads(
            self.key,
            html=drawn,
            plotly_html=lambda: to_html(shown.draw(**options), title=shown.title, text=self.idea),
            notebook=lambda: notebook(
                shown.code,
                title=shown.title,
                idea=self.idea,
                questions=self._questions,
                picture=drawn(),
                height=shown.height,
                link=link,
            ),
            table=lambda: shown.table(None),
            arrays=shown.arrays,
            source=shown.code,
            model=shown.model,
        )

    def prove(self) -> None:
        """Lead on; say how far the picture is from Keras, and let what was loaded settle."""
        words.leave()
        say_what_was_clamped()  # by a control that was folded
        self._foot()
        shown = self._shown
        if shown.proof is not None:
            show_proof(self.key, shown.proof, shown.legend, self._signature, self._proof)
        self._settle()

    def end(self) -> None:
        """Show what stands below every lesson: numbers, code, files; and fill in the proof."""
        self.numbers()
        self.code()
        self.take_home()
        self.prove()


def _hidden(captions: Sequence[str]) -> list[str]:
    """What the player says at the steps of a picture that is veiled."""
    return [f"Step {step} of {len(captions) - 1}, hidden" for step in range(len(captions))]
