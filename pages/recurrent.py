"""What a recurrent layer does: one block, used once a timestep."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import RECURRENT
from seqviz.app.frame import open_page
from seqviz.lessons.recurrent.figure import is_boxes
from seqviz.lessons.recurrent.questions import ask_about_layer
from seqviz.lessons.recurrent.shown import show_unrolled
from seqviz.readout.unrolled import compute_unrolled
from seqviz.ui import controls
from seqviz.ui.examples import examples
from seqviz.ui.fold import more
from seqviz.ui.markdown import note
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server.cached_models import run_model

page = open_page(RECURRENT)

with st.sidebar:
    cell = controls.cell(page.key)
    units = controls.units(page.key)
    return_sequences = controls.toggle(
        page.key,
        "return_sequences",
        "Return the state after every timestep, not only the last one.",
    )
    with more(page.key):
        return_state = controls.toggle(
            page.key, "return_state", "Return the last state as well: h, and for an LSTM c."
        )
        go_backwards = controls.toggle(page.key, "go_backwards", "Read the sentence from its end.")
        embedding_dim = controls.embedding_dim(page.key, default=2)
        vocab_size = controls.vocab_size(page.key)
        mask_zero = controls.toggle(
            page.key, "mask_zero", "Pass over steps whose id is 0, such as in the ids 2 3 4 0 0."
        )
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
    go_backwards=go_backwards,
    mask_zero=mask_zero,
    seed=seed,
)
run = page.compute(run_model, config, encoded.ids, encoded.tokens)
data = compute_unrolled(run.recurrent)
page.ask(
    ask_about_layer(
        page.key, len(encoded.ids), units, run.parameters, return_sequences=return_sequences
    )
)
page.show(show_unrolled(config, encoded, run, data))

examples(page.key)
if not is_boxes(data):
    note("Too many steps or units for boxes, so the same numbers are drawn as heatmaps.")
if mask_zero and not data.skipped.any():
    note("No id is 0 here, so the mask changes nothing. Type ids that end in 0, such as 2 3 4 0 0.")

page.end()
