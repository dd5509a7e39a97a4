"""What each lesson promises, in its own numbers: `tests/app/test_<lesson>.py` writes it down as
CONTRACTS, one for each view that has controls of its own, and `test_lessons.py` holds them all to it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

from streamlit.testing.v1 import AppTest

from seqviz.app.catalogue import LESSONS

# In place of any parameter.
HOSTILE = (
    *("", "-1", "0", "999999999999", "1e400", "nan", "abc", "<script>", "true", "\x00"),
    "ل" * 500,
)
# What the smallest settings of the lessons have in common; a page takes what it has.
SMALLEST = {"text": "0", "units": "1", "embedding_dim": "1", "vocab_size": "2"}


class Contract(NamedTuple):
    """Of one view of a lesson. Parameters are written without the page's prefix.

    Attributes:
        defaults: What its controls show as it opens. A link leaves these out, so that changing one
            changes the meaning of old links.
        frames: Steps of its main picture, with the one before the first.
        questions: By name, the right answer.
        smallest: A setting, and the frames of its picture.
        proof: What it says of its numbers.
        view: How an address opens it, if the page does not open with it.
        refused: A setting that is not legal, and what its message says; None where all is.
        shown_at_once: Questions whose answer the picture shows as the page opens.
        unveiled: Questions that nothing on the page answers as it opens, and why: the picture can
            be seen.
        examples: How many there are.
        in_another_picture: Examples that change a picture other than the main one …
        in_words: … and those that change only the code and what is said.
        refused_by_keras: An example that is there for Keras's own error, and a part of it.
        has_model: Whether it offers a `.keras` file.
    """

    defaults: Mapping[str, Any]
    frames: int
    questions: Mapping[str, str]
    smallest: tuple[Mapping[str, str], int] | None = None
    proof: str = "equal to Keras"
    view: Mapping[str, str] = {}
    refused: tuple[Mapping[str, str], str] | None = ({"text": "2 50"}, "50")
    shown_at_once: frozenset[str] = frozenset()
    unveiled: Mapping[str, str] = {}
    examples: int = 0
    in_another_picture: frozenset[str] = frozenset()
    in_words: frozenset[str] = frozenset()
    refused_by_keras: Mapping[str, str] = {}
    has_model: bool = False


def contracts_of(page: str) -> tuple[Contract, ...]:
    """Those of a lesson; the first is of the page as it opens."""
    contracts: tuple[Contract, ...] = import_module(f"tests.app.test_{page}").CONTRACTS
    assert not contracts[0].view
    return contracts


def all_contracts() -> dict[str, tuple[str, Contract]]:
    """By a name, page and contract."""
    return {
        "-".join([lesson.key, *contract.view.values()]): (lesson.key, contract)
        for lesson in LESSONS
        for contract in contracts_of(lesson.key)
    }


def controls(at: AppTest, page: str) -> dict[str, Any]:
    """What the controls on the page show, but for the view."""
    kinds = (
        *(at.text_input, at.text_area, at.selectbox, at.number_input),
        *(at.select_slider, at.slider, at.toggle),
    )
    return {w.key.removeprefix(f"{page}_"): w.value for widgets in kinds for w in widgets}


def asked(at: AppTest, page: str) -> list[str]:
    """The names of the questions that are open: one at most."""
    return [q.key.removeprefix(f"{page}_") for q in at.radio if "Predict first" in q.label]


def answer(at: AppTest, page: str, option: str | None = None, *, show: bool = False) -> AppTest:
    """Choose an option of the open question, the first unless one is given."""
    (name,) = asked(at, page)
    radio = at.radio(key=f"{page}_{name}")
    radio.set_value(radio.options[0] if option is None else option).run()
    key = f"{page}_{name}_show"
    offered = key in [button.key for button in at.button]
    return at.button(key=key).click().run() if show and offered else at


def go_on(at: AppTest, page: str) -> AppTest:
    """Open the next question, or end with the last."""
    return at.button(key=f"{page}_next").click().run()
