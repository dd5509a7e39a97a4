"""SimpleRNN, GRU and LSTM side by side: their states, their weights, and what they remember."""

from typing import Final

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import COMPARE
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_memory
from seqviz.lessons.compare import cached, parts
from seqviz.lessons.compare.words import memory_captions, memory_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted, number
from seqviz.ui import (
    code,
    controls,
    downloads,
    proof,
    recurrent_controls as flow_controls,
    table,
)
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, literal, note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server import adjusted_layers
from seqviz.ui.url_state import opening_step

PAGE = COMPARE.key
LONGEST: Final = 100

open_page(COMPARE)

with st.sidebar:
    units = controls.units(PAGE)
    timesteps = flow_controls.timesteps(PAGE, high=LONGEST)
    other_id = controls.number(
        PAGE, "other_id", low=0, high=controls.MAX_VOCAB_SIZE - 1, default=10,
        help="The id that word 1 is changed to in the other sentence.",
    )  # fmt: skip
    gate_bias = flow_controls.gate_bias(PAGE)
    radius = flow_controls.spectral_radius(PAGE, flow_controls.AS_BUILT)
    activation = flow_controls.activation(PAGE)
    embedding_dim = controls.embedding_dim(PAGE, default=2)
    vocab_size = controls.vocab_size(PAGE)
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
ids, tokens = flow_controls.repeated(encoded, timesteps)
if other_id >= vocab_size:
    st.error(
        f"Word 1 is to become id {other_id}, but the matrix has {vocab_size} rows. "
        f"Hint: take an `other_id` of {vocab_size - 1} or less, or a larger `vocab_size`.",
        icon=":material/edit:",
    )
    st.stop()
changed = (other_id, *ids[1:])
adjusted = adjusted_layers.Adjusted(
    ModelConfig(
        vocab_size=vocab_size, embedding_dim=embedding_dim, units=(units,),
        activation=activation, return_sequences=True, seed=seed,
    ),
    radius,
    gate_bias,
)  # fmt: skip
place = place_for_picture(PAGE)
run = cached.run_memory(adjusted, ids, changed, tokens)
left = ", ".join(f"{memory.cell} {number(memory.difference[-1])}" for memory in run.data)

signature = signature_of(adjusted, ids, changed, tokens)
step = opening_step(PAGE, signature, timesteps)
show_picture(
    plot_memory(run.data, tokens=tokens, step=step, palette=THEMED, controls=False, height=380),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=memory_captions(run.data, tokens),
    alt=f"States of SimpleRNN, GRU and LSTM with {counted(units, 'unit')} over "
    f"{counted(timesteps, 'timestep')}, and "
    f"on a log scale how far they are from those of the same sentence with another first word. "
    f"After the last timestep: {left}.",
)
proof_place = st.empty()
shapes_line(
    ["ids " + colored((1, timesteps), axes=("gray", "blue")), "`Embedding`",
     colored((1, timesteps, embedding_dim)), "each layer", colored((1, timesteps, units))]
)  # fmt: skip
parts.weights_list(run.traces)

examples(PAGE)
flow_controls.say_length(encoded, timesteps)
note(
    f"The other sentence starts with id {other_id} instead of {literal(tokens[0])} (id {ids[0]}); "
    "all that follows is the same. So the difference is what is left of word 1."
)
if other_id == ids[0]:
    note("Both ids are the same, so there is no difference: choose another `other_id`.")

ask(
    f"{PAGE}_timesteps_matter",
    "Read five times as many timesteps. How many weights does the LSTM have then?",
    ["five times as many", "one more for each timestep", "as many as before"],
    answer="as many as before",
    why=f"{run.data[-1].parameters:,}, whatever the sentence: the same weights are used at every "
    "timestep. Look at the list.",
    show={f"{PAGE}_timesteps": 100},
)
ask(
    f"{PAGE}_units_matter",
    f"How many units must a layer have to read {timesteps} timesteps?",
    ["one for each timestep", "one for each different word", "any number"],
    answer="any number",
    why="A unit is a number in h, not a timestep: every unit is there at every timestep.",
    show={f"{PAGE}_units": 1},
)
ask(
    f"{PAGE}_gates_open",
    "Add 4 to the bias of the update gate (GRU) and the forget gate (LSTM). "
    "How long is word 1 remembered?",
    ["shorter", "as before", "longer"],
    answer="longer",
    why="Gates that are nearly 1 keep the state nearly as it is; a GRU then also writes little "
    "into it. Training finds such biases where the task needs them.",
    show={f"{PAGE}_gate_bias": 4},
)

table.numbers(memory_table(run.data, tokens, ids), cut=False)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_memory(run.data, tokens=tokens),
        title=f"SimpleRNN, GRU and LSTM on “{' '.join(tokens[:12])}”",
        text=COMPARE.idea,
    ),
    table=lambda: memory_table(run.data, tokens, ids),
    arrays=lambda: {
        f"{cell}/{name}": array
        for cell, trace in run.traces.items()
        for name, array in downloads.arrays_of(trace).items()
    },
    source=run.code,
)
proof.proof(
    proof_place,
    cached.verify_memory(adjusted, ids, changed, tokens),
    largest=proof.largest_of(run.traces.values()),
)
settle()
