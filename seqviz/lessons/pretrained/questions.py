"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_filling(page: str, max_steps: int) -> None:
    """What is in the row of a word that is missing, and which rows training moves."""
    ask(
        f"{page}_missing",
        "A word is not in the file. What does its row hold?",
        ["what the initializer put there", "zeros", "the vector of the nearest word"],
        answer="what the initializer put there",
        why="Nothing was copied, so the row starts as in any new layer, and knows nothing yet.",
        show={f"{page}_text": "the xylophone is red", f"{page}_initializer": "ones"},
    )
    ask(
        f"{page}_frozen",
        "`trainable=False`, and the model trains. Which rows of the Embedding move?",
        ["none", "those that the sentence reads", "all"],
        answer="none",
        why="The loss still falls, since the Dense layer behind it learns. With `trainable=True` the "
        "rows that are read move, and with them what they were pretrained for.",
        show={f"{page}_trainable": False, f"{page}_steps": max_steps},
    )
