"""Which ids are legal, what an Embedding does with the others, and hashing words into bins."""

import streamlit as st

from seqviz import SeqvizError
from seqviz.app.catalogue import IDS
from seqviz.app.frame import open_page
from seqviz.lessons.ids import cached
from seqviz.lessons.ids.hashing import word_bins_table
from seqviz.lessons.ids.parts import show_bins
from seqviz.lessons.ids.questions import ask_about_ids
from seqviz.lessons.ids.shown import show_ids, with_bins
from seqviz.ui import controls, table, url_state
from seqviz.ui.examples import examples
from seqviz.ui.markdown import literal, note

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
    num_bins = controls.number(
        page.key,
        "num_bins",
        low=1,
        high=controls.MAX_VOCAB_SIZE,
        default=8,
        help="Of `keras.layers.Hashing`, further down: bins for words, and rows of the matrix "
        "that reads them.",
    )

typed = (
    st.text_input(
        "Ids, legal or not: also -1, 1.7, 1e9, nan",
        value=DEFAULT_IDS,
        **url_state.bound(page.key, "ids", DEFAULT_IDS),
        placeholder=DEFAULT_IDS,
    )
    or ""
)
try:
    numbers = cached.ids_typed(typed)
except SeqvizError as error:
    st.error(literal(str(error)), icon=":material/edit:")
    st.stop()
for notice in numbers.notices:
    st.info(literal(notice), icon=":material/info:")
if not numbers.values:
    st.stop()

trace = page.compute(cached.run_ids, numbers, vocab_size)
page.ask(ask_about_ids(page.key))
shown = show_ids(numbers, vocab_size, trace)
page.show(shown)
examples(page.key)
note(
    "Each id went through a real Embedding on its own, by TensorFlow on this server's CPU. On a "
    "GPU TensorFlow's documentation (`tf.gather`) promises zeros, not an error, for an id "
    "outside. What nan, inf and numbers beyond int32 are cast to is up to the processor."
)

bins = show_bins(page.key, num_bins)

page.numbers()
if bins.words:
    table.show_table(word_bins_table(bins), alt="The bin of each word")
page.becomes(with_bins(shown, bins))
page.code()
page.take_home()
page.prove()
