"""Settings worth seeing, each one click away."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from seqviz.ui.player.player import set_controls
from seqviz.ui.url_state import defaults

_SCRIPTS: Final = {
    "আমি গ্রুট": {"text": "আমি গ্রুট, তুমি কে?"},
    "私はグルートです": {"text": "私はグルートです"},
    "أنا جروت": {"text": "أنا جروت"},
}
_LONG: Final = (
    "the tree who walks among the stars has only three words to say and yet all of his friends "
    "know what he means each time he says that he is Groot"
)
# By page and label, what differs from the controls' defaults; the first of a page is nothing.
EXAMPLES: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "embedding": {
        "I am Groot": {},
        "3 7 7 0": {"text": "3 7 7 0"},
        "padding": {"text": "2 3 4 0 0", "mask_zero": True},
        "1,000 rows": {"text": "2 333 998 2", "vocab_size": 1000.0},
        **_SCRIPTS,
    },
    "recurrent": {
        "I am Groot → SimpleRNN(4)": {},
        "… every state": {"return_sequences": True},
        "LSTM": {"cell": "LSTM", "return_sequences": True, "return_state": True},
        "padding, masked": {"text": "2 3 4 0 0", "mask_zero": True},
        "backwards": {"go_backwards": True, "return_sequences": True},
        "a long sentence, 32 units": {"text": _LONG, "units": 32, "cell": "GRU"},
        **_SCRIPTS,
    },
    "gather": {
        "I am Groot, 10 rows": {},
        "ids 3 7 7 0": {"text": "3 7 7 0"},
        "1,000 rows": {"text": "2 333 998 2", "vocab_size": 1000.0},
        "32 features": {"embedding_dim": 32},
        "a long sentence": {"text": _LONG, "vocab_size": 50.0},
        **_SCRIPTS,
    },
    "state": {
        "kept or not": {},
        "LSTM: h and c": {"cell": "LSTM", "units": 3},
        "reset before call 3": {
            "text": "I am Groot and you are Rocket",
            "chunk_length": 3.0,
            "reset_before": 3.0,
        },
        "padding, masked": {"text": "2 3 4 5 6 7 8 0 0", "mask_zero": True},
        "a long sentence": {"text": _LONG, "chunk_length": 8.0, "units": 16, "cell": "GRU"},
        "h given": {"part": "initial_state"},
        "dropout": {"part": "dropout"},
        "dropout, a mask for each gate": {"part": "dropout", "cell": "LSTM", "units": 3},
    },
    "compare": {
        "as Keras builds them": {},
        "gates opened": {"gate_bias": 4},
        "… over 100 timesteps": {"gate_bias": 6, "timesteps": 100},
        "recurrent kernel scaled down": {"spectral_radius": "0.5"},
        "linear, growing": {"spectral_radius": "1.25", "activation": "linear"},
        "3 timesteps": {"timesteps": 3},
        "32 units": {"units": 32},
        **_SCRIPTS,
    },
    "gradients": {
        "vanishing": {},
        "exploding": {"spectral_radius": "1.5", "activation": "linear"},
        "as Keras builds it": {"spectral_radius": "as built"},
        "LSTM": {"cell": "LSTM", "spectral_radius": "as built"},
        "LSTM, forget gate open": {"cell": "LSTM", "gate_bias": 4},
        "GRU, update gate open": {"cell": "GRU", "gate_bias": 4},
        "relu, exact zeros": {"activation": "relu", "output": "unit", "unit": 1.0},
        "I am Groot, 3 timesteps": {"timesteps": 3},
        **_SCRIPTS,
    },
    "learning": {
        "SGD: only the batch": {},
        "Adam: absent rows move": {"optimizer": "Adam"},
        "SGD with momentum": {"optimizer": "SGD, momentum=0.9"},
        "AdamW: every row": {"optimizer": "AdamW"},
        "the same word twice": {"text": "Groot am Groot"},
        "frozen": {"optimizer": "Adam", "trainable": False},
        "3 7 7 0, then 7 8": {"text": "3 7 7 0", "batch_b": "7 8"},
    },
    "ids": {
        "10 rows": {},
        "10 words with ids 1 to 10": {"ids": "1 2 3 4 5 6 7 8 9 10"},
        "negative ids": {"ids": "9 -1 8 -2 0 -10 -11"},
        "decimals": {"ids": "1 1.2 1.7 1.999 -0.5 -1.5 9.9"},
        "huge, and no numbers": {"ids": "10 2147483648 4294967297 3e9 1e30 inf nan"},
        "1,000 rows": {"ids": "0 500 999 1000 -1 -1000 -1001", "vocab_size": 1000.0},
        "4 bins": {"num_bins": 4.0},
        "1,000 bins": {"num_bins": 1000.0},
    },
    "padding": {
        "padded after": {},
        "padded before": {"padding": "pre"},
        "no mask": {"mask_zero": False},
        "zeros for padding": {"zero_output_for_mask": True},
        "only the last state": {"return_sequences": False},
        "… and zeros for padding": {"return_sequences": False, "zero_output_for_mask": True},
        "ids 2 3 0 4": {"lines": "2 3 0 4\n5 6"},
        "GRU": {"cell": "GRU"},
    },
    "cell": {
        "LSTM": {},
        "the forget gate's bias": {"gate": "forget"},
        "GRU": {"cell": "GRU"},
        "GRU, 4 features → 3 units: 81 or 72?": {"cell": "GRU", "embedding_dim": 4, "units": 3},
        "reset before the product": {"cell": "GRU", "reset_after": False},
        "SimpleRNN": {"cell": "SimpleRNN"},
        "a skipped step": {"text": "2 3 0", "mask_zero": True, "timestep": 3.0},
        "larger numbers": {
            "initializer": "ones",
            "kernel_initializer": "normal",
            "timestep": 3.0,
        },
        "64 units: the largest terms": {"units": 64, "embedding_dim": 16},
    },
    "outputs": {
        "the last state": {},
        "every state": {"return_sequences": True},
        "LSTM: all there is": {"cell": "LSTM", "return_sequences": True, "return_state": True},
        "tag each word": {
            "return_sequences": True,
            "head": "TimeDistributed(Dense)",
            "classes": 4.0,
        },
        "… with plain Dense": {"return_sequences": True, "head": "Dense", "classes": 4.0},
        "judge the sentence": {"head": "Dense", "classes": 1.0},
        "a long sentence": {"text": _LONG, "units": 32, "cell": "GRU", "return_sequences": True},
    },
    "stacks": {
        "two SimpleRNN": {},
        "LSTM → GRU → SimpleRNN": {
            "layers": 3,
            "cell_1": "LSTM",
            "units_1": 4,
            "cell_2": "GRU",
            "units_2": 3,
            "return_sequences_3": False,
        },
        "the mistake": {"return_sequences_1": False, "cell_2": "GRU"},
        "both directions": {"view": "bidirectional"},
        "… the last only": {"view": "bidirectional", "return_sequences_1": False},
        "four layers, a long sentence": {
            "text": _LONG,
            "layers": 4,
            "units_1": 32,
            "units_2": 24,
            "units_3": 16,
            "units_4": 8,
        },
    },
    "layer": {
        "I am Groot": {},
        "mask_zero": {"text": "2 3 4 0 0", "mask_zero": True},
        "l2": {"regularizer": "l2", "strength": 0.1},
        "unit_norm, columns": {"constraint": "unit_norm"},
        "unit_norm, rows": {"constraint": "unit_norm", "axis": 1},
        "non_neg": {"constraint": "non_neg"},
        "frozen": {"trainable": False},
        "input_length": {"input_length": True},
    },
    "pretrained": {
        "I am Groot": {},
        "all words found": {"text": "the cat drinks milk", "query": "milk"},
        "frozen": {"text": "you are a friend", "trainable": False, "steps": 30},
        "fine-tuned far": {"text": "the king likes bread", "steps": 30, "learning_rate": 3.0},
        "missing rows of zeros": {"initializer": "zeros"},
        "20 words near to red": {"text": "red and green", "query": "red", "k": 20.0},
        **_SCRIPTS,
    },
    "meaning": {
        "sentiment: good": {},
        "sentiment: cat": {"word": "cat"},
        "topic: cat": {"task": "topic", "word": "cat"},
        "first word: good": {"task": "first word"},
        "missing word: good": {"task": "missing word"},
        "unseen: superb": {"word": "superb"},
        "2 dimensions": {"embedding_dim": 2, "task": "missing word"},
    },
}


def examples(page: str) -> None:
    """Offer the examples of `page`, the prefix of its controls' keys; those are to be drawn before."""
    # One widget for all: to the server each costs as much as any other, at every rerun.
    # `required`, since the second of two quick clicks would else take the first one back.
    st.pills(
        "Try",
        list(EXAMPLES[page]),
        required=True,
        key=f"{page}_example",
        on_change=_show,
        args=(page,),
    )


def _show(page: str) -> None:
    """Set the controls as the chosen example has them, and choose none again."""
    label = st.session_state[f"{page}_example"]
    values = {**defaults(page), **EXAMPLES[page][label], "example": None}
    set_controls({f"{page}_{name}": value for name, value in values.items()})
