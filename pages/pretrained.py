"""Vectors trained elsewhere, loaded into an Embedding, and trained on or not."""

import streamlit as st

from seqviz import SeqvizError
from seqviz.app.catalogue import PRETRAINED
from seqviz.app.frame import open_page
from seqviz.lessons.pretrained import cached, parts
from seqviz.lessons.pretrained.fine_tuning import MAX_STEPS
from seqviz.lessons.pretrained.questions import ask_about_filling
from seqviz.lessons.pretrained.shown import after_training, show_filling
from seqviz.lessons.pretrained.upload import say_about, say_error, upload_box
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import topic
from seqviz.ui.markdown import colored, literal, note, shapes_line
from seqviz.ui.sentence import read_sentence, sentence_box

MAX_TOKENS = 40  # 30 training steps, twice, stay well below a second

page = open_page(PRETRAINED)

with st.sidebar:
    trainable = control(
        st.toggle,
        "trainable",
        value=True,
        **url_state.bound(page.key, "trainable", True),
        help="Argument of the Embedding: whether training may move its rows. True in Keras.",
    )
    initializer = controls.embeddings_initializer(page.key)
    seed = controls.seed(page.key)

sentence, upload = st.columns([3, 1], vertical_alignment="bottom")
with sentence:
    text = sentence_box(page.key, "Sentence")
with upload:
    loaded = upload_box(page.key)
say_error()
encoded = read_sentence(
    text, "words", vocab_size=controls.MAX_VOCAB_SIZE, page=page.key, most=MAX_TOKENS
)
ids = encoded.ids
words = encoded.vocabulary.entries if encoded.vocabulary else ()
entries = words[: max(ids) - 1]
run = page.compute(cached.fill, loaded, entries, ids, initializer, seed, trainable)
filled = run.filled
size, dim = filled.matrix.shape
page.ask(ask_about_filling(page.key, MAX_STEPS))
shown = show_filling(loaded, entries, initializer, seed, run)
page.show(shown)
parts.say_what_was_found(filled)
say_about(loaded)
shapes_line(
    [
        "ids " + colored((1, len(ids)), axes=("gray", "blue")),
        f"`Embedding({size}, {dim}, trainable={trainable})` {run.parameters:,} weights",
        colored((1, len(ids), dim)),
    ]
)
examples(page.key)

with topic(page.key, "near", "Who is near to whom?") as opened:
    if opened:
        neighbours = parts.neighbours(page.key, loaded)
        parts.show_places(page.key, cached.word_map(loaded, filled, filled.matrix, neighbours))
with topic(page.key, "train", "What training makes of these rows") as opened:
    if opened:
        steps, learning_rate = parts.training_controls(page.key)
        try:
            both = cached.tune(loaded, filled, (entries, initializer, seed), ids, learning_rate)
        except SeqvizError as error:
            st.info(literal(str(error)), icon=":material/info:")
        else:
            rows = both.of(trainable=trainable).path[steps]
            parts.compare(both, steps, filled.words)
            parts.show_moves(
                page.key, cached.word_map(loaded, filled, rows, None), steps, trainable
            )
            page.becomes(
                after_training(shown, run, ids, rows, both, step=steps, learning_rate=learning_rate)
            )

page.numbers()
page.code()
parts.projector_files(page.key, loaded)
page.take_home()
note("A copied link to this page holds all settings, but no uploaded file.")
page.prove()
