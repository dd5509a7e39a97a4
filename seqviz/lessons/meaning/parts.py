"""What else the page shows: the nearest words, the mean cosines, the sentences."""

import streamlit as st

from seqviz.lessons.meaning.compute import Journey, compute_neighbours, group_cosines
from seqviz.lessons.meaning.words import KINDS, neighbours_text, takeaway
from seqviz.readout.numbers import in_box
from seqviz.tasks.word_meaning import GROUPS, NEVER, SENTENCES, VOCAB_SIZE, WORDS, WordTask
from seqviz.ui.markdown import colored, note, say, shapes_line


def say_who_trained() -> None:
    """Where the numbers are from."""
    note("Trained here, by real Keras layers and `keras.optimizers.Adam`.")


def say_what_came_of_it(data: Journey, task_name: str, task: WordTask, word: str) -> None:
    """The nearest words before and after, and what that says of the loss."""
    before, after = (neighbours_text(compute_neighbours(data, word, k)) for k in (0, -1))
    say(
        f"Nearest to **{word}** by cosine, **before**: {before} · **after**: {after}"
        + ("" if data.moved[WORDS.index(word)] else " · its row is **the same, bit for bit**")
    )
    say(f":material/quiz: **{task.question}** {takeaway(data, task_name)}")
    means = {
        kind: map(in_box, group_cosines(data, words)[[0, -1]].tolist())
        for kind, words in zip(KINDS, GROUPS.values(), strict=True)
        if len(words) == 4
    }
    note(
        "Mean cosine between words of a kind, before → after: "
        + " · ".join(f"{kind} {a} → {b}" for kind, (a, b) in means.items())
        + f". **{NEVER[0]}** and **{NEVER[1]}** are in the vocabulary and in no sentence: not one bit "
        "of their rows changes."
    )


def show_model(task: WordTask, embedding_dim: int) -> None:
    """The shapes of the model that was trained, and what it was trained on."""
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
