"""What else the page shows: the nearest words, the mean cosines, the sentences."""

import streamlit as st

from seqviz.lessons.meaning.compute import Journey, compute_neighbours, group_cosines
from seqviz.lessons.meaning.words import TAKEAWAYS, neighbours_text
from seqviz.tasks.word_meaning import GROUPS, NEVER, SENTENCES, VOCAB_SIZE, WORDS, WordTask
from seqviz.ui.markdown import colored, note, shapes_line


def say_who_is_near(data: Journey, task_name: str, task: WordTask, word: str) -> None:
    """The nearest words before and after, and what that says of the loss."""
    before, after = compute_neighbours(data, word)
    st.markdown(
        f"Nearest to **{word}** by cosine, **before**: {neighbours_text(before)} · **after**: "
        f"{neighbours_text(after)}"
        + ("" if data.moved[WORDS.index(word)] else " · its row is **the same, bit for bit**")
    )
    st.markdown(f":material/quiz: **{task.question}** {TAKEAWAYS[task_name]}")
    means = {name: group_cosines(data, words) for name, words in GROUPS.items() if len(words) == 4}
    note(
        "Mean cosine between words of a kind, before → after: "
        + " · ".join(f"{name} {a:z.2f} → {b:z.2f}" for name, (a, b) in means.items())
        + f". Hollow: where a row began. **{NEVER[0]}** and **{NEVER[1]}** are in the vocabulary and in "
        "no sentence: not one bit of their rows changes. Trained here, by real Keras layers and "
        "`keras.optimizers.Adam`; each axis of the map has its own scale."
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
