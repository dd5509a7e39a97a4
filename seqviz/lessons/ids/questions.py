"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_ids(page: str) -> None:
    """Is `input_dim` the number of words; does a bad id always fail?"""
    ask(
        f"{page}_number_of_words",
        "You have 10 words, with ids 1 to 10. Does `Embedding(10, …)` hold them?",
        ["yes, 10 rows for 10 words", "no, id 10 raises", "no, id 10 silently gives row 0"],
        answer="no, id 10 raises",
        why="`input_dim` is the largest id + 1, here 11. It is not the number of words.",
        show={f"{page}_ids": "1 2 3 4 5 6 7 8 9 10", f"{page}_vocab_size": 10.0},
    )
    ask(
        f"{page}_bad_ids",
        "What do ids −1 and 1.7 do?",
        ["both raise", "−1 raises, 1.7 is rounded to 2", "neither raises"],
        answer="neither raises",
        why="−1 silently gives the last row and 1.7 gives row 1: a bug in the data is not found here.",
        show={f"{page}_ids": "-1 -2 1.7 1.999 -0.5", f"{page}_vocab_size": 10.0},
    )
