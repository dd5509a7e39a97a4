"""Inside the layer: build makes one matrix, call takes rows of it, and arguments add a little."""

from dataclasses import replace

import streamlit as st

from seqviz.app.catalogue import LAYER
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_embedding_layer, plot_embedding_step
from seqviz.lessons.layer import cached
from seqviz.lessons.layer.compute import code_lines
from seqviz.lessons.layer.controls import arguments_in_words, layer_controls
from seqviz.lessons.layer.words import layer_captions, layer_table
from seqviz.plotly_kit.html_file import to_html
from seqviz.plotly_kit.matrix import left_out
from seqviz.readout.wording import counted
from seqviz.ui import code, downloads, proof, table
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, literal, note, say_left_out, shapes_line
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.url_state import opening_step

PAGE = LAYER.key

open_page(LAYER)

with st.sidebar:
    choice = layer_controls(PAGE)
    level = level_choice(PAGE)
config, dtype = choice.settings.config, choice.dtype
vocab_size, embedding_dim = config.vocab_size, config.embedding_dim

encoded = read_sentence(sentence_box(PAGE), level, vocab_size, page=PAGE)
count = len(encoded.ids)
# Wrong by one on purpose: it does not matter.
settings = replace(choice.settings, input_length=count + 1 if choice.with_length else None)
place = place_for_picture(PAGE)
run = cached.run_layer(settings, encoded.ids, encoded.tokens, dtype)
data = run.parts

signature = signature_of(settings, encoded, dtype)
step = opening_step(PAGE, signature, 4 if config.mask_zero else 3)
show_picture(
    plot_embedding_layer(
        data,
        code=code_lines(settings),
        tokens=encoded.tokens,
        step=step,
        palette=THEMED,
        controls=False,
        height=390,
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=layer_captions(data),
    alt=f"The layer is a few lines of code: build makes one matrix of {vocab_size} by "
    f"{embedding_dim}, call casts {counted(count, 'id')} to int32 and takes a row for each.",
)
proof_place = st.empty()
shapes_line(
    [
        "ids " + colored((1, count), axes=("gray", "blue")),
        f"`Embedding({vocab_size}, {embedding_dim})` {data.trainable_weights:,} trainable, "
        f"{data.frozen_weights:,} non-trainable weights",
        colored((1, count, embedding_dim)),
    ]
)
if choice.with_length:
    st.warning(
        f"Keras says: {literal(run.warning)}  \n`input_length={count + 1}` was given for {count} "
        f"ids, and the output is the same, shape (1, {count}, {embedding_dim}).",
        icon=":material/chat_bubble:",
    )
examples(PAGE)
say_left_out(left_out(data.rows.tolist(), vocab_size, encoded.ids))
ask(
    f"{PAGE}_length",
    "What does `input_length` do in Keras 3?",
    ["it fixes the number of timesteps", "nothing: Keras warns", "Flatten and Dense need it"],
    answer="nothing: Keras warns",
    why="The layer takes any number of ids. Keras drops the argument and says so; here it is "
    "even wrong by one, and the output is the same.",
    show={f"{PAGE}_input_length": True},
)
ask(
    f"{PAGE}_norms",
    "`embeddings_constraint=UnitNorm()`, as it comes. What has norm 1 after a step?",
    ["each row, a word's vector", "each column", "only the rows looked up"],
    answer="each column",
    why="`axis=0` is the default and fits a Dense kernel. For the words' vectors say `axis=1`.",
    show={f"{PAGE}_constraint": "unit_norm", f"{PAGE}_axis": 0, f"{PAGE}_trainable": True},
)

st.header("What the arguments add", anchor=False)
st.markdown(arguments_in_words(settings, data))
show_chart(
    plot_embedding_step(run.step, palette=THEMED),
    key=f"{PAGE}_step_chart",
    alt="The matrix before a step, after the gradient alone, and after the constraint, with the "
    "norms of rows and columns.",
)
note("Green, right of a row: its norm. Orange, under a column: its norm over all rows.")

table.numbers(
    layer_table(data, encoded.tokens, widest=table.WIDEST), cut=embedding_dim > table.WIDEST
)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_embedding_layer(data, code=code_lines(settings), tokens=encoded.tokens),
        title=f"Inside Embedding({vocab_size}, {embedding_dim})",
        text=LAYER.idea,
    ),
    table=lambda: layer_table(data, encoded.tokens),
    arrays=lambda: {
        "given": data.given, "ids": data.ids, "weights": data.weights, "output": data.output,
        "before": run.step.before, "stepped": run.step.stepped, "after": run.step.after,
    },
    source=run.code,
)  # fmt: skip
proof.proof(proof_place, data.difference, "The layer of these lines, run for real")
settle()
