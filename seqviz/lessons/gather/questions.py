"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_lookup(
    page: str, difference: float, multiply_adds: int, seed: int
) -> tuple[Question, ...]:
    """What the layer does with an id, and what is in a row before training."""
    return (
        Question(
            name="what_it_does",
            text="What does the Embedding layer do with an id?",
            options={
                "it copies one row": "The product gives the same numbers (largest difference "
                f"{difference:g}), but spends {multiply_adds:,} multiply-adds, nearly all of them "
                "times 0.",
                "it multiplies each row by 0 or 1, and adds them": "That is a product with a **one-hot** row, and "
                "gives the same numbers; but the layer multiplies nothing.",
                "it works out what the word means": "That would be training, as **word2vec** does it: the layer "
                "only reads rows.",
            },
            answer="it copies one row",
            show={f"{page}_text": "3 7 7 0", f"{page}_read_as": "ids", f"{page}_vocab_size": 8.0},
        ),
        Question(
            name="meaning",
            text="Is it word2vec? Before any training, what is in the row of a word?",
            options={
                "its meaning, as in word2vec": "That would be vectors trained elsewhere and loaded: "
                "a new layer has seen no text.",
                "a compressed one-hot, as in an autoencoder": "An autoencoder learns to compress; "
                "here nothing has been learned.",
                "random numbers": "The matrix starts from its initializer, and then learns what the "
                "loss of your model asks for. Another seed, other rows: the words had no say in it.",
            },
            answer="random numbers",
            show={f"{page}_seed": 1.0 if seed != 1 else 2.0},
            veils=False,
        ),
    )
