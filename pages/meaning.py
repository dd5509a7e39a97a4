"""What rows come to mean: what the loss asks for, and nothing else."""

import streamlit as st

from seqviz.app.catalogue import MEANING
from seqviz.app.frame import open_page
from seqviz.lessons.meaning.cached import Job, trained
from seqviz.lessons.meaning.compute import compute_journey
from seqviz.lessons.meaning.parts import say_what_came_of_it, say_who_trained, show_model
from seqviz.lessons.meaning.questions import ask_about_rows
from seqviz.lessons.meaning.shown import show_journey
from seqviz.tasks.word_meaning import FIRST_ID, TASKS, WORDS, make_task
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.examples import examples
from seqviz.ui.fold import more, topic

WIDTHS = (2, 3, 4, 8, 16, 32)

page = open_page(MEANING)

with st.sidebar:
    embedding_dim = controls.steps(
        page.key,
        "embedding_dim",
        WIDTHS,
        8,
        help="`output_dim` in Keras: numbers per row. The map shows them in two.",
    )
    epochs = controls.number(
        page.key,
        "epochs",
        low=1,
        high=100,
        default=40,
        help="Times that all sentences are learned.",
    )
    with more(page.key):
        seed = controls.seed(page.key)

left, right = st.columns(2)
with left:
    task_name = control(
        st.selectbox,
        "What the loss asks",
        list(TASKS),
        **url_state.bound(page.key, "task", "sentiment"),
        help="Each task trains on the same sentences; the questions: " + " · ".join(TASKS.values()),
    )
with right:
    word = control(
        st.selectbox, "Nearest words of", WORDS, **url_state.bound(page.key, "word", "good")
    )

job = Job(task_name, embedding_dim, epochs, seed)
training = trained(page.key, job)
data = page.compute(compute_journey, training, WORDS, first_row=FIRST_ID)
page.ask(ask_about_rows(page.key, task_name))
task = make_task(task_name)
page.show(show_journey(job, task, word, data))
say_who_trained()
examples(page.key)
with topic(page.key, "outcome", "What has come of it?") as opened:
    if opened:
        say_what_came_of_it(data, task_name, task, word)
show_model(task, embedding_dim)
page.end()
