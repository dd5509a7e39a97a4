"""Inside one cell: the sums that make its gates and its state, term by term."""

import streamlit as st

from seqviz import ModelConfig, explain
from seqviz.app.catalogue import CELL
from seqviz.app.frame import open_page
from seqviz.lessons.cell import controls as cell_controls
from seqviz.lessons.cell.parts import clamped, show_history, show_terms, show_weights
from seqviz.lessons.cell.questions import questions
from seqviz.lessons.cell.shown import show_cell
from seqviz.ui import controls
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server.cached_models import run_model

page = open_page(CELL)

with st.sidebar:
    cell = controls.cell(page.key)
    timestep, unit = cell_controls.place(page.key)
    units = controls.units(page.key)
    with more(page.key):
        embedding_dim = controls.embedding_dim(page.key, default=2)
        arguments = cell_controls.arguments(page.key, cell)
        initializer = controls.embeddings_initializer(page.key)
        go_backwards = controls.toggle(page.key, "go_backwards", "Read the sentence from its end.")
        mask_zero = controls.toggle(page.key, "mask_zero", "Pass over steps whose id is 0.")
        vocab_size = controls.vocab_size(page.key)
        seed = controls.seed(page.key)
        level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
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
run = page.compute(run_model, config, encoded.ids, encoded.tokens)
trace = run.recurrent
step, unit = clamped(trace, timestep, unit)
explanation = explain(trace, step=step, unit=unit)
page.ask(questions(page.key, explanation, len(encoded.ids)))
page.show(show_cell(config, encoded, run, explanation, step))
examples(page.key)

with topic(page.key, "terms", "The sum, term by term") as opened:
    if opened:
        show_terms(page.key, explanation)
with topic(page.key, "history", "This unit at every timestep") as opened:
    if opened:
        show_history(page.key, trace, explanation, encoded.tokens, step)
with topic(page.key, "weights", "All weights, and which unit reads them") as opened:
    if opened:
        show_weights(page.key, trace, unit, run.parameters)
page.end()
