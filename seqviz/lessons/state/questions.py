"""The questions of the page about states, one part at a time."""

from seqviz.lessons.state import cached
from seqviz.ui.markdown import literal
from seqviz.ui.question import Question

_LONGER = "I am Groot and you are Rocket"


def ask_about(page: str, part: str, cell: str) -> tuple[Question, ...]:
    """Ask what is commonly got wrong about this part."""
    if part == "stateful":
        return _about_calls(page, cell)
    if part == "initial_state":
        return _about_the_first(page)
    return _about_dropout(page)


def _about_calls(page: str, cell: str) -> tuple[Question, ...]:
    unknown, dynamic = cached.old_tutorial_messages(cell)
    return (
        Question(
            name="next_call",
            text="A layer has read half a sentence. Called on the other half, with "
            "`stateful=False`, which state does it start from?",
            options={
                "zeros": "By default a call knows nothing of the last one. `stateful=True` keeps the "
                "state, and the chunks then give what one call on the whole sentence gives.",
                "the one it ended with": "That would be `stateful=True`.",
                "random numbers": "Weights start from random numbers, states never do.",
            },
            answer="zeros",
            show={
                f"{page}_text": _LONGER,
                f"{page}_chunk_length": 3.0,
                f"{page}_reset_before": 0.0,
            },
        ),
        Question(
            name="old_tutorial",
            text="An old tutorial gives a layer `batch_input_shape=(1, 3, 2)`. What does Keras 3 do?",
            options={
                "it works": "It did in Keras 2, and stands in many old tutorials.",
                "it warns": "Only for `input_shape` and `input_dim` does Keras 3 warn.",
                "it raises an error": f"Its message: “{literal(unknown)}” Write "
                "`keras.Input(batch_shape=(1, None, 2))` before the layer. Without a fixed batch "
                f"size, Keras says: “{literal(dynamic)}” And the reset is `layer.reset_state()`: a "
                "Keras 3 model has no `reset_states()`.",
            },
            answer="it raises an error",
            show={
                f"{page}_text": _LONGER,
                f"{page}_chunk_length": 3.0,
                f"{page}_reset_before": 3.0,
            },
            veils=False,
        ),
    )


def _about_the_first(page: str) -> tuple[Question, ...]:
    return (
        Question(
            name="given",
            text="A first state of 1 instead of 0: how long does it make a difference?",
            options={
                "for the first word only": "The state after the first word was made from it, and the "
                "next one from that.",
                "it fades, as fast as the weights let it": "Each step mixes the last state with a "
                "new input. In an untrained LSTM the forget gate stands near 0.73, so the cell state "
                "c loses about a quarter at each word.",
                "for ever": "That would take gates that keep all of it: a forget gate of exactly 1.",
            },
            answer="it fades, as fast as the weights let it",
            show={
                f"{page}_text": "the tree who walks among the stars has only three words",
                f"{page}_cell": "LSTM",
                f"{page}_units": 2,
                f"{page}_h_0": 0.0,
                f"{page}_h_1": 0.0,
                f"{page}_c_0": 1.0,
            },
        ),
    )


def _about_dropout(page: str) -> tuple[Question, ...]:
    return (
        Question(
            name="same_mask",
            text="Which features does `dropout` drop at the second word?",
            options={
                "the same as at the first": "One mask is drawn for each sequence in a call, and used "
                "at every step. Another call draws another: see `call`.",
                "others, drawn anew": "That would be a `Dropout` layer before the recurrent one, "
                "which draws for each number of each word.",
                "none, then all": "Each feature is dropped by chance, with the probability `dropout`.",
            },
            answer="the same as at the first",
            show={f"{page}_text": _LONGER, f"{page}_call": 2.0, f"{page}_embedding_dim": 4},
        ),
        Question(
            name="inference",
            text="And when the trained model is used, with `training=False`?",
            options={
                "nothing is dropped": "Dropout works in training only. What is kept there is "
                "multiplied by 1 / (1 - rate), so that sums are as large as without.",
                "the same features are dropped": "No mask outlives the call that drew it.",
                "the mask is drawn anew": "That would be `training=True`, and another result at every "
                "call.",
            },
            answer="nothing is dropped",
            show={
                f"{page}_dropout": 0.5,
                f"{page}_recurrent_dropout": 0.5,
                f"{page}_call": 3.0,
                f"{page}_embedding_dim": 4,
            },
        ),
    )
