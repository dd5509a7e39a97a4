"""The lesson that a teacher composed and sent, as far as the address says one.

Its whole state is the parameter ``lesson`` (see `seqviz.classroom.link`); ``at`` says which of its
steps is open, and ``room`` which class answers together. Whoever deletes the parameters has the whole
page: a lesson guides, and hides no secret.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from seqviz.classroom.link import Opened, read_link
from seqviz.classroom.plan import Plan, Step
from seqviz.errors import SeqvizError
from seqviz.ui.server.cache import kept
from seqviz.ui.url_state import said

LESSON: Final = "lesson"
AT: Final = "at"
ROOM: Final = "room"


class Given(NamedTuple):
    """What the address says.

    Attributes:
        link: The lesson, as the address writes it.
        plan: The lesson.
        notices: What of the link is not known here.
        at: Which step is open, from 0.
        room: The room's code and key as the link has them; empty if there is none.
    """

    link: str
    plan: Plan
    notices: tuple[str, ...]
    at: int
    room: str

    @property
    def step(self) -> Step:
        """The step that is open."""
        return self.plan.steps[self.at]

    def address(self, at: int) -> dict[str, str]:
        """The parameters of one of its steps: of the lesson, and of the page's state."""
        step = self.plan.steps[at]
        state = {f"{step.page}_{name}": value for name, value in step.state.items()}
        show = {} if step.parts is None else {"show": ",".join(step.parts)}
        return {**state, **show, AT: str(at), **self.beginning()}

    def beginning(self) -> dict[str, str]:
        """The parameters of the page that the lesson begins with."""
        room = {ROOM: self.room} if self.room else {}
        return {**room, LESSON: self.link}


def given() -> Given | None:
    """The lesson of the address; None if it says none, or one that cannot be read.

    What cannot be read is said where the lesson begins (`pages/lesson.py`).
    """
    link = said(LESSON)
    if not link:
        return None
    try:
        opened = _read(link)
    except SeqvizError:
        return None
    return Given(
        link,
        opened.plan,
        opened.notices,
        min(_number(said(AT)), len(opened.plan.steps) - 1),
        said(ROOM),
    )


def given_step(page: str) -> Step | None:
    """The open step, if it is of `page`."""
    lesson = given()
    return lesson.step if lesson is not None and lesson.step.page == page else None


def all_free(page: str, controls: Iterable[str] | None = None) -> bool:
    """Whether none of the named controls (without any: no control of `page`) is locked."""
    step = given_step(page)
    if step is None:
        return True
    if controls is None:
        return step.rest == "free" and all(m == "free" for m in step.controls.values())
    return all(step.mode_of(name) == "free" for name in controls)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


@kept(64)
def _read(link: str) -> Opened:
    return read_link(link)
