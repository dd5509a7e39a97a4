"""The lesson that a teacher is putting together, kept in the session until it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from seqviz.classroom.plan import MAX_STEPS, Mode, Plan, Step
from seqviz.ui.url_state import defaults

_DRAFT: Final = "_draft"
_NOT_STATE: Final = ("step", "ask", "answer", "example")


@dataclass
class DraftStep:
    """A page in a state, and what students may do there.

    Attributes:
        number: Of the draft, never given twice: keys of widgets.
        page: Its key.
        state: Its controls as the address writes them, without the page's prefix.
        free: Controls that students may change; None for all.
        shown: Of the others, those that they may read.
        questions: That are asked; None for all.
        parts: That are shown; None for all.
    """

    number: int
    page: str
    state: dict[str, str]
    free: Sequence[str] | None = None
    shown: Sequence[str] = ()
    questions: Sequence[str] | None = None
    parts: Sequence[str] | None = None

    def as_step(self) -> Step:
        """As a lesson has it."""
        if self.free is None:
            modes: dict[str, Mode] = {}
            rest: Mode = "free"
        else:
            modes = dict.fromkeys(self.free, "free")
            modes |= {name: "shown" for name in self.shown if name not in modes}
            rest = "hidden"
            if modes and all(name in modes for name in defaults(self.page)):
                # Said shorter the other way round.
                rest = "shown"
                modes = dict.fromkeys(self.free, "free")
        return Step(
            page=self.page,
            state=self.state,
            controls=modes,
            rest=rest,
            questions=self.questions,
            parts=self.parts,
        )


@dataclass
class Draft:
    """A lesson that is not finished."""

    title: str = ""
    word: str = ""
    steps: list[DraftStep] = field(default_factory=list)
    numbers: int = 0

    def plan(self) -> Plan:
        """The lesson as it would be sent now."""
        return Plan(
            title=self.title.strip(),
            word=self.word.strip(),
            steps=tuple(step.as_step() for step in self.steps),
        )

    def add(self, step: Step) -> DraftStep:
        """Add a step at the end."""
        self.numbers += 1
        names = [*step.controls, *defaults(step.page)]
        free = [name for name in dict.fromkeys(names) if step.mode_of(name) == "free"]
        shown = [name for name in dict.fromkeys(names) if step.mode_of(name) == "shown"]
        all_free = step.rest == "free" and not any(m != "free" for m in step.controls.values())
        added = DraftStep(
            self.numbers,
            step.page,
            dict(step.state),
            None if all_free else free,
            shown,
            step.questions,
            step.parts,
        )
        self.steps.append(added)
        return added

    def move(self, number: int, by: int) -> None:
        """Move a step up (-1) or down (1)."""
        at = next(i for i, step in enumerate(self.steps) if step.number == number)
        to = at + by
        if 0 <= to < len(self.steps):
            self.steps[at], self.steps[to] = self.steps[to], self.steps[at]

    def remove(self, number: int) -> None:
        """Take a step out."""
        self.steps = [step for step in self.steps if step.number != number]

    def take(self, plan: Plan) -> None:
        """Become a lesson that was sent or saved before."""
        self.title, self.word, self.steps = plan.title, plan.word, []
        for step in plan.steps:
            self.add(step)


def draft() -> Draft:
    """The session's."""
    found: Draft = st.session_state.setdefault(_DRAFT, Draft())
    return found


def state_of(page: str) -> dict[str, str]:
    """The controls of `page` as the address writes them: what differs from the defaults."""
    before = f"{page}_"
    return {
        name[len(before) :]: value
        for name, value in st.query_params.to_dict().items()
        if name.startswith(before) and name[len(before) :] not in _NOT_STATE
    }


def add_this_state(page: str) -> None:
    """Offer to add the page as it is now to the lesson that is being put together."""
    having = draft()
    st.button(
        f"Add this page to it ({len(having.steps)} so far)"
        if having.steps
        else "Add this page to it",
        key=f"{page}_add",
        icon=":material/playlist_add:",
        type="tertiary",
        help="The page as it is now becomes a step of the lesson that you put together under "
        "“Make a lesson”.",
        on_click=_add,
        args=(page,),
        disabled=len(having.steps) >= MAX_STEPS,
    )


def _add(page: str) -> None:
    draft().add(Step(page=page, state=state_of(page)))
    st.toast(f"Added as step {len(draft().steps)}.", icon=":material/playlist_add_check:")
