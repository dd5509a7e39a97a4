"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_filling(page: str, max_steps: int) -> tuple[Question, ...]:
    """What is in the row of a word that is missing, and which rows training moves."""
    return (
        Question(
            name="missing",
            text="Vectors trained elsewhere come in a file, a row for each word. A word of yours is not in it. "
            "What does its row in the layer hold?",
            options={
                "the numbers that it started with": "Nothing was copied, so the row starts as in any "
                "new layer, and knows nothing yet.",
                "zeros": "That would be `embeddings_initializer='zeros'`, which you would have to "
                "ask for.",
                "the vector of the nearest word": "Which word is near can only be told from a vector, "
                "and this word has none.",
            },
            answer="the numbers that it started with",
            show={f"{page}_text": "the xylophone is red", f"{page}_initializer": "ones"},
        ),
        Question(
            name="frozen",
            text="`trainable=False`, and the model trains. Which rows of the Embedding move?",
            options={
                "none": "The loss still falls, since the Dense layer behind it learns. With "
                "`trainable=True` the rows that are read move, and with them what they were "
                "pretrained for.",
                "those that the sentence reads": "That would be `trainable=True`.",
                "all": "Even with `trainable=True` and plain SGD, rows that are not read have "
                "gradient 0.",
            },
            answer="none",
            show={
                f"{page}_trainable": False,
                f"{page}_train": True,
                f"{page}_steps": max_steps,
            },
        ),
    )
