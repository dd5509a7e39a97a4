"""Inside one cell: the sums that make its gates and its state, term by term."""

import streamlit as st

import seqviz
from seqviz import ModelConfig
from seqviz.app.catalogue import CELL
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_cell, plot_parameters, plot_terms, plot_unit_history
from seqviz.lessons.cell import controls as cell_controls
from seqviz.lessons.cell.compute import compute_terms, compute_unit_history
from seqviz.lessons.cell.parts import clamped, formula_panel, unit_map
from seqviz.lessons.cell.questions import questions
from seqviz.lessons.cell.words import cell_captions, explanation_table, formulas, stages
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, proof, table
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, note, shapes_line
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server import cached_models
from seqviz.ui.url_state import opening_step

PAGE = CELL.key

open_page(CELL)

with st.sidebar:
    cell = cell_controls.cell(PAGE)
    timestep, unit = cell_controls.place(PAGE)
    units = controls.units(PAGE)
    embedding_dim = controls.embedding_dim(PAGE, default=2)
    arguments = cell_controls.arguments(PAGE, cell)
    initializer = controls.embeddings_initializer(PAGE)
    go_backwards = controls.toggle(PAGE, "go_backwards", "Read the sentence from its end.")
    mask_zero = controls.toggle(PAGE, "mask_zero", "Pass over steps whose id is 0.")
    vocab_size = controls.vocab_size(PAGE)
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    cell=cell,
    units=(units,),
    go_backwards=go_backwards,
    mask_zero=mask_zero,
    seed=seed,
    embeddings_initializer=initializer,
    **arguments,
)
place = place_for_picture(PAGE)
run = cached_models.run_model(config, encoded.ids, encoded.tokens)
trace = run.recurrent
step, unit = clamped(trace, timestep, unit)
explanation = seqviz.explain(trace, step=step, unit=unit)
token = encoded.tokens[explanation.timestep]

last = len(stages(explanation))
signature = signature_of(config, encoded, step, unit)
opened = opening_step(PAGE, signature, last)
show_picture(
    plot_cell(explanation, token=token, step=opened, palette=THEMED, controls=False, height=390),
    place,
    page=PAGE,
    signature=signature,
    step=opened,
    captions=cell_captions(explanation),
    alt=f"How {'an' if cell == 'LSTM' else 'a'} {cell} cell computes unit {unit} of h "
    f"at timestep {explanation.timestep + 1}: "
    f"{' '.join(cell_captions(explanation)[1:])}",
)
proof_place = st.empty()
shapes_line(
    [
        "x " + colored((1, embedding_dim)) + ", h " + colored((1, units)),
        f"`{cell}({units})` {run.parameters:,} weights = "
        f"{seqviz.compute_parameter_blocks(trace).numbers.rsplit(' = ', 1)[0]}",
        "h " + colored((1, units)) + (", c " + colored((1, units)) if cell == "LSTM" else ""),
    ]
)
examples(PAGE)

st.header("The sum, term by term", anchor=False)
chosen = explanation.sums[cell_controls.gate(PAGE, explanation)]
terms = compute_terms(chosen)
show_chart(
    plot_terms(terms, palette=THEMED),
    key=f"{PAGE}_terms_chart",
    alt=f"The sum of {chosen.symbol}, product by product: {chosen.pre_activation:.4f}; "
    f"{chosen.activation} makes {chosen.value:.4f} of it.",
)
if terms.folded:
    note(f"The {terms.folded} smallest products are one bar here; the table below has them all.")
formula_panel(formulas(explanation))

st.header("This unit at every timestep", anchor=False)
history = compute_unit_history(trace, unit=unit)
show_chart(
    plot_unit_history(history, tokens=encoded.tokens, step=step, palette=THEMED),
    key=f"{PAGE}_history_chart",
    alt=f"Bars of {', '.join(history.series)} of unit {unit} at each of "
    f"{counted(len(encoded.ids), 'timestep')}, timestep {explanation.timestep + 1} framed.",
)
unit_map(PAGE, history, encoded.tokens, step)

st.header("Where each column goes", anchor=False)
blocks = seqviz.compute_parameter_blocks(trace)
show_chart(
    plot_parameters(blocks, unit=unit, palette=THEMED),
    key=f"{PAGE}_parameters_chart",
    alt=f"The weights of {cell}({units}) to scale, one block of {counted(units, 'column')} "
    "for each of "
    f"{', '.join(blocks.gates)}: {blocks.parameters:,} in all.",
)
st.markdown(
    f"`{blocks.formula}` = {blocks.numbers}: Keras's `count_params()` says "
    f"**{run.parameters:,}**, at every timestep the same weights. "
    f"The framed columns are those of unit {unit}."
)

questions(PAGE, explanation, len(encoded.ids))
columns = explanation_table(explanation)
table.numbers(columns, cut=False)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_cell(explanation, token=token),
        title=f"Unit {unit} of {cell}({units}) at “{token}”",
        text=CELL.idea,
    ),
    table=lambda: columns,
    arrays=lambda: downloads.arrays_of(trace),
    source=run.code,
    model=lambda: cached_models.model_of(config),
)
proof.proof(
    proof_place,
    cached_models.verify_model(config, encoded.ids, encoded.tokens),
    largest=proof.largest_of([trace]),
)
settle()
