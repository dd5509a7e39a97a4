"""A lesson as a teacher composes it: a few pages, each in a state, with what students may change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

from seqviz.errors import SeqvizError
from seqviz.wording import counted

Mode: TypeAlias = Literal["free", "shown", "hidden"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

MAX_STEPS: Final = 20
MAX_TITLE: Final = 80  # characters
MAX_WORD: Final = 400
_MAX_NAME: Final = 40
_MAX_VALUE: Final = 20_000  # of a control, in characters: a long text is one
_MAX_NAMES: Final = 60


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of a lesson.

    Attributes:
        page: Its key, as in the address.
        state: Its controls, without the page's prefix, as the address writes them.
        controls: What a student may do with single controls: change it (``"free"``), read it
            (``"shown"``), or neither (``"hidden"``).
        rest: The same for all controls that `controls` does not name.
        questions: Names of those that are asked, in the page's own order; None for all of them.
        parts: Of the page that are shown, as ``show=`` in the address; None for all of them.
    """

    page: str
    state: Mapping[str, str] = field(default_factory=dict)
    controls: Mapping[str, Mode] = field(default_factory=dict)
    rest: Mode = "free"
    questions: Sequence[str] | None = None
    parts: Sequence[str] | None = None

    def mode_of(self, control: str) -> Mode:
        """What a student may do with a control, named without the page's prefix."""
        return self.controls.get(control, self.rest)

    def asks(self, question: str) -> bool:
        """Whether a question of the page is asked."""
        return self.questions is None or question in self.questions


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A lesson.

    Attributes:
        steps: At least one.
        title: Of the lesson; may be empty.
        word: What the teacher says to the class before it begins; plain text, may be empty.
    """

    steps: Sequence[Step]
    title: str = ""
    word: str = ""


def check_plan(plan: Plan) -> None:
    """Refuse a lesson that is not one, or that is too large for a link.

    Raises:
        SeqvizError: It has no step or too many, or a text in it is too long.
    """
    if not plan.steps:
        raise SeqvizError("The lesson has no page yet. Open one, set it up, and add it.")
    if len(plan.steps) > MAX_STEPS:
        raise SeqvizError(
            f"The lesson has {counted(len(plan.steps), 'page')}, but at most {MAX_STEPS} fit. "
            "Take some out."
        )
    _check_length("title", plan.title, MAX_TITLE)
    _check_length("word to the class", plan.word, MAX_WORD)
    for step in plan.steps:
        _check_length("name of a page", step.page, _MAX_NAME)
        for name in (*step.state, *step.controls, *(step.questions or ()), *(step.parts or ())):
            _check_length(f"name of a control, question or part of {step.page}", name, _MAX_NAME)
        for name, value in step.state.items():
            _check_length(f"{name} of {step.page}", value, _MAX_VALUE)
        for names in (step.state, step.controls, step.questions or (), step.parts or ()):
            if len(names) > _MAX_NAMES:
                raise SeqvizError(
                    f"The step {step.page} names {len(names)} things of one kind, but at most "
                    f"{_MAX_NAMES} are possible. Take some out."
                )


def _check_length(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise SeqvizError(
            f"The {what} has {len(text):,} characters, but at most {longest:,} fit into a link. "
            "Shorten it."
        )
