"""What flows back: the gradient at every timestep, from the last to the first."""

from typing import Final

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import GRADIENTS
from seqviz.app.frame import open_page
from seqviz.lessons.gradients.cached import run_gradients
from seqviz.lessons.gradients.questions import ask_about_gradients
from seqviz.lessons.gradients.shown import show_gradients
from seqviz.lessons.gradients.words import why_it_changes
from seqviz.ui import (
    controls,
    recurrent_controls,
)
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.markdown import note, say
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server.adjusted_layers import Adjusted
from seqviz.ui.url_state import bound

LONGEST: Final = 50  # steps that the proof by TensorFlow's tape goes back: 0.1 s at most

page = open_page(GRADIENTS)

with st.sidebar:
    cell = controls.cell(page.key)
    units = controls.units(page.key)
    radius = recurrent_controls.spectral_radius(page.key, "0.7")
    gate_bias = recurrent_controls.gate_bias(page.key)
    with more(page.key):
        activation = recurrent_controls.activation(page.key)
        timesteps = recurrent_controls.timesteps(page.key, high=LONGEST)
        output_timestep = controls.number(
            page.key, "output_timestep", low=0, high=LONGEST, default=0,
            help="L is taken of the state after this timestep; 0 is the last.",
        )  # fmt: skip
        kind = control(
            st.selectbox,
            "output", ("unit", "sum", "norm"), **bound(page.key, "output", "unit"),
            help="What L is of that state: one unit of h, their sum, or the length of h.",
        )  # fmt: skip
        unit = controls.number(
            page.key, "unit", low=0, high=controls.WIDTHS[-1] - 1, default=0,
            help="Which unit, if output is unit. Counted from 0.",
        )  # fmt: skip
        embedding_dim = controls.embedding_dim(page.key, default=2)
        vocab_size = controls.vocab_size(page.key)
        seed = controls.seed(page.key)
        level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
ids, tokens = recurrent_controls.repeated(encoded, timesteps)
adjusted = Adjusted(
    ModelConfig(
        vocab_size=vocab_size, embedding_dim=embedding_dim, cell=cell, units=(units,),
        activation=activation, return_sequences=True, seed=seed,
    ),
    radius,
    gate_bias,
)  # fmt: skip
taken = min(output_timestep, timesteps) or timesteps
output: str | int = min(unit, units - 1) if kind == "unit" else kind
run = page.compute(run_gradients, adjusted, ids, tokens, output, taken)
page.ask(ask_about_gradients(page.key))
page.show(
    show_gradients(adjusted, ids, tokens, output, taken, run),
    under=lambda: recurrent_controls.say_length(encoded, timesteps),
)

examples(page.key)
with topic(page.key, "why", "Why does it get smaller, or larger?") as opened:
    if opened:
        say(why_it_changes(units, run.radii))
if kind == "unit" and unit >= units:
    note(f"There is no unit {unit}: units count from 0 to {units - 1}, so it is the last.")
if gate_bias and cell == "SimpleRNN":
    note("A SimpleRNN has no gate, so there is no bias to add to: take a GRU or an LSTM.")

page.end()
