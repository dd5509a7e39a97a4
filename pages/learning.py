"""Who learns? A gradient step moves the rows that were looked up, and sometimes more."""

import streamlit as st

from seqviz.app.catalogue import LEARNING
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_learning
from seqviz.lessons.learning.cached import Lesson, run_lesson
from seqviz.lessons.learning.compute import compute_learning
from seqviz.lessons.learning.parts import learning_rate_slider, optimizer_choice, show_gradient
from seqviz.lessons.learning.second_sentence import read_second
from seqviz.lessons.learning.words import learning_captions, learning_table, summary
from seqviz.plotly_kit.html_file import to_html
from seqviz.readout.wording import counted
from seqviz.ui import code, controls, downloads, table, url_state
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box
from seqviz.ui.url_state import opening_step
from seqviz.vocabulary import UNK, UNK_ID

PAGE = LEARNING.key
LONGEST = 12  # tokens of a batch: each may be a row of the picture
SECOND = "you are Rocket"

open_page(LEARNING)

with st.sidebar:
    optimizer = optimizer_choice(PAGE)
    learning_rate = learning_rate_slider(PAGE)
    trainable = st.toggle(
        "trainable",
        True,
        **url_state.bound(PAGE, "trainable", True),
        help="Of the Embedding: False freezes its rows.",
    )
    steps_a = controls.number(
        PAGE, "steps_on_A", low=1, high=4, default=1, help="Gradient steps on batch A, first."
    )
    steps_b = controls.number(
        PAGE, "steps_on_B", low=0, high=6, default=2, help="Gradient steps on batch B, after."
    )
    embedding_dim = st.select_slider(
        "embedding_dim",
        range(1, 17),
        2,
        **url_state.bound(PAGE, "embedding_dim", 2),
        help="`output_dim` in Keras: numbers per row.",
    )
    vocab_size = controls.number(
        PAGE, "vocab_size", low=4, high=1_000, default=50, help="`input_dim` in Keras: rows."
    )
    seed = controls.seed(PAGE)
    level = level_choice(PAGE)

left, right = st.columns(2)
with left:
    text = sentence_box(PAGE, label="Batch A: sentence or ids, target 1")
with right:
    more = st.text_input(
        "Batch B: another sentence, target 0", SECOND, **url_state.bound(PAGE, "batch_b", SECOND)
    )
first = read_sentence(text, level, vocab_size, page=PAGE, most=LONGEST)
second = read_second(more or "", first, vocab_size, page=PAGE, most=LONGEST)
lesson = Lesson(
    vocab_size, embedding_dim, optimizer, learning_rate, first.ids, second.ids,
    (steps_a, steps_b), trainable, seed,
)  # fmt: skip
place = place_for_picture(PAGE)
run = run_lesson(lesson)
data = compute_learning(run.steps)
batches = [f"batch {name}" for name in lesson.order]
count = len(batches)
words = {
    row: UNK if row == UNK_ID else token  # one row for all words that have none
    for row, token in zip(second.ids + first.ids, second.tokens + first.tokens, strict=True)
    if token != f"id {row}"
}
tokens = {"A": first.tokens, "B": second.tokens}

signature = signature_of(lesson, first, second)
step = opening_step(PAGE, signature, count)
show_picture(
    plot_learning(
        data, words=words, batches=batches, step=step, palette=THEMED, controls=False, height=360
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=learning_captions(data, batches, words),
    alt=f"{counted(count, 'gradient step')} with {optimizer}: {summary(data)}",
)
note(
    "**Coloured outline**: in the batch. **Dotted outline**: not in the batch, and moved all the "
    "same. **0**: not one bit of the row changed. Each number is read from a real Keras "
    "`Embedding` before and after `optimizer.apply_gradients`."
)
examples(PAGE)

adam = {f"{PAGE}_optimizer": "Adam", f"{PAGE}_trainable": True, f"{PAGE}_steps_on_B": 2.0}
adam |= {f"{PAGE}_text": "I am Groot", f"{PAGE}_batch_b": SECOND, f"{PAGE}_read_as": "auto"}
ask(
    f"{PAGE}_absent",
    "One step on “I am Groot” with **Adam**, then two on “you are Rocket”. "
    "What do the rows of “I am Groot” do in those two?",
    ["they stay", "they move on", "they move back"],
    answer="they move on",
    why="Adam steps along a running mean of gradients. A row that is absent now has gradient 0, "
    "but its mean still remembers the first step. With plain SGD it would stay, bit for bit.",
    show=adam,
)
ask(
    f"{PAGE}_repeated",
    "In “Groot am Groot” one id comes twice. What gradient does its row get with SGD?",
    ["that of its last use", "their mean", "their sum"],
    answer="their sum",
    why="TensorFlow lists the id twice, and lines of the same id are added: here Groot's row moves "
    "twice as far as that of “am”.",
    show={**adam, f"{PAGE}_optimizer": "SGD", f"{PAGE}_text": "Groot am Groot"},
)

st.header("The gradient, as TensorFlow gives it", anchor=False)
which = controls.number(
    PAGE, "gradient_of_step", low=1, high=10, default=1, help="The step whose gradient is shown."
)
which = min(which, count)
show_gradient(PAGE, run.steps[which - 1], which, tokens[lesson.order[which - 1]], words=words)
shapes_line(
    [
        "ids " + colored((1, len(first.ids)), axes=("gray", "blue")),
        f"`Embedding({vocab_size}, {embedding_dim})`",
        colored((1, len(first.ids), embedding_dim)),
        "`GlobalAveragePooling1D`",
        colored((1, embedding_dim)),
        "`Dense(1)`",
        colored((1, 1)),
    ]
)

table.numbers(
    learning_table(data, batches, words, widest=table.WIDEST // 2),
    cut=embedding_dim > table.WIDEST // 2,
    widest=table.WIDEST // 2,
)
code.code(run.code)
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_learning(data, words=words, batches=batches),
        title=f"Which rows move with {optimizer}",
        text=LEARNING.idea,
    ),
    table=lambda: learning_table(data, batches, words),
    arrays=lambda: data.arrays,
    source=run.code,
)
settle()
