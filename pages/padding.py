"""Sentences of different length in one batch: the padding, the mask, and who loses it."""

import streamlit as st

from seqviz import PaddingConfig
from seqviz.app.catalogue import PADDING
from seqviz.app.frame import open_page
from seqviz.config import CELLS
from seqviz.lessons.padding import cached
from seqviz.lessons.padding.compute import PADDINGS
from seqviz.lessons.padding.figure import BOXED
from seqviz.lessons.padding.parts import show_masked_states
from seqviz.lessons.padding.questions import ask_about_masks
from seqviz.lessons.padding.shown import show_mask_flow
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.markdown import literal, note
from seqviz.ui.unreadable import read_or_keep

DEFAULT_LINES = "I am Groot too\nI am Groot\nGroot"

page = open_page(PADDING)

with st.sidebar:
    padding = control(
        st.selectbox,
        "padding",
        PADDINGS,
        **url_state.bound(page.key, "padding", PADDINGS[0]),
        help="Of `keras.utils.pad_sequences`, whose default is 'pre'. `TextVectorization` and "
        "`RaggedTensor.to_tensor` always pad after, 'post'.",
    )
    mask_zero = control(
        st.toggle,
        "mask_zero",
        True,
        **url_state.bound(page.key, "mask_zero", True),
        help="Of the Embedding: whether it makes a mask, False where the id is 0.",
    )
    cell = control(st.selectbox, "cell", CELLS, 2, **url_state.bound(page.key, "cell", CELLS[2]))
    return_sequences = control(
        st.toggle,
        "return_sequences",
        True,
        **url_state.bound(page.key, "return_sequences", True),
        help="Return the state after every timestep, not only the last one.",
    )
    with more(page.key):
        units = controls.number(
            page.key, "units", low=1, high=16, default=3, help="Length of the hidden state h."
        )
        zero_output_for_mask = controls.toggle(
            page.key,
            "zero_output_for_mask",
            "Return zeros at padded steps, not the state carried over.",
        )
        seed = controls.seed(page.key)

text = control(
    st.text_area,
    "Sentences, one per line",
    DEFAULT_LINES,
    height=122,
    **url_state.bound(page.key, "lines", DEFAULT_LINES),
)
read = read_or_keep(
    page.key,
    "lines",
    cached.sentences_typed,
    text or "",
    default=(DEFAULT_LINES,),
    is_empty=lambda read: not read.ids,
)
config = PaddingConfig(
    vocab_size=read.vocab_size,
    padding=padding,
    cell=cell,
    units=units,
    return_sequences=return_sequences,
    mask_zero=mask_zero,
    zero_output_for_mask=zero_output_for_mask,
    seed=seed,
)
data = page.compute(cached.run_padding, read.ids, config)
page.ask(ask_about_masks(page.key, cell, mask_zero=mask_zero))
page.show(show_mask_flow(config, read, data))
for stage in data.stages:
    if stage.fate == "lost":
        st.warning(f"Keras warns: {literal(stage.warning)}", icon=":material/warning:")
examples(page.key)
if len(data.ids) > BOXED:
    note(
        f"Of more than {BOXED} sentences each is a row, its words in the colours of their ids. "
        "Grey is what the mask calls padding; the table has all the numbers."
    )
if not (data.ids == 0).any():
    note("All sentences have the same length, so nothing is padded. Make one of them shorter.")

with topic(page.key, "states", "What does the mask change in the states?") as opened:
    if opened:
        show_masked_states(page.key, config, data, read.tokens)
page.end()
