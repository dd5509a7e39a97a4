"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_all(page: str, bidirectional: bool) -> None:
    """Ask what is commonly believed otherwise."""
    ask(
        f"{page}_stackable",
        "Layer 1 has `return_sequences=False`. What does layer 2 make of it?",
        ["it reads a sequence of one step", "it reads the last state again and again", "an error"],
        answer="an error",
        why="A recurrent layer needs 3 dimensions, and is given 2.",
        show={
            f"{page}_view": "stack",
            f"{page}_layers": 2,
            f"{page}_return_sequences_1": False,
        },
    )
    ask(
        f"{page}_depth",
        "The sentence gets longer. What must grow with it: layers, units or weights?",
        ["layers", "units", "weights", "none of them"],
        answer="none of them",
        why="Layers and units are yours to choose; one block per layer is used once a timestep.",
        show={
            f"{page}_view": "stack",
            f"{page}_text": "I am Groot and you are Rocket",
            f"{page}_read_as": "auto",
            f"{page}_units_1": 6,
            f"{page}_units_2": 3,
        },
    )
    ask(
        f"{page}_ends",
        "`Bidirectional` with `return_sequences=False`: which state is its backward half?",
        ["that at the last timestep, seq[:, -1]", "that at the first timestep, seq[:, 0]"],
        answer="that at the first timestep, seq[:, 0]",
        why="The backward layer reads the first word last.",
        show={f"{page}_view": "bidirectional", f"{page}_return_sequences_1": False},
    )
