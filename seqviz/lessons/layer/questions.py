"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_the_layer(page: str) -> tuple[Question, ...]:
    """What the layer owns, and what `input_length` has to do with what comes out."""
    return (
        Question(
            name="weights",
            text="The layer reads “I am Groot”. Which numbers does it own, for training to change?",
            options={
                "three rows, one for each word read": "Those come out: they are copies. The layer "
                "owns the matrix that they are copied from.",
                "a matrix and a bias": "That is Dense, which multiplies and adds. This layer copies "
                "rows, and nothing is added to them.",
                "one matrix, with a row for each id": "`build` makes it once, before any sentence is "
                "read, and `call` only copies rows of it.",
            },
            answer="one matrix, with a row for each id",
            show={
                f"{page}_text": "I am Groot",
                f"{page}_read_as": "auto",
                f"{page}_vocab_size": 12.0,
            },
        ),
        Question(
            name="length",
            text="Old code says `input_length=4`; the layer reads 3 ids. How many rows come out?",
            options={
                "4, the last one filled up": "This layer fills nothing up: padding is done before it, "
                "with ids 0.",
                "3, one for each id": "Keras drops the argument and warns. The layer takes any number "
                "of ids; a fixed length belongs into `keras.Input`.",
                "none: it is an error": "Keras only warns, for this argument has no effect any more.",
            },
            answer="3, one for each id",
            show={
                f"{page}_text": "I am Groot",
                f"{page}_read_as": "auto",
                f"{page}_input_length": True,
            },
            veils=False,
        ),
    )
