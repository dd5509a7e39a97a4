"""Inside the layer: build makes one matrix, call takes rows of it, and arguments add a little."""

from dataclasses import replace

import streamlit as st

from seqviz.app.catalogue import LAYER
from seqviz.app.frame import open_page
from seqviz.figures import plot_embedding_step
from seqviz.lessons.layer import cached
from seqviz.lessons.layer.controls import (
    arguments_in_words,
    layer_controls,
    say_what_norms_are,
)
from seqviz.lessons.layer.questions import ask_about_the_layer
from seqviz.lessons.layer.shown import show_layer
from seqviz.plotly_kit.matrix import left_out
from seqviz.ui.examples import examples
from seqviz.ui.fold import topic
from seqviz.ui.markdown import literal, say, say_left_out
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.ui.sentence import read_sentence, sentence_box
from seqviz.wording import counted

page = open_page(LAYER)

with st.sidebar:
    choice = layer_controls(page.key)
config, dtype, level = choice.settings.config, choice.dtype, choice.level
vocab_size = config.vocab_size

encoded = read_sentence(sentence_box(page.key), level, vocab_size, page=page.key)
count = len(encoded.ids)
# One more than there are, to show that it does not matter.
settings = replace(choice.settings, input_length=count + 1 if choice.with_length else None)
run = page.compute(cached.run_layer, settings, encoded.ids, encoded.tokens, dtype)
page.ask(ask_about_the_layer(page.key))
page.show(show_layer(settings, encoded, dtype, run))
if choice.with_length:
    st.warning(
        f"Keras says: {literal(run.warning)}  \n`input_length={count + 1}` was given for {count} "
        f"ids: the layer drops it, and the output still has {counted(count, 'row')}.",
        icon=":material/chat_bubble:",
    )
examples(page.key)
say_left_out(left_out(run.parts.rows.tolist(), vocab_size, encoded.ids))

with topic(page.key, "arguments", "What do the arguments add?") as opened:
    if opened:
        say(arguments_in_words(settings, run.parts))
        say_what_norms_are()
        show_chart(
            plot_embedding_step(run.step, palette=THEMED),
            key=f"{page.key}_step_chart",
            alt="The matrix before a step, after the gradient alone, and after the constraint, with the "
            "norms of rows and columns.",
        )
page.end()
