"""What an Embedding layer does: each id copies one row of a matrix."""

import streamlit as st

from seqviz import ModelConfig
from seqviz.app.catalogue import EMBEDDING
from seqviz.app.frame import open_page
from seqviz.lessons.embedding.compute import compute_embedding_lookup
from seqviz.lessons.embedding.figure import left_out_of
from seqviz.lessons.embedding.questions import ask_about_lookup
from seqviz.lessons.embedding.shown import show_lookup
from seqviz.ui import controls
from seqviz.ui.examples import examples
from seqviz.ui.fold import more
from seqviz.ui.markdown import say_left_out
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.server.cached_models import run_embedding

page = open_page(EMBEDDING)

with st.sidebar:
    vocab_size = controls.vocab_size(page.key)
    embedding_dim = controls.embedding_dim(page.key, default=2)
    with more(page.key):
        initializer = controls.embeddings_initializer(page.key)
        mask_zero = controls.toggle(
            page.key,
            "mask_zero",
            "Tell the layers behind that id 0 is padding. Row 0 is not made zero.",
        )
        seed = controls.seed(page.key)
        level = level_choice(page.key)

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
config = ModelConfig(
    vocab_size=vocab_size,
    embedding_dim=embedding_dim,
    mask_zero=mask_zero,
    embeddings_initializer=initializer,
    seed=seed,
)
run = page.compute(run_embedding, config, encoded.ids, encoded.tokens)
data = compute_embedding_lookup(run.trace)
page.ask(ask_about_lookup(page.key, vocab_size, mask_zero=mask_zero))
page.show(show_lookup(config, encoded, run, data))

examples(page.key)
say_left_out(left_out_of(data))
page.end()
