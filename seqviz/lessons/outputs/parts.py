"""The words under the picture of outputs: all settings, what Keras says, and the questions."""

from typing import Any, Final

import streamlit as st

from seqviz.config import ModelConfig
from seqviz.lessons.outputs import cached
from seqviz.lessons.outputs.compute import Outputs
from seqviz.readout.numbers import scientific
from seqviz.ui.markdown import colored, literal, say
from seqviz.ui.player.player import set_controls

# What the control says, and what the config calls it.
HEADS: Final = {
    "none": "none",
    "Dense": "dense",
    "TimeDistributed(Dense)": "time_distributed",
}


def explain_refusal(page: str, config: ModelConfig) -> None:
    """Show Keras's own words against TimeDistributed without a sequence, and a way out."""
    st.error(
        "Keras refuses `TimeDistributed` here, since it needs a sequence: "
        + literal(cached.refusal(config, "time_distributed")),
        icon=":material/block:",
    )
    st.button(
        "Set return_sequences=True",
        key=f"{page}_mend",
        icon=":material/build:",
        on_click=set_controls,
        args=({f"{page}_return_sequences": True},),
    )


def settings_table(cell: str, units: int, settings: Any, now: tuple[bool, bool]) -> None:
    """List what is returned under all four settings, as Keras returned it."""
    lines = []
    for flags, parts in settings.shapes.items():
        said = [f"{name}={flag}" for name, flag in _named(flags) if flag]
        names = ", ".join(name for name, _ in parts)
        call = f"{names} = {cell}({', '.join([str(units), *said])})(x)"
        shapes = ", ".join(f"{name} {colored(shape)}" for name, shape in parts)
        here = " :material/arrow_back: **now**" if flags == now else ""
        lines.append(f"- `{call}` gives {shapes}{here}")
    # A list, not a table: its lines break on a phone.
    say("What the two arguments choose:\n" + "\n".join(lines))


def _named(flags: tuple[bool, bool]) -> list[tuple[str, bool]]:
    return list(zip(("return_sequences", "return_state"), flags, strict=True))


def what_keras_says(
    config: ModelConfig, data: Outputs, settings: Any, ids: tuple[int, ...]
) -> None:
    """Differences that Keras's own layers give."""
    facts = [
        f"`seq[:, -1]` − `output`: largest difference {scientific(settings.last_of_seq)}.",
        f"`h_T` − `output`: largest difference {scientific(settings.last_is_h)}.",
    ]
    if data.head and data.return_sequences:
        gap = cached.compare_heads(config, data.states.hidden[None, 1:], ids)
        facts.append(
            f"`TimeDistributed(Dense({config.classes}))` − `Dense({config.classes})` on `seq`, "
            f"same weights: largest difference {scientific(gap)}"
            f"{', which is rounding' if gap else ''}."
        )
    say(
        ":material/verified: Computed by Keras's own code, both ways:\n"
        + "\n".join(f"- {fact}" for fact in facts)
    )


def say_what_a_sequential_says(config: ModelConfig, data: Outputs) -> None:
    """Keras's error where `return_state` is set in a `Sequential`, and a way out."""
    count = len(data.results)
    say(
        f"In a `Sequential` the next layer would be given all {count} results at once. "
        "Keras's own answer, just now:"
    )
    st.code(
        "ValueError: "
        + cached.refusal(ModelConfig(cell=config.cell, units=config.units), "sequential"),
        language=None,
        wrap_lines=True,
    )
    say(
        "So give it one of them, in a functional model: `output, *states = layer(x)`, then "
        "`Dense(4)(output)`."
    )
