"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_about_arguments(page: str) -> None:
    """What `input_length` does, and what a constraint is applied to."""
    ask(
        f"{page}_length",
        "What does `input_length` do in Keras 3?",
        ["it fixes the number of timesteps", "nothing: Keras warns", "Flatten and Dense need it"],
        answer="nothing: Keras warns",
        why="The layer takes any number of ids. Keras drops the argument and says so; here it is "
        "even wrong by one, and the output is the same.",
        show={f"{page}_input_length": True},
    )
    ask(
        f"{page}_norms",
        "`embeddings_constraint=UnitNorm()`, as it comes. What has norm 1 after a step?",
        ["each row, a word's vector", "each column", "only the rows looked up"],
        answer="each column",
        why="`axis=0` is the default and fits a Dense kernel. For the words' vectors say `axis=1`.",
        show={f"{page}_constraint": "unit_norm", f"{page}_axis": 0, f"{page}_trainable": True},
    )
