"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_lookup(page: str, difference: float, multiply_adds: int, seed: int) -> None:
    """What the layer does with an id, and what is in a row before training."""
    ask(
        f"{page}_what_it_does",
        "What does the Embedding layer do with an id?",
        ["it copies one row", "it multiplies a one-hot row with W", "it runs word2vec"],
        answer="it copies one row",
        why=f"The product gives the same numbers (largest difference {difference:g}), but spends "
        f"{multiply_adds:,} multiply-adds, nearly all of them times 0.",
        show={f"{page}_text": "3 7 7 0", f"{page}_read_as": "ids", f"{page}_vocab_size": 8.0},
    )
    ask(
        f"{page}_meaning",
        "Before any training, what is in the row of a word?",
        [
            "its meaning, as in word2vec",
            "a compressed one-hot, as in an autoencoder",
            "random numbers",
        ],
        answer="random numbers",
        why="The matrix starts from its initializer, and then learns what the loss of your model asks "
        "for. Another seed, other rows: the words had no say in it.",
        show={f"{page}_seed": 1.0 if seed != 1 else 2.0},
    )
