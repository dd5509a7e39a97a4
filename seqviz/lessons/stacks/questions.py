"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_all(page: str, *, bidirectional: bool) -> tuple[Question, ...]:
    """Ask what is commonly believed otherwise."""
    return (
        Question(
            name="stackable",
            text="Layer 1 has `return_sequences=False`. What does layer 2 make of it?",
            options={
                "it reads a sequence of one step": "That would need a dimension of timesteps, as "
                "`Reshape((1, units))` makes one; Keras does not add it.",
                "it reads the last state again and again": "That would be a `RepeatVector` between "
                "them; Keras does not put one there.",
                "an error": "A recurrent layer needs 3 dimensions, and is given 2.",
            },
            answer="an error",
            show={
                f"{page}_view": "stack",
                f"{page}_layers": 2,
                f"{page}_return_sequences_1": False,
            },
        ),
        Question(
            name="depth",
            text="The sentence gets longer. What must grow with it: layers, units or weights?",
            options={
                "layers": "That would be layers = timesteps: but each layer reads all timesteps, one "
                "after the other.",
                "units": "That would be units = timesteps: but a unit is a number in h, and h is used "
                "again at every timestep.",
                "weights": "The same weights are used at every timestep, however many there are.",
                "none of them": "Layers and units are yours to choose; one block per layer is used "
                "once a timestep.",
            },
            answer="none of them",
            show={
                f"{page}_view": "stack",
                f"{page}_text": "I am Groot and you are Rocket",
                f"{page}_read_as": "auto",
                f"{page}_units_1": 6,
                f"{page}_units_2": 3,
            },
            veils=False,
        ),
        Question(
            name="ends",
            text="`Bidirectional` with `return_sequences=False`: which state is its backward half?",
            options={
                "that at the last timestep, seq[:, -1]": "There the backward layer has read one word "
                "only: the last.",
                "that at the first timestep, seq[:, 0]": "The backward layer reads the first word "
                "last.",
            },
            answer="that at the first timestep, seq[:, 0]",
            show={f"{page}_view": "bidirectional", f"{page}_return_sequences_1": False},
            veils=bidirectional,
        ),
    )
