"""SimpleRNN, GRU and LSTM side by side: their states, their weights, and what they remember."""

from typing import Final

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import COMPARE
from seqviz.app.frame import open_page
from seqviz.lessons.compare.cached import run_memory
from seqviz.lessons.compare.parts import say_sentences, weights_list
from seqviz.lessons.compare.questions import ask_about_memory
from seqviz.lessons.compare.shown import show_memory
from seqviz.ui import (
    controls,
    recurrent_controls,
)
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server.adjusted_layers import Adjusted
from seqviz.ui.unreadable import grey

LONGEST: Final = 100

page = open_page(COMPARE)

with st.sidebar:
    units = controls.units(page.key)
    timesteps = recurrent_controls.timesteps(page.key, high=LONGEST)
    gate_bias = recurrent_controls.gate_bias(page.key, 4)
    with more(page.key):
        radius = recurrent_controls.spectral_radius(page.key, "0.7")
        activation = recurrent_controls.activation(page.key)
        other_id = controls.number(
            page.key, "other_id", low=0, high=controls.MAX_VOCAB_SIZE - 1, default=10,
            help="The id that word 1 is changed to in the other sentence.",
        )  # fmt: skip
        embedding_dim = controls.embedding_dim(page.key, default=2)
        vocab_size = controls.vocab_size(page.key)
        seed = controls.seed(page.key)
        level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
ids, tokens = recurrent_controls.repeated(encoded, timesteps)
if other_id >= vocab_size:
    st.error(
        f"Word 1 is to become id {other_id}, but the matrix has {vocab_size} rows. "
        f"Hint: take an `other_id` of {vocab_size - 1} or less, or a larger `vocab_size`.",
        icon=":material/edit:",
    )
    grey(page.key)
    other_id = vocab_size - 1
changed = (other_id, *ids[1:])
adjusted = Adjusted(
    ModelConfig(
        vocab_size=vocab_size, embedding_dim=embedding_dim, units=(units,),
        activation=activation, return_sequences=True, seed=seed,
    ),
    radius,
    gate_bias,
)  # fmt: skip
run = page.compute(run_memory, adjusted, ids, changed, tokens)
page.ask(ask_about_memory(page.key, timesteps, run.data[-1].parameters))
page.show(
    show_memory(adjusted, ids, changed, tokens, run),
    under=lambda: say_sentences(encoded, timesteps, other_id),
)
examples(page.key)
with topic(page.key, "weights", "How many weights has each layer?") as opened:
    if opened:
        weights_list(run.traces)
page.end()
