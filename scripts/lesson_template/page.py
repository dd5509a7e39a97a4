"""How long are the rows of an embedding?"""

import streamlit as st

from seqviz.app.catalogue import ROW_LENGTHS
from seqviz.app.frame import open_page
from seqviz.config import ModelConfig
from seqviz.lessons.row_lengths.compute import compute_row_lengths
from seqviz.lessons.row_lengths.questions import ask_all
from seqviz.lessons.row_lengths.shown import show_row_lengths
from seqviz.ui import controls
from seqviz.ui.examples import examples
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server.cached_models import run_embedding

page = open_page(ROW_LENGTHS)

with st.sidebar:
    vocab_size = controls.vocab_size(page.key)
    embedding_dim = controls.embedding_dim(page.key, default=2)
    initializer = controls.embeddings_initializer(page.key)
    seed = controls.seed(page.key)
    level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    embeddings_initializer=initializer,
    seed=seed,
)
run = page.compute(run_embedding, config, encoded.ids, encoded.tokens)
page.ask(ask_all(page.key))
page.show(show_row_lengths(config, encoded, run, compute_row_lengths(run.trace)))

examples(page.key)
page.end()
