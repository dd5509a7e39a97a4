"""Gather or multiply: a lookup gives what one-hot times the matrix gives, for next to nothing."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import GATHER
from seqviz.app.frame import open_page
from seqviz.lessons.gather import cached
from seqviz.lessons.gather.parts import show_costs
from seqviz.lessons.gather.questions import ask_about_lookup
from seqviz.lessons.gather.shown import show_both_ways
from seqviz.plotly_kit.matrix import left_out
from seqviz.ui import controls
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.markdown import say_left_out
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box

MAX_VOCAB_SIZE = 1_000

page = open_page(GATHER)

with st.sidebar:
    vocab_size = controls.number(
        page.key,
        "vocab_size",
        low=2,
        high=MAX_VOCAB_SIZE,
        default=10,
        help="`input_dim` in Keras: rows of the matrix, and the length of each one-hot row.",
    )
    embedding_dim = controls.embedding_dim(page.key, default=3, widest=cached.WIDEST)
    with more(page.key):
        seed = controls.seed(page.key)
        level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    embeddings_initializer="glorot_uniform",
    seed=seed,
)
run = page.compute(cached.run_gather, config, encoded.ids, encoded.tokens)
page.ask(ask_about_lookup(page.key, run.difference, run.data.one_hot.size * embedding_dim, seed))
page.show(show_both_ways(config, encoded, run))

examples(page.key)
say_left_out(left_out(run.data.rows.tolist(), vocab_size, encoded.ids))
with topic(page.key, "costs", "What does each way cost?") as opened:
    if opened:
        show_costs(page.key, len(encoded.ids), embedding_dim)
page.end()
