"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_all(page: str) -> tuple[Question, ...]:
    """Ask what is commonly believed otherwise."""
    return (
        Question(
            name="ones",
            text="Every number of a row with 9 features is 1. How long is the row?",
            options={
                "1": "That is its largest number.",
                "3": "The length is the root of the sum of the squares.",
                "9": "That is the sum of its numbers.",
            },
            answer="3",
            show={f"{page}_embedding_dim": 9, f"{page}_initializer": "ones"},
        ),
    )
