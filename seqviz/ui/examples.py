"""Settings worth seeing, each one click away."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from seqviz.ui.controls import defaults
from seqviz.ui.player import set_controls

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


def examples(page: str, settings: Mapping[str, Mapping[str, Any]]) -> None:
    """Offer named settings of the controls, which are to be drawn before.

    Args:
        page: Prefix of the controls' keys.
        settings: By label, what differs from the controls' defaults; the first should be nothing.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(":gray[Try:]", width="content")
        for number, (label, setting) in enumerate(settings.items()):
            values = {**defaults(page), **setting}
            st.button(
                label,
                key=f"{page}_example_{number}",
                on_click=set_controls,
                args=({f"{page}_{name}": value for name, value in values.items()},),
            )
