"""The lesson's questions."""

from seqviz.ui.question import Question


def ask_all(page: str, cell: str, units: int) -> tuple[Question, ...]:
    """Ask what is commonly believed otherwise."""
    ends = (
        "the output, the last h and the last c" if cell == "LSTM" else "the output and the last h"
    )
    return (
        Question(
            name="which_state",
            text="What does the layer return with `return_sequences=False`?",
            options={
                "the mean of all states": "That would be `return_sequences=True` and a "
                "`GlobalAveragePooling1D` on top.",
                "all states in one long vector": "That would be `return_sequences=True` and a "
                "`Flatten` on top.",
                "the last of the states": "Nothing is pooled or flattened: it is the state after the "
                "last timestep. The others are computed, and not returned.",
            },
            answer="the last of the states",
            show={f"{page}_return_sequences": False, f"{page}_head": "none"},
        ),
        Question(
            name="which_states",
            text=f"What does `{cell}({units}, return_state=True)` return?",
            options={
                "the state of every timestep": "That would be `return_sequences=True`.",
                ends: "The last state only, once more by itself; for every state there is "
                "`return_sequences`.",
                "the states before and after": "The state before the first timestep is not returned: "
                "it is zeros, or what you gave as `initial_state`.",
            },
            answer=ends,
            show={f"{page}_return_state": True},
        ),
        Question(
            name="distributed",
            text="`TimeDistributed(Dense(4))` and plain `Dense(4)` on the sequence, same weights: "
            "how do they differ?",
            options={
                "one set of weights per timestep, or one in all": "Both have one Dense, used at every "
                "timestep.",
                "not at all": "Dense works on the last axis, whatever stands before it.",
                "in the shape they return": "Both return (batch, timesteps, 4).",
            },
            answer="not at all",
            show={
                f"{page}_return_sequences": True,
                f"{page}_head": "TimeDistributed(Dense)",
                f"{page}_classes": 4.0,
            },
            veils=False,
        ),
    )
