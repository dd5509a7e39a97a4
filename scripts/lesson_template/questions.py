"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_all(page: str) -> None:
    """Ask what is commonly believed otherwise."""
    ask(
        f"{page}_ones",
        "Every number of a row with 9 features is 1. How long is the row?",
        ["1", "3", "9"],
        answer="3",
        why="The length is the root of the sum of the squares.",
        show={f"{page}_embedding_dim": 9, f"{page}_initializer": "ones"},
    )
