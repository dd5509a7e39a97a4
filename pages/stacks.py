"""Stacked recurrent layers, what breaks a stack, and both directions."""

import streamlit as st

from seqviz import StackConfig
from seqviz.app.catalogue import STACKS
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.lessons.stacks import cached as stack_cached, controls as stack_controls
from seqviz.lessons.stacks.parts import (
    MERGES,
    both_directions,
    explain_ends,
    explain_refusal,
    shapes_of,
    stack,
)
from seqviz.lessons.stacks.questions import ask_all
from seqviz.ui import code, controls, downloads, proof, table, url_state
from seqviz.ui.controls import EMBEDDINGS_INITIALIZER
from seqviz.ui.examples import examples
from seqviz.ui.markdown import note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.url_state import opening_step

PAGE = STACKS.key

open_page(STACKS)

with st.sidebar:
    view = st.selectbox(
        "view",
        ["stack", "bidirectional"],
        **url_state.bound(PAGE, "view", "stack"),
        help="Layers above each other, or layer 1 alone inside Bidirectional.",
    )
    bidirectional = view == "bidirectional"
    if bidirectional:
        count, order = 1, "timestep"
        merge_mode = MERGES[
            st.selectbox(
                "merge_mode",
                list(MERGES),
                **url_state.bound(PAGE, "merge_mode", "concat"),
                help="How Bidirectional makes one output of two.",
            )
        ]
    else:
        merge_mode = "concat"
        order = st.selectbox(
            "play by",
            ["timestep", "layer"],
            **url_state.bound(PAGE, "order", "timestep"),
            help="The numbers are the same: no layer looks ahead. Keras goes by layer.",
        )
        count = stack_controls.layer_count(PAGE)
    layers = tuple(stack_controls.layer(PAGE, place, count) for place in range(1, count + 1))
    stack_controls.keep_hidden(PAGE, count)
    embedding_dim = stack_controls.width(
        PAGE, "embedding_dim", 2, "Numbers per word: the features that layer 1 reads."
    )
    vocab_size = controls.vocab_size(PAGE)
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
config = StackConfig(
    layers=layers,
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    bidirectional=bidirectional,
    merge_mode=merge_mode,
    seed=seed,
    embeddings_initializer=EMBEDDINGS_INITIALIZER,
)
place = place_for_picture(PAGE)
run = stack_cached.run_stack(config, encoded.ids, encoded.tokens)
shown = (
    both_directions(run, encoded, (STACKS.title, STACKS.idea))
    if bidirectional
    else stack(run, encoded, order, (STACKS.title, STACKS.idea))
)
signature = signature_of(config, encoded, order)
step = opening_step(PAGE, signature, len(shown.captions) - 1)
show_picture(
    shown.draw(step),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=shown.captions,
    alt=shown.alt,
)
if run.refused is not None:
    explain_refusal(PAGE, run, layers)
proof_place = st.empty()
shapes_line(shapes_of(config, run, len(encoded.ids)))
examples(PAGE)
if not shown.readable:
    note("Too many steps or units for blocks, so the same numbers are drawn as heatmaps.")
if bidirectional:
    ends = stack_cached.compare_ends(config, encoded.ids, encoded.tokens)
    explain_ends(layers[0].units, len(encoded.ids), ends)
ask_all(PAGE, bidirectional)

table.numbers(shown.table(table.NARROW), cut=shown.widest > table.NARROW, widest=table.NARROW)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=shown.html,
    table=lambda: shown.table(None),
    arrays=shown.arrays,
    source=run.code,
    model=lambda: stack_cached.stack_of(config).model,
)
proof.proof(proof_place, stack_cached.verify_stack(config, encoded.ids, encoded.tokens))
settle()
