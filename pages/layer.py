"""Inside the layer: build makes one matrix, call takes rows of it, and arguments add a little."""

from dataclasses import replace

import streamlit as st

from seqviz.app.catalogue import LAYER
from seqviz.app.frame import open_page
from seqviz.figures import plot_embedding_step
from seqviz.lessons.layer import cached
from seqviz.lessons.layer.controls import arguments_in_words, layer_controls
from seqviz.lessons.layer.questions import ask_about_arguments
from seqviz.lessons.layer.shown import show_layer
from seqviz.plotly_kit.matrix import left_out
from seqviz.ui.examples import examples
from seqviz.ui.fold import topic
from seqviz.ui.markdown import literal, note, say, say_left_out
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import read_sentence, sentence_box

page = open_page(LAYER)

with st.sidebar:
    choice = layer_controls(page.key)
config, dtype, level = choice.settings.config, choice.dtype, choice.level
vocab_size, embedding_dim = config.vocab_size, config.embedding_dim

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
count = len(encoded.ids)
# Wrong by one on purpose: it does not matter.
settings = replace(choice.settings, input_length=count + 1 if choice.with_length else None)
run = page.compute(cached.run_layer, settings, encoded.ids, encoded.tokens, dtype)
page.ask(ask_about_arguments(page.key))
page.show(show_layer(settings, encoded, dtype, run))
if choice.with_length:
    st.warning(
        f"Keras says: {literal(run.warning)}  \n`input_length={count + 1}` was given for {count} "
        f"ids, and the output is the same, shape (1, {count}, {embedding_dim}).",
        icon=":material/chat_bubble:",
    )
examples(page.key)
say_left_out(left_out(run.parts.rows.tolist(), vocab_size, encoded.ids))

with topic(page.key, "arguments", "What do the arguments add?") as opened:
    if opened:
        say(arguments_in_words(settings, run.parts))
        note(
            "The norm of a row is its length: the root of the sum of its squares. Green, right of a row: "
            "its norm. Orange, under a column: the norm of the column, over all rows."
        )
        show_chart(
            plot_embedding_step(run.step, palette=THEMED),
            key=f"{page.key}_step_chart",
            alt="The matrix before a step, after the gradient alone, and after the constraint, with the "
            "norms of rows and columns.",
        )
page.end()
