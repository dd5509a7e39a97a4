"""Settings worth seeing, each one click away."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from seqviz.ui.player import set_controls

EMBEDDING_DEFAULTS: Final = {
    "text": "I am Groot",
    "read_as": "auto",
    "vocab_size": 50.0,
    "embedding_dim": 2,
    "initializer": "uniform",
    "mask_zero": False,
    "seed": 0.0,
}
RECURRENT_DEFAULTS: Final = {
    "text": "I am Groot",
    "read_as": "auto",
    "cell": "SimpleRNN",
    "units": 4,
    "return_sequences": False,
    "return_state": False,
    "go_backwards": False,
    "embedding_dim": 2,
    "vocab_size": 50.0,
    "mask_zero": False,
    "seed": 0.0,
}
_SCRIPTS: Final = {
    "আমি গ্রুট": {"text": "আমি গ্রুট, তুমি কে?"},
    "私はグルートです": {"text": "私はグルートです"},
    "أنا جروت": {"text": "أنا جروت"},
}
_LONG: Final = (
    "the tree who walks among the stars has only three words to say and yet all of his friends "
    "know what he means each time he says that he is Groot"
)
EMBEDDING_EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "I am Groot": {},
    "3 7 7 0": {"text": "3 7 7 0"},
    "padding": {"text": "2 3 4 0 0", "mask_zero": True},
    "1,000 rows": {"text": "2 333 998 2", "vocab_size": 1000.0},
    **_SCRIPTS,
}
RECURRENT_EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "I am Groot → SimpleRNN(4)": {},
    "… every state": {"return_sequences": True},
    "LSTM": {"cell": "LSTM", "return_sequences": True, "return_state": True},
    "padding, masked": {"text": "2 3 4 0 0", "mask_zero": True},
    "backwards": {"go_backwards": True, "return_sequences": True},
    "a long sentence, 32 units": {"text": _LONG, "units": 32, "cell": "GRU"},
    **_SCRIPTS,
}


def examples(
    page: str, defaults: Mapping[str, Any], settings: Mapping[str, Mapping[str, Any]]
) -> None:
    """Offer named settings of the controls.

    Args:
        page: Prefix of the controls' keys.
        defaults: All controls of the page and their values, where a setting does not say more.
        settings: By label, what differs from the defaults.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":gray[Try:]", width="content")
        for number, (label, setting) in enumerate(settings.items()):
            values = {f"{page}_{name}": value for name, value in {**defaults, **setting}.items()}
            st.button(
                label,
                key=f"{page}_example_{number}",
                on_click=set_controls,
                args=(values,),
            )
