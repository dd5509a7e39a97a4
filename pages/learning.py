"""Who learns? A gradient step moves the rows that were looked up, and sometimes more."""

import streamlit as st

from seqviz.app.catalogue import LEARNING
from seqviz.app.frame import open_page
from seqviz.lessons.learning.cached import Lesson, run_lesson
from seqviz.lessons.learning.compute import compute_learning
from seqviz.lessons.learning.parts import (
    learning_rate_slider,
    optimizer_choice,
    say_what_outlines_mean,
    show_gradient,
)
from seqviz.lessons.learning.questions import ask_about_steps
from seqviz.lessons.learning.second_sentence import SECOND, read_second
from seqviz.lessons.learning.shown import show_learning, words_of
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic
from seqviz.ui.sentence import level_choice, read_sentence, sentence_box

LONGEST = 12  # tokens of a batch: each may be a row of the picture

page = open_page(LEARNING)

with st.sidebar:
    optimizer = optimizer_choice(page.key)
    learning_rate = learning_rate_slider(page.key)
    steps_a = controls.number(
        page.key, "steps_on_A", low=1, high=4, default=1, help="Gradient steps on batch A, first."
    )
    steps_b = controls.number(
        page.key, "steps_on_B", low=0, high=6, default=2, help="Gradient steps on batch B, after."
    )
    with more(page.key):
        trainable = control(
            st.toggle,
            "trainable",
            True,
            **url_state.bound(page.key, "trainable", True),
            help="Of the Embedding: False freezes its rows.",
        )
        embedding_dim = controls.steps(
            page.key,
            "embedding_dim",
            range(1, 17),
            2,
            help="`output_dim` in Keras: numbers per row.",
        )
        vocab_size = controls.number(
            page.key,
            "vocab_size",
            low=4,
            high=1_000,
            default=50,
            help="`input_dim` in Keras: rows.",
        )
        seed = controls.seed(page.key)
        level = level_choice(page.key)

left, right = st.columns(2)
with left:
    text = sentence_box(page.key, label="Batch A: sentence or ids, target 1")
with right:
    text_b = control(
        st.text_input,
        "Batch B: another sentence, target 0",
        SECOND,
        **url_state.bound(page.key, "batch_b", SECOND),
    )
first = read_sentence(text, level, vocab_size, page=page.key, most=LONGEST)
second = read_second(text_b or "", first, vocab_size, page=page.key, most=LONGEST)
lesson = Lesson(
    vocab_size, embedding_dim, optimizer, learning_rate, first.ids, second.ids,
    (steps_a, steps_b), trainable, seed,
)  # fmt: skip
run = page.compute(run_lesson, lesson)
page.ask(ask_about_steps(page.key, SECOND))
data = compute_learning(run.steps)
page.show(show_learning(lesson, first, second, run, data))
say_what_outlines_mean(data)
examples(page.key)

with topic(page.key, "gradient", "What is the gradient, as TensorFlow gives it?") as opened:
    if opened:
        which = controls.number(
            page.key,
            "gradient_of_step",
            low=1,
            high=10,
            default=1,
            help="The step whose gradient is shown.",
        )
        which = min(which, len(lesson.order))
        tokens = {"A": first.tokens, "B": second.tokens}
        show_gradient(
            page.key,
            run.steps[which - 1],
            which,
            tokens[lesson.order[which - 1]],
            words=words_of(second, first),
        )
page.end()
