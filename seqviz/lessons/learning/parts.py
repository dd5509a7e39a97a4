"""Parts of the page about gradient steps."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from seqviz.lessons.learning.compute import Learning
from seqviz.lessons.learning.figure import plot_sparse_gradient
from seqviz.training.record import GradientStep
from seqviz.training.train import OPTIMIZERS
from seqviz.ui.control import control
from seqviz.ui.controls import steps
from seqviz.ui.markdown import note, say
from seqviz.ui.player.chart import show_chart
from seqviz.ui.player.theme import THEMED
from seqviz.ui.url_state import bound
from seqviz.wording import counted

RATES: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def optimizer_choice(page: str) -> str:
    """Which optimizer: a name in `seqviz.training.train.OPTIMIZERS`."""
    return control(
        st.selectbox,
        "optimizer",
        list(OPTIMIZERS),
        **bound(page, "optimizer", "SGD"),
        help="Decides, from the gradient and from what it remembers, how far each row moves. "
        "AdamW is given weight_decay=0.1.",
    )


def learning_rate_slider(page: str) -> float:
    """The optimizer's learning rate."""
    return steps(page, "learning_rate", RATES, 0.1, help="Every change is a multiple of it.")


def say_what_outlines_mean(data: Learning) -> None:
    """The legend of the picture, and where its numbers are from."""
    dotted = (
        "**Dotted outline**: not read in it, and moved all the same. " if data.carried.any() else ""
    )
    note(
        f"**Coloured outline**: read in this step. {dotted}**0**: not one bit of the row changed. Each "
        "number is read from a real Keras `Embedding` before and after `optimizer.apply_gradients`. Blue is "
        "negative, red positive; the table and the steps have a scale each."
    )


def show_gradient(
    page: str, step: GradientStep, number: int, tokens: Sequence[str], *, words: Mapping[int, str]
) -> None:
    """Show the gradient of one step as TensorFlow gives it, and say what it is."""
    say(
        f"Step {number}: not a full matrix but a `tf.IndexedSlices`, one line for each id that "
        "was looked up. Every row that is not listed has gradient 0."
        if step.trainable
        else "With `trainable=False` Keras does not compute this gradient at all: the table is "
        "not among `model.trainable_variables`. It is shown to see what is not used."
    )
    show_chart(
        plot_sparse_gradient(step, tokens=tokens, words=words, palette=THEMED),
        key=f"{page}_gradient_chart",
        alt=f"The gradient of step {number}: {counted(len(tokens), 'line')} with their ids, and their sum in "
        f"{int(step.looked_up.sum())} of {len(step.before)} rows.",
    )
