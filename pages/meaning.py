"""What rows come to mean: what the loss asks for, and nothing else."""

import streamlit as st

from seqviz.app.catalogue import MEANING
from seqviz.app.frame import open_page
from seqviz.app.warmup import settle
from seqviz.figures import plot_journey
from seqviz.lessons.meaning.cached import Job, job_code, trained
from seqviz.lessons.meaning.compute import compute_journey, compute_neighbours, group_cosines
from seqviz.lessons.meaning.words import (
    COLORS,
    LABELS,
    TAKEAWAYS,
    journey_captions,
    journey_table,
    neighbours_text,
)
from seqviz.plotly_kit.html_file import to_html
from seqviz.tasks import FIRST_ID, GROUPS, NEVER, SENTENCES, TASKS, VOCAB_SIZE, WORDS, make_task
from seqviz.ui import code, controls, downloads, table, url_state
from seqviz.ui.examples import examples
from seqviz.ui.markdown import colored, note, shapes_line
from seqviz.ui.player.player import place_for_picture, show_picture, signature_of
from seqviz.ui.player.theme import THEMED
from seqviz.ui.question import ask
from seqviz.ui.url_state import opening_step

PAGE = MEANING.key
WIDTHS = (2, 3, 4, 8, 16, 32)

open_page(MEANING)

with st.sidebar:
    embedding_dim = st.select_slider(
        "embedding_dim",
        WIDTHS,
        8,
        **url_state.bound(PAGE, "embedding_dim", 8),
        help="`output_dim` in Keras: numbers per row. The map shows them in two.",
    )
    epochs = controls.number(
        PAGE, "epochs", low=1, high=100, default=40, help="Times that all sentences are learned."
    )
    seed = controls.seed(PAGE)

left, right = st.columns(2)
with left:
    task_name = st.selectbox(
        "What the loss asks",
        list(TASKS),
        **url_state.bound(PAGE, "task", "sentiment"),
        help="Each task trains on the same sentences; the questions: " + " · ".join(TASKS.values()),
    )
with right:
    word = st.selectbox("Nearest words of", WORDS, **url_state.bound(PAGE, "word", "good"))

job = Job(task_name, embedding_dim, epochs, seed)
training = trained(PAGE, job)
if training is None:
    settle()
    st.stop()
place = place_for_picture(PAGE)
data = compute_journey(training, WORDS, first_row=FIRST_ID)
task = make_task(task_name)
count = len(data.epochs) - 1
before, after = compute_neighbours(data, word)

signature = signature_of(job, count, word)
step = opening_step(PAGE, signature, count)
show_picture(
    plot_journey(
        data,
        colors=COLORS,
        labels=LABELS,
        marked=[word],
        step=step,
        palette=THEMED,
        controls=False,
        height=370,
    ),
    place,
    page=PAGE,
    signature=signature,
    step=step,
    captions=journey_captions(data),
    alt=f"A map of {len(WORDS)} words while a model learns to answer: {task.question} The nearest "
    f"words of {word} were {neighbours_text(before)}, and are {neighbours_text(after)}. "
    f"Words that no sentence holds stay where they were.",
)
st.markdown(
    f"Nearest to **{word}** by cosine, **before**: {neighbours_text(before)} · **after**: "
    f"{neighbours_text(after)}"
    + ("" if data.moved[WORDS.index(word)] else " · its row is **the same, bit for bit**")
)
st.markdown(f":material/quiz: **{task.question}** {TAKEAWAYS[task_name]}")
means = {name: group_cosines(data, words) for name, words in GROUPS.items() if len(words) == 4}
note(
    "Mean cosine between words of a kind, before → after: "
    + " · ".join(f"{name} {a:.2f} → {b:.2f}" for name, (a, b) in means.items())
    + f". Hollow: where a row began. **{NEVER[0]}** and **{NEVER[1]}** are in the vocabulary and in "
    "no sentence: not one bit of their rows changes. Trained here, by real Keras layers and "
    "`keras.optimizers.Adam`; each axis of the map has its own scale."
)
examples(PAGE)
ask(
    f"{PAGE}_cat_dog",
    "A model learns to tell praise from blame. Do the rows of **cat** and **dog** become alike?",
    ["yes, both are animals", "no, no more than by chance", "they become opposites"],
    answer="no, no more than by chance",
    why="Here each animal is praised as often as it is blamed, so the loss pulls their rows "
    "nowhere. The layer has no idea of animals; “topic” is the loss that asks for it.",
    show={f"{PAGE}_task": "sentiment", f"{PAGE}_word": "cat"},
)
ask(
    f"{PAGE}_opposites",
    "A model learns to guess a missing word. Where does **good** end up?",
    ["near great, far from awful", "near great and near awful", "near cat"],
    answer="near great and near awful",
    why="Both fit the same gaps (“my soup tastes …”), so the loss treats them alike. "
    "Vectors of that kind say which words are used alike, not which mean the same.",
    show={f"{PAGE}_task": "missing word", f"{PAGE}_word": "good"},
)
ask(
    f"{PAGE}_unseen",
    "**superb** has a row, but is in no sentence. Where is its row after training?",
    ["near good and great", "exactly where it began", "at zero"],
    answer="exactly where it began",
    why="Its gradient is 0 in every epoch, so it keeps its random numbers: a word that training "
    "never saw means nothing to the model.",
    show={f"{PAGE}_task": "sentiment", f"{PAGE}_word": "superb"},
)
length = task.ids.shape[1]
samples = len(task.ids)
shapes_line(
    [
        "ids " + colored((samples, length), axes=("gray", "blue")),
        f"`Embedding({VOCAB_SIZE}, {embedding_dim})`",
        colored((samples, length, embedding_dim)),
        "`GlobalAveragePooling1D`",
        colored((samples, embedding_dim)),
        f"`Dense({task.classes})`",
        colored((samples, task.classes)),
    ]
)
with st.expander(f"The {len(SENTENCES)} sentences"):
    st.markdown(" · ".join(" ".join(words) for words in SENTENCES))

table.numbers(journey_table(data), cut=False)
code.code(job_code(job))
downloads.downloads(
    PAGE,
    html=lambda: to_html(
        plot_journey(data, colors=COLORS, labels=LABELS, marked=[word]),
        title=f"What rows come to mean: {task.question}",
        text=MEANING.idea,
    ),
    table=lambda: journey_table(data, k=5),
    arrays=lambda: data.arrays,
    source=job_code(job),
)
settle()
