"""The lesson's questions."""

import streamlit as st

from seqviz.readout.wording import counted
from seqviz.ui.question import ask


def ask_about_layer(
    page: str, count: int, units: int, parameters: int, *, return_sequences: bool
) -> None:
    """What `return_sequences` changes of the shape, and what more words make grow."""
    every = f"(1, {count}, {units})"
    if not return_sequences or st.session_state.get(f"{page}_output_shape"):
        ask(
            f"{page}_output_shape",
            "What shape does the layer return with `return_sequences=True`?",
            list(dict.fromkeys([f"(1, {units})", every, f"({count}, {units})"])),
            answer=every,
            why="The layer computes the same states either way: it returns all of them, or the last.",
            show={f"{page}_return_sequences": True},
        )
    ask(
        f"{page}_more_words",
        "Make the sentence longer. What grows?",
        ["the number of weights", "how often the block is used", "the length of h"],
        answer="how often the block is used",
        why=f"One set of {parameters:,} weights serves every timestep, and h keeps its "
        f"{counted(units, 'unit')}.",
        show={f"{page}_text": "I am Groot and you are Rocket", f"{page}_read_as": "auto"},
    )
