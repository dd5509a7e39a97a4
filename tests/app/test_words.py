"""Terms are explained at their first use on a page, and the glossary has them all."""

import json
import re
from collections import Counter

import pytest

from seqviz.app.catalogue import LESSONS
from seqviz.ui.glossary import GLOSSARY
from seqviz.ui.guided import WORDS
from seqviz.ui.words import term_of
from tests.app.conftest import texts
from tests.app.contract import answer

TITLES = {lesson.key: lesson.title for lesson in LESSONS}
MARK = re.compile(r'\[([^\[\]]+)\]\(([^)\s]*)#term "([^"]*)"\)')


def marks(at):
    """Word, address and title of each term that is marked on the page."""
    return MARK.findall("\n".join(m.value for m in [*at.markdown, *at.success, *at.warning]))


def check(page, at):
    found = marks(at)
    names = [term_of(word).name for word, _, _ in found]
    assert names
    assert Counter(names).most_common(1)[0][1] == 1, names
    for word, address, title in found:
        term = term_of(word)
        here = term.lesson == page
        assert title == term.definition + ("" if here else f" → {TITLES[term.lesson]}")
        assert address == ("" if here else f"{term.lesson}?{term.lesson}_ask=none")


@pytest.mark.parametrize("page", TITLES)
def test_a_page_marks_each_term_once(open_page, page):
    at = open_page(page, ask="none")
    check(page, at)
    (idea,) = [lesson.idea for lesson in LESSONS if lesson.key == page]
    assert idea in texts(at)
    assert marks(at.run()) == marks(at.run())  # a run again marks the same


@pytest.mark.parametrize("page", ["outputs", "padding"])
def test_an_open_question_stands_in_place_of_the_idea_so_its_terms_are_marked_below(
    open_page, page
):
    at = answer(open_page(page), page)
    (idea,) = [lesson.idea for lesson in LESSONS if lesson.key == page]
    seen = "\n".join(
        m.value for m in [*at.markdown, *at.success, *at.warning] if idea not in texts_of(m)
    )
    names = [term_of(word).name for word, _, _ in MARK.findall(seen)]
    assert len(set(names)) == len(names)
    assert {"state", "states", "mask"} & {word for word, _, _ in MARK.findall(seen)}


def texts_of(element):
    return MARK.sub(r"\1", element.value)


def test_what_a_student_typed_is_no_term(open_page):
    at = open_page("recurrent", ask="none", text="loss of the gradient kernel")
    assert not {"loss", "gradient", "kernel"} & {word for word, _, _ in marks(at)}


# Words that learners ask for, as Keras or they write them.
ASKED = """word2vec, Dense, return_sequences, return_state, TimeDistributed, input_dim, SimpleRNN, GRU,
LSTM, Bidirectional, raises, one-hot, gather, gradient, loss, optimizer, mask, kernel, batch, logits,
spectral radius, norm, principal component, cosine, h_T, units"""


def test_the_glossary_has_what_learners_ask_for():
    assert [word for word in ASKED.replace("\n", " ").split(", ") if term_of(word) is None] == []


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("ids", {"input_dim", "raise"}),
        ("compare", {"SimpleRNN", "GRU", "LSTM"}),
        ("outputs", {"return_state", "return_sequences"}),
    ],
)
def test_a_page_marks_what_keras_calls_things(open_page, page, names):
    found = {term_of(word).name for word, _, _ in marks(open_page(page, ask="none"))}
    assert names <= found


def test_the_glossary_has_every_term_under_its_lesson(open_page):
    at = open_page("glossary")
    assert not at.exception
    said = texts(at)
    assert all(f"**{term.name}**: {term.definition}" in said for term in GLOSSARY)
    links = [link.proto.page for link in at.get("page_link")]
    assert {term.lesson for term in GLOSSARY} <= set(links)


@pytest.mark.parametrize(
    ("page", "state", "parts"),
    [
        ("embedding", {}, {"token", "id", "matrix", "row", "output", "timestep"}),
        ("recurrent", {"cell": "LSTM"}, {"input", "hidden", "cell", "block", "output", "LSTM"}),
        ("recurrent", {"units": "64", "text": "a b c " * 9}, {"input", "hidden"}),
        ("outputs", {"return_sequences": "true", "head": "Dense"}, {"output", "head", "hidden"}),
        ("stacks", {}, {"layer", "hidden", "input"}),
        ("stacks", {"view": "bidirectional"}, {"forward", "backward", "output"}),
        ("cell", {"cell": "LSTM"}, {"forget_gate", "input_gate", "output_gate", "candidate"}),
        ("cell", {"cell": "GRU"}, {"update_gate", "reset_gate", "hidden", "input"}),
        ("cell", {"cell": "SimpleRNN"}, {"kernel", "recurrent_kernel", "bias"}),
        ("gather", {}, {"matrix", "row", "one_hot", "product", "Dense"}),
        ("layer", {}, {"id", "matrix", "row", "output"}),
        ("learning", {}, {"matrix", "row", "step"}),
        ("ids", {}, {"matrix", "row", "step"}),
        ("pretrained", {}, {"file", "file_row", "layer", "row"}),
        ("state", {}, {"call", "hidden"}),
        ("padding", {}, {"mask", "padding", "Embedding", "LSTM", "Dense", "Flatten"}),
        ("compare", {}, {"SimpleRNN", "GRU", "LSTM", "difference", "curve"}),
        ("gradients", {}, {"gradient", "input_gradient", "target", "hidden"}),
    ],
)
def test_a_picture_says_where_its_parts_are(open_page, page, state, parts):
    at = open_page(page, ask="none", **state)
    assert not at.exception
    kind, named, *_ = json.loads(at.get("plotly_chart")[0].proto.spec)["layout"]["meta"]
    assert kind == "parts"
    assert parts <= named.keys() <= WORDS.keys()
