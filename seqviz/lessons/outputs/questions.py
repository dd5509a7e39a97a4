"""The lesson's questions."""

from seqviz.ui.question import ask


def ask_all(page: str, cell: str, units: int) -> None:
    """Ask what is commonly believed otherwise."""
    ask(
        f"{page}_which_state",
        "What does the layer return with `return_sequences=False`?",
        ["the mean of all states", "all states in one long vector", "seq[:, -1]"],
        answer="seq[:, -1]",
        why="Nothing is pooled or flattened: it is the state after the last timestep.",
        show={f"{page}_return_sequences": True},
    )
    ends = "output, h_T and c_T" if cell == "LSTM" else "output and h_T"
    ask(
        f"{page}_which_states",
        f"What does `{cell}({units}, return_state=True)` return?",
        ["the state of every timestep", ends, "the states before and after"],
        answer=ends,
        why="The last state only, once more by itself; for every state there is "
        "`return_sequences`.",
        show={f"{page}_return_state": True},
    )
    ask(
        f"{page}_distributed",
        "`TimeDistributed(Dense(4))` and plain `Dense(4)` on the sequence, same weights: "
        "how do they differ?",
        [
            "one set of weights per timestep, or one in all",
            "not at all",
            "in the shape they return",
        ],
        answer="not at all",
        why="Dense works on the last axis, whatever stands before it.",
        show={
            f"{page}_return_sequences": True,
            f"{page}_head": "TimeDistributed(Dense)",
            f"{page}_classes": 4.0,
        },
    )
