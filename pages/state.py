"""Where a recurrent layer's first state comes from, and what dropout leaves of it."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import PADDING, STATE
from seqviz.app.frame import link_to, open_page
from seqviz.lessons.state.controls import more_part_controls, part_choice, part_controls
from seqviz.lessons.state.questions import ask_about
from seqviz.lessons.state.shown import show_part
from seqviz.ui import controls
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.markdown import note, say
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box

page = open_page(STATE)

part = part_choice(page.key)
with st.sidebar:
    cell = controls.cell(page.key)
    units = controls.units(page.key)
    chosen = part_controls(page.key, part, cell, units)
    with more(page.key):
        chosen |= more_part_controls(page.key, part)
        embedding_dim = controls.embedding_dim(page.key, default=2)
        vocab_size = controls.vocab_size(page.key)
        seed = controls.seed(page.key)
        level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    cell=cell,
    units=(units,),
    return_sequences=True,
    mask_zero=chosen.get("mask_zero", False),
    seed=seed,
)
shown = page.compute(show_part, part, chosen, config, encoded)
page.ask(ask_about(page.key, part, cell))
page.show(shown)

examples(page.key)
for text in shown.notes:
    note(text)
if part == "stateful":
    with topic(page.key, "padding", "What if the last piece is shorter?") as opened:
        if opened:
            say(
                "Chunks of equal length need padding at the end of the text. With `mask_zero` the state "
                "waits while padding is read (a call that begins with padding returns zeros there, and "
                "still keeps its state). Where a mask goes, and where it gets lost, has a page of its own:"
            )
            link_to(PADDING, here=STATE)

page.end()
