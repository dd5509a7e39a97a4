"""The questions of the page about states, one part at a time."""

from seqviz.lessons.state import cached
from seqviz.ui.markdown import literal
from seqviz.ui.question import ask

_LONGER = "I am Groot and you are Rocket"


def ask_about(page: str, part: str, cell: str) -> None:
    """Ask what is commonly got wrong about this part."""
    if part == "stateful":
        ask(
            f"{page}_next_call",
            "A layer has read half a sentence. Called on the other half, with `stateful=False`, "
            "which state does it start from?",
            ["zeros", "the one it ended with", "random numbers"],
            answer="zeros",
            why="By default a call knows nothing of the last one. `stateful=True` keeps the state, "
            "and the chunks then give what one call on the whole sentence gives.",
            show={
                f"{page}_text": _LONGER,
                f"{page}_chunk_length": 3.0,
                f"{page}_reset_before": 0.0,
            },
        )
        unknown, dynamic = cached.old_tutorial_messages(cell)
        ask(
            f"{page}_old_tutorial",
            f"An old tutorial writes `{cell}(4, stateful=True, batch_input_shape=(1, 3, 2))`. What "
            "does Keras 3 do?",
            ["it works", "it warns", "it raises an error"],
            answer="it raises an error",
            why=f"Its message: “{literal(unknown)}” Write `keras.Input(batch_shape=(1, None, 2))` "
            "before the layer. Without a fixed batch size, Keras says: "
            f"“{literal(dynamic)}” And the reset is `layer.reset_state()`: a Keras 3 model has no "
            "`reset_states()`.",
            show={
                f"{page}_text": _LONGER,
                f"{page}_chunk_length": 3.0,
                f"{page}_reset_before": 3.0,
            },
        )
    elif part == "initial_state":
        ask(
            f"{page}_given",
            "A first state of 1 instead of 0: how long does it make a difference?",
            ["for the first word only", "it fades, as fast as the weights let it", "for ever"],
            answer="it fades, as fast as the weights let it",
            why="Each step mixes the last state with a new input. In an untrained LSTM the forget "
            "gate stands near 0.73, so the cell state c loses about a quarter at each word.",
            show={
                f"{page}_text": "the tree who walks among the stars has only three words",
                f"{page}_cell": "LSTM",
                f"{page}_units": 2,
                f"{page}_h_0": 0.0,
                f"{page}_h_1": 0.0,
                f"{page}_c_0": 1.0,
            },
        )
    else:
        ask(
            f"{page}_same_mask",
            "Which features does `dropout` drop at the second word?",
            ["the same as at the first", "others, drawn anew", "none, then all"],
            answer="the same as at the first",
            why="One mask is drawn for each sequence in a call, and used at every step. "
            "Another call draws another: see `call`.",
            show={f"{page}_text": _LONGER, f"{page}_call": 2.0},
        )
        ask(
            f"{page}_inference",
            "And when the trained model is used, with `training=False`?",
            ["nothing is dropped", "the same features are dropped", "the mask is drawn anew"],
            answer="nothing is dropped",
            why="Dropout works in training only. What is kept there is multiplied by "
            "1 / (1 - rate), so that sums are as large as without.",
            show={f"{page}_dropout": 0.5, f"{page}_recurrent_dropout": 0.5, f"{page}_call": 3.0},
        )
