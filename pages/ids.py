"""Which ids are legal, what an Embedding does with the others, and hashing words into bins."""

import streamlit as st

from seqviz.app.catalogue import IDS
from seqviz.app.frame import open_page
from seqviz.lessons.ids import cached
from seqviz.lessons.ids.hashing import word_bins_table
from seqviz.lessons.ids.parts import show_bins
from seqviz.lessons.ids.questions import ask_about_ids
from seqviz.lessons.ids.shown import show_ids, with_bins
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import topic
from seqviz.ui.markdown import note, say
from seqviz.ui.table import show_table
from seqviz.ui.unreadable import read_or_keep

DEFAULT_IDS = "0 3 9 10 -1 1.7"

page = open_page(IDS)

with st.sidebar:
    vocab_size = controls.number(
        page.key,
        "vocab_size",
        low=2,
        high=controls.MAX_VOCAB_SIZE,
        default=10,
        help="`input_dim` in Keras: rows of the matrix, the largest id + 1.",
    )

typed = (
    control(
        st.text_input,
        "Ids, legal or not: also -1, 1.7, 1e9, nan",
        value=DEFAULT_IDS,
        **url_state.bound(page.key, "ids", DEFAULT_IDS),
        placeholder=DEFAULT_IDS,
    )
    or ""
)
numbers = read_or_keep(
    page.key,
    "ids",
    cached.ids_typed,
    typed,
    default=(DEFAULT_IDS,),
    is_empty=lambda numbers: not numbers.values,
)
trace = page.compute(cached.run_ids, numbers, vocab_size)
page.ask(ask_about_ids(page.key))
shown = show_ids(numbers, vocab_size, trace)
page.show(shown)
examples(page.key)
note("Each id went through a real Embedding on its own, by TensorFlow on this server's CPU.")
with topic(page.key, "elsewhere", "Is it so everywhere?") as opened:
    if opened:
        say(
            "On a GPU TensorFlow's documentation (`tf.gather`) promises zeros, not an error, for an id "
            "outside. What nan, inf and numbers beyond int32 are cast to is up to the processor."
        )

with topic(page.key, "hashing", "Can words do without a vocabulary?") as opened:
    bins = show_bins(page.key) if opened else None


def bins_too() -> None:
    """Show the bin of each word below the ids."""
    if bins is not None and bins.words:
        show_table(word_bins_table(bins), alt="The bin of each word")


page.numbers(bins_too)
if bins is not None:
    page.becomes(with_bins(shown, bins))
page.code()
page.take_home()
page.prove()
