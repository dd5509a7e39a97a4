"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_about_arguments(page: str) -> tuple[Question, ...]:
    """What `input_length` does, and what a constraint is applied to."""
    return (
        Question(
            name="length",
            text="What does `input_length` do in Keras 3?",
            options={
                "it fixes the number of timesteps": "A fixed length belongs into `keras.Input`; the "
                "Embedding takes any.",
                "nothing: Keras warns": "The layer takes any number of ids. Keras drops the argument "
                "and says so; here it is even wrong by one, and the output is the same.",
                "Flatten and Dense need it": "They need to know the length, but from `keras.Input` "
                "or the data; that was its use in Keras 2.",
            },
            answer="nothing: Keras warns",
            show={f"{page}_input_length": True},
            veils=False,
        ),
        Question(
            name="norms",
            text="`embeddings_constraint=UnitNorm()`, as it comes. What has norm 1 after a step?",
            options={
                "each row, a word's vector": "That would be `UnitNorm(axis=1)`.",
                "each column": "`axis=0` is the default and fits a Dense kernel. For the words' "
                "vectors say `axis=1`.",
                "only the rows looked up": "A constraint is applied to the whole matrix, whatever was "
                "looked up.",
            },
            answer="each column",
            show={
                f"{page}_arguments": True,
                f"{page}_constraint": "unit_norm",
                f"{page}_axis": 0,
                f"{page}_trainable": True,
            },
            veils=False,
        ),
    )
