"""Terms and parts of pictures are marked in what lessons say, and nothing else is changed."""

import re

import pytest
from hypothesis import example, given, settings, strategies as st

from seqviz.app.catalogue import LESSONS
from seqviz.ui import words
from seqviz.ui.glossary import GLOSSARY
from seqviz.ui.guided import WORDS
from seqviz.ui.markdown import typed
from tests.app.conftest import without_marks

STEADY = settings(deadline=None, database=None, derandomize=True)
TITLES = tuple((lesson.key, lesson.title) for lesson in LESSONS)
PARTS = frozenset(WORDS)
NAMES = [term.name for term in GLOSSARY]
# Whatever Markdown is made of, and words that could be marked.
PIECES = st.sampled_from(
    [
        *(
            "`",
            "``",
            "$",
            "$$",
            "[",
            "]",
            "(",
            ")",
            "![",
            "\\",
            "*",
            "**",
            ":",
            ":gray[",
            "\n",
            " ",
        ),
        *("<", ">", "http://", ":material/tag:", "x", "₂", "7", "-", "_", "."),
        *NAMES,
        *("“", "”", "state", "h", "row", "forget gate", "∂L/∂h"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=40)


def mark(text, *, used=(), parts=(), here="embedding"):
    return words.mark(text, here, TITLES, frozenset(used), frozenset(parts))


def found(text):
    """The words that are marked as terms."""
    return re.findall(r'\[([^\[\]]+)\]\([^)\s]*#term "[^"]*"\)', text)


def test_each_term_is_defined_once_and_its_lesson_exists():
    assert len(set(NAMES)) == len(NAMES)
    assert {term.lesson for term in GLOSSARY} <= dict(TITLES).keys()


def test_no_two_terms_are_written_alike_and_no_two_parts():
    forms = [form for term in GLOSSARY for form in words.forms_of(term).split("|")]
    assert len(set(forms)) == len(forms)
    forms = [form for some in WORDS.values() for form in some.split("|")]
    assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("term", GLOSSARY, ids=lambda term: term.name)
def test_a_definition_is_short_and_plain(term):
    assert 20 < len(term.definition) <= 110
    assert term.definition.endswith(".")
    assert not set(term.definition) & set('"[]`$*_<>|\\')
    assert "→" not in term.definition


@pytest.mark.parametrize("name", ["token", "loss", "one-hot", "h_T", "spectral radius", "gate"])
def test_a_term_becomes_a_link_to_its_lesson_that_has_its_definition(name):
    (term,) = [term for term in GLOSSARY if term.name == name]
    text, terms = mark(f"So the {name}, and a {name}.", here="ids")
    lesson = f"{term.lesson}?{term.lesson}_ask=none"
    title = f"{term.definition} → {dict(TITLES)[term.lesson]}"
    assert text == f'So the [{name}]({lesson}#term "{title}"), and a {name}.'
    assert terms == (name,)
    assert mark(f"So the {name}.", used=[name])[0] == f"So the {name}."


def test_on_the_lesson_that_shows_it_a_term_is_no_link_to_it():
    (term,) = [term for term in GLOSSARY if term.name == "loss"]
    assert mark("a loss", here=term.lesson)[0] == f'a [loss](#term "{term.definition}")'


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Gradients and a gradient", ["Gradients"]),
        ("Hidden states; a state", ["Hidden states"]),
        ("**Gather:** slope 0", ["Gather"]),
        (":gray[:small[the **loss**, small]]", ["loss"]),
        ("the `tf.IndexedSlices` of a step", ["`tf.IndexedSlices`"]),
        ("the recurrent kernel, the kernel", ["recurrent kernel", "kernel"]),
        ("gatekeeper, mask_zero, id-card, lossy, non-trainable", []),
    ],
)
def test_terms_are_whole_words_in_any_form(text, marked):
    assert found(mark(text)[0]) == marked


@pytest.mark.parametrize(
    "text",
    [
        "`loss`, ``a loss ` ``, `tf.function(loss)`",
        "$loss = h_T$ and $$loss$$",
        "[the loss](http://a.b/loss) ![a mask](loss.png) [**loss** [h]](x)",
        ":material/loss: :loss[ ] <loss> https://loss.org/loss",
        r"\loss, \h",
        "“the loss” and “h”",
    ],
)
def test_code_formulas_links_and_alternative_texts_are_never_marked(text):
    assert mark(text, parts=PARTS) == (text, ())


@STEADY
@given(TEXTS, st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(sorted(PARTS))))
@example("a [b] (c) loss", set(), set())
def test_nothing_but_marks_is_added(text, used, parts):
    marked, terms = mark(text, used=used, parts=parts)
    assert len(set(terms)) == len(terms)
    assert not set(terms) & used
    if not re.search(r"#(term|part)", text):
        assert without_marks(marked) == text


@STEADY
@given(TEXTS)
def test_what_was_typed_is_never_marked(text):
    said = f"Nearest to {typed(text)} by"
    assert mark(said, parts=PARTS) == (said, ())


def test_words_stand_for_parts_of_the_picture_where_it_has_them():
    text = "The forget gate, h₂ and row 7 of the matrix; 3 rows."
    used = ["gate"]
    assert mark(text, used=used)[0] == text
    assert mark(text, used=used, parts=["forget_gate", "hidden", "row"])[0] == (
        "The [forget gate](#part), [h₂](#part) and [row 7](#part) of the matrix; 3 [rows](#part)."
    )
