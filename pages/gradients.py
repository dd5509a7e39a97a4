"""What flows back: the gradient at every timestep, from the last to the first."""

from typing import Final

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import GRADIENTS
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_gradients
from seqviz.lessons.gradients import cached, parts
from seqviz.lessons.gradients.data import norms
from seqviz.lessons.gradients.words import gradient_captions, gradient_table, target
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted, number
from seqviz.ui import (
    code,
    controls,
    downloads,
    recurrent_controls as flow_controls,
    table,
    url_state,
)
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server import adjusted_layers
from seqviz.ui.url_state import opening_step

PAGE = GRADIENTS.key
LONGEST: Final = 50  # steps that the proof by TensorFlow's tape goes back: 0.1 s at most

open_page(GRADIENTS)

with st.sidebar:
    cell = controls.cell(PAGE)
    units = controls.units(PAGE)
    activation = flow_controls.activation(PAGE)
    radius = flow_controls.spectral_radius(PAGE, "0.7")
    gate_bias = flow_controls.gate_bias(PAGE)
    timesteps = flow_controls.timesteps(PAGE, high=LONGEST)
    output_timestep = controls.number(
        PAGE, "output_timestep", low=0, high=LONGEST, default=0,
        help="L is taken of the state after this timestep; 0 is the last.",
    )  # fmt: skip
    kind = st.selectbox(
        "output", ("sum", "norm", "unit"), **url_state.bound(PAGE, "output", "sum"),
        help="What L is of that state: the sum or the length of h, or one unit of it.",
    )  # fmt: skip
    unit = controls.number(
        PAGE, "unit", low=0, high=controls.WIDTHS[-1] - 1, default=0,
        help="Which unit, if output is unit. Counted from 0.",
    )  # fmt: skip
    embedding_dim = controls.embedding_dim(PAGE, default=2)
    vocab_size = controls.vocab_size(PAGE)
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
ids, tokens = flow_controls.repeated(encoded, timesteps)
adjusted = adjusted_layers.Adjusted(
    ModelConfig(
        vocab_size=vocab_size, embedding_dim=embedding_dim, cell=cell, units=(units,),
        activation=activation, return_sequences=True, seed=seed,
    ),
    radius,
    gate_bias,
)  # fmt: skip
taken = min(output_timestep, timesteps) or timesteps
output: str | int = min(unit, units - 1) if kind == "unit" else kind
place = place_for_picture(PAGE)
run = cached.run_gradients(adjusted, ids, tokens, output, taken)
data = run.data
sizes = norms(data.hidden)

signature = signature_of(adjusted, ids, tokens, output, taken)
step = opening_step(PAGE, signature, timesteps)
show_picture(
    plot_gradients(data, tokens=tokens, step=step, palette=THEMED, controls=False, height=380),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=gradient_captions(data, tokens),
    alt=f"The gradient of {target(data)} of h at timestep {taken}, going back through "
    f"{counted(taken, 'step')} of {cell}({units}): its norm is {number(sizes[taken])} there and "
    f"{number(sizes[0])} at the start, drawn on a log scale.",
)
proof_place = st.empty()
weights = f"`{cell}({units})` {run.parameters:,} weights"
state = colored((1, units), axes=("gray", "green"))
shapes_line([f"∂L/∂h {state}", weights, f"∂L/∂h one step earlier {state}"])
note(f"Spectral radius of the recurrent kernel: {run.radii}.")
examples(PAGE)
flow_controls.say_length(encoded, timesteps)
if kind == "unit" and unit >= units:
    note(f"There is no unit {unit}: units count from 0 to {units - 1}, so it is the last.")
if gate_bias and cell == "SimpleRNN":
    note("A SimpleRNN has no gate, so there is no bias to add to: take a GRU or an LSTM.")

ask(
    f"{PAGE}_explodes",
    'Scale the recurrent kernel to the spectral radius 1.5, with `activation="linear"`. '
    "What does the gradient do on its way back?",
    ["it vanishes", "it stays as it is", "it explodes"],
    answer="it explodes",
    why="Every step multiplies it by the same matrix: 1.5 to the power of 20 is 3,325.",
    show={
        f"{PAGE}_cell": "SimpleRNN",
        f"{PAGE}_activation": "linear",
        f"{PAGE}_spectral_radius": "1.5",
        f"{PAGE}_timesteps": 20,
        f"{PAGE}_output_timestep": 0.0,
    },
)
ask(
    f"{PAGE}_gated",
    "Take an LSTM and add 4 to the bias of its forget gate. What becomes of the gradient of c?",
    ["it vanishes", "about all of it comes back to word 1", "it explodes"],
    answer="about all of it comes back to word 1",
    why="One step back multiplies the gradient of c by the forget gate, which is then about "
    "0.99: no matrix is in the way.",
    show={
        f"{PAGE}_cell": "LSTM",
        f"{PAGE}_units": 4,
        f"{PAGE}_activation": "tanh",
        f"{PAGE}_gate_bias": 4,
        f"{PAGE}_spectral_radius": "0.7",
        f"{PAGE}_timesteps": 20,
        f"{PAGE}_output_timestep": 0.0,
    },
)
ask(
    f"{PAGE}_future",
    "L is taken of the state after timestep 5. How large is the gradient at timestep 6?",
    ["as at timestep 5", "small, but not 0", "exactly 0"],
    answer="exactly 0",
    why="Time runs one way: what is read later cannot change an earlier state.",
    show={f"{PAGE}_timesteps": 20, f"{PAGE}_output_timestep": 5.0},
)

table.numbers(gradient_table(data, tokens, ids, widest=table.WIDEST), cut=units > table.WIDEST)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_gradients(data, tokens=tokens),
        title=f"What flows back through {cell}({units}) on “{' '.join(tokens[:12])}”",
        text=GRADIENTS.idea,
    ),
    table=lambda: gradient_table(data, tokens, ids),
    arrays=lambda: {
        "dL_dh": data.hidden,
        "dL_dx": data.inputs,
        **({} if data.cell_states is None else {"dL_dc": data.cell_states}),
        **downloads.arrays_of(run.trace),
    },
    source=run.code,
)
parts.tape_proof(proof_place, cached.verify_gradients(adjusted, ids, tokens, output, taken))
settle()
