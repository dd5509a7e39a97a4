"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_ids(page: str) -> tuple[Question, ...]:
    """Is `vocab_size` the number of words; does a bad id always fail?"""
    return (
        Question(
            name="number_of_words",
            text="You have 10 words, with ids 1 to 10. Does `Embedding(10, …)` hold them?",
            options={
                "yes, 10 rows for 10 words": "That would be so with ids 0 to 9: rows count from 0.",
                "no, id 10 raises an error": "`vocab_size` is the largest id + 1, here 11. It is not the "
                "number of words.",
                "no, id 10 silently gives row 0": "An id past the end does not start again at row 0 "
                "(on a CPU).",
            },
            answer="no, id 10 raises an error",
            show={f"{page}_ids": "1 2 3 4 5 6 7 8 9 10", f"{page}_vocab_size": 10.0},
        ),
        Question(
            name="bad_ids",
            text="What do ids −1 and 1.7 do?",
            options={
                "both raise an error": "Only ids outside −rows … rows − 1 do, once their fraction is cut "
                "off.",
                "−1 raises an error, 1.7 is rounded to 2": "−1 counts from the end, as in a Python list, and "
                "of 1.7 the fraction is cut off, not rounded.",
                "neither raises an error": "−1 silently gives the last row and 1.7 gives row 1: a bug in the "
                "data is not found here.",
            },
            answer="neither raises an error",
            show={f"{page}_ids": "-1 -2 1.7 1.999 -0.5", f"{page}_vocab_size": 10.0},
        ),
    )
