"""The questions of each lesson, as a track counts them at its end."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Counted(NamedTuple):
    """One of them.

    Attributes:
        title: What it is about, in a few words: it stands in a list.
        state: Controls, without the page's prefix, of the view that asks it.
    """

    title: str
    state: Mapping[str, str] = {}


# By lesson, then by the question's name.
QUESTIONS: Final[Mapping[str, Mapping[str, Counted]]] = {
    "embedding": {
        "which_row": Counted("what comes out for an id"),
        "largest_id": Counted("the largest id"),
        "masked_row": Counted("what mask_zero makes of row 0"),
    },
    "ids": {
        "number_of_words": Counted("is input_dim the number of words?"),
        "bad_ids": Counted("what −1 and 1.7 do"),
    },
    "gather": {
        "what_it_does": Counted("copy or multiply?"),
        "meaning": Counted("rows before training"),
    },
    "layer": {
        "weights": Counted("what the layer owns"),
        "length": Counted("is input_length needed?"),
    },
    "learning": {
        "looked_up": Counted("the rows that one step changes"),
        "absent": Counted("rows that are not in the batch"),
        "repeated": Counted("an id that comes twice"),
    },
    "meaning": {
        "cat_dog": Counted("cat and dog"),
        "opposites": Counted("good and its neighbours"),
        "unseen": Counted("a word that is never read"),
    },
    "pretrained": {
        "missing": Counted("a word that the file does not have"),
        "frozen": Counted("trainable=False"),
    },
    "recurrent": {
        "what_is_read": Counted("what is read at the last word"),
        "output_shape": Counted("the shape that is returned"),
        "more_words": Counted("a longer sentence"),
    },
    "outputs": {
        "which_state": Counted("return_sequences=False"),
        "which_states": Counted("return_state=True"),
        "distributed": Counted("TimeDistributed or not"),
    },
    "stacks": {
        "stackable": Counted("a layer that does not return a sequence"),
        "depth": Counted("what grows with the sentence"),
        "ends": Counted("the end of the backward half"),
    },
    "cell": {
        "one_kernel": Counted("the sum at another timestep"),
        "products": Counted("products in one gate"),
        "forget_bias": Counted("the forget gate before training"),
        "memory": Counted("output and memory of an LSTM"),
        "two_biases": Counted("the weights of a GRU"),
    },
    "padding": {
        "padded_steps": Counted("h at padded steps"),
        "loses": Counted("which layer loses a mask"),
        "side": Counted("the side of the padding"),
    },
    "compare": {
        "forgets": Counted("which layer forgets its first word"),
        "gates_open": Counted("gates with nothing added"),
        "units_matter": Counted("units and timesteps"),
        "timesteps_matter": Counted("weights and timesteps"),
    },
    "gradients": {
        "far": Counted("the first word, 20 steps back"),
        "explodes": Counted("a spectral radius of 1.5"),
        "gated": Counted("the gradient of c"),
        "future": Counted("the gradient after the loss"),
    },
    "state": {
        "next_call": Counted("the state at the next call"),
        "old_tutorial": Counted("batch_input_shape"),
        "given": Counted("a first state that is given", {"part": "initial_state"}),
        "same_mask": Counted("what dropout drops", {"part": "dropout"}),
        "inference": Counted("dropout when a model is used", {"part": "dropout"}),
    },
    "training": {
        "before": Counted("what a model answers before training"),
        "first_word": Counted("which cell remembers the first word"),
        "disagree": Counted("two opinions on a word"),
    },
}
