"""What comes out of a recurrent layer: which of its states it returns, and what a head makes of them."""

from dataclasses import replace

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import OUTPUTS
from seqviz.app.frame import open_page
from seqviz.lessons.outputs import cached as outputs_cached
from seqviz.lessons.outputs.compute import compute_outputs
from seqviz.lessons.outputs.figure import is_readable
from seqviz.lessons.outputs.parts import (
    HEADS,
    explain_refusal,
    say_what_a_sequential_says,
    settings_table,
    what_keras_says,
)
from seqviz.lessons.outputs.questions import ask_all
from seqviz.lessons.outputs.shown import show_outputs
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.markdown import note
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server import cached_models

page = open_page(OUTPUTS)

with st.sidebar:
    cell = controls.cell(page.key)
    units = controls.units(page.key)
    return_sequences = controls.toggle(
        page.key,
        "return_sequences",
        "Return the state after every timestep, not only the last one.",
    )
    return_state = controls.toggle(
        page.key, "return_state", "Return the last state as well: h_T, and for an LSTM c_T."
    )
    head = HEADS[
        control(
            st.selectbox,
            "layer on top",
            list(HEADS),
            **url_state.bound(page.key, "head", next(iter(HEADS))),
            help="What is given the layer's first result.",
        )
    ]
    with more(page.key):
        classes = controls.number(
            page.key,
            "classes",
            low=1,
            high=8,
            default=4,
            help="`units` of the Dense layer. 1: sigmoid, one probability; more: softmax.",
        )
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
    return_sequences=return_sequences,
    return_state=return_state,
    classes=classes,
    head_activation="sigmoid" if classes == 1 else "softmax",
    seed=seed,
)
if head == "time_distributed" and not return_sequences:
    explain_refusal(page.key, config)
else:
    config = replace(config, head=head)

run = page.compute(cached_models.run_model, config, encoded.ids, encoded.tokens)
data = compute_outputs(run.trace)
page.ask(ask_all(page.key, cell, units))
page.show(show_outputs(config, encoded, run, data))

examples(page.key)
if not is_readable(data):
    note("Too many steps or units for boxes, so the same numbers are drawn as heatmaps.")

with topic(page.key, "settings", "What do all four settings return?") as opened:
    if opened:
        settings = outputs_cached.compare_settings(
            replace(config, head="none", return_sequences=False, return_state=False),
            encoded.ids,
            config,
            run,
        )
        settings_table(cell, units, settings, (return_sequences, return_state))
        what_keras_says(config, data, settings, encoded.ids)
if return_state:
    say_what_a_sequential_says(config, data)
page.end()
