"""Stacked recurrent layers, what breaks a stack, and both directions."""

import streamlit as st

from seqviz import StackConfig
from seqviz.app.catalogue import STACKS
from seqviz.app.frame import open_page
from seqviz.lessons.stacks import cached, controls as stack_controls
from seqviz.lessons.stacks.parts import explain_ends, explain_refusal
from seqviz.lessons.stacks.questions import ask_all
from seqviz.lessons.stacks.shown import MERGES, show_both_directions, show_stack
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import more
from seqviz.ui.markdown import note
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box

page = open_page(STACKS)

with st.sidebar:
    view = control(
        st.selectbox,
        "view",
        ["stack", "bidirectional"],
        **url_state.bound(page.key, "view", "stack"),
        help="Layers above each other, or layer 1 alone inside Bidirectional.",
    )
    bidirectional = view == "bidirectional"
    if bidirectional:
        count, order = 1, "timestep"
        merge_mode = MERGES[
            control(
                st.selectbox,
                "merge_mode",
                list(MERGES),
                **url_state.bound(page.key, "merge_mode", "concat"),
                help="How Bidirectional makes one output of two.",
            )
        ]
    else:
        merge_mode = "concat"
        count = stack_controls.layer_count(page.key)
    layers = tuple(stack_controls.layer(page.key, place, count) for place in range(1, count + 1))
    stack_controls.keep_hidden(page.key, count)
    with more(page.key):
        if not bidirectional:
            order = control(
                st.selectbox,
                "play by",
                ["timestep", "layer"],
                **url_state.bound(page.key, "order", "timestep"),
                help="The numbers are the same: no layer looks ahead. Keras goes by layer.",
            )
        embedding_dim = stack_controls.width(
            page.key, "embedding_dim", 2, "Numbers per word: the features that layer 1 reads."
        )
        vocab_size = controls.vocab_size(page.key)
        seed = controls.seed(page.key)
        level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
config = StackConfig(
    layers=layers,
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    bidirectional=bidirectional,
    merge_mode=merge_mode,
    seed=seed,
)
run = page.compute(cached.run_stack, config, encoded.ids, encoded.tokens)
shown = (
    show_both_directions(config, run, encoded)
    if bidirectional
    else show_stack(config, run, encoded, order)
)
page.ask(ask_all(page.key, bidirectional=bidirectional))
page.show(
    shown,
    under=None if run.refused is None else lambda: explain_refusal(page.key, run, layers),
)
examples(page.key)
for text in shown.notes:
    note(text)
if bidirectional:
    ends = cached.compare_ends(config, encoded.ids, encoded.tokens)
    explain_ends(layers[0].units, len(encoded.ids), ends)
page.end()
