"""The controls of the page on a layer's inside, and what they add in words."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import streamlit as st

from seqviz.config import ModelConfig
from seqviz.lessons.layer.compute import (
    CONSTRAINTS,
    DTYPES,
    REGULARIZERS,
    LayerParts,
    LayerSettings,
    penalty_in_words,
)
from seqviz.typed_text import InputLevel
from seqviz.ui import controls, url_state
from seqviz.ui.control import control
from seqviz.ui.fold import more
from seqviz.ui.markdown import say
from seqviz.ui.sentence import level_choice

_STRENGTHS: Final = (0.0001, 0.001, 0.01, 0.1, 1.0)
_WIDEST: Final = 32
_MOST: Final = 12
_CONSTRAINED: Final[Mapping[str, str]] = {
    "none": "no constraint, so the last two are the same.",
    "non_neg": "then every negative number of the matrix becomes 0, looked up or not.",
    "unit_norm": "then the whole matrix is scaled to norm 1 along `axis`, looked up or not.",
    "max_norm": "then what has a norm above 1 along `axis` is scaled down to 1.",
}


class LayerChoice(NamedTuple):
    """What was chosen."""

    settings: LayerSettings  # without input_length, which is to be wrong for the sentence
    with_length: bool
    dtype: str
    level: InputLevel  # how to read the text


def layer_controls(page: str) -> LayerChoice:
    """Draw the controls of `page`."""
    vocab_size = controls.number(
        page, "vocab_size", low=2, high=1_000, default=10, help="`input_dim`: rows of the matrix."
    )
    embedding_dim = controls.embedding_dim(page, default=3, widest=_WIDEST)
    mask_zero = controls.toggle(page, "mask_zero", "Have compute_mask say where the id is 0.")
    trainable = control(
        st.toggle,
        "trainable",
        value=True,
        **url_state.bound(page, "trainable", True),
        help="Off: the matrix counts as non-trainable, and no optimizer touches it.",
    )
    with more(page):
        regularizer = control(
            st.selectbox,
            "embeddings_regularizer",
            REGULARIZERS,
            **url_state.bound(page, "regularizer", "none"),
            help="A number that large weights add to the loss.",
        )
        strength = controls.steps(page, "strength", _STRENGTHS, 0.01, label="strength of l1, l2")
        constraint = control(
            st.selectbox,
            "embeddings_constraint",
            CONSTRAINTS,
            **url_state.bound(page, "constraint", "none"),
            help="What the optimizer makes of the whole matrix after each step.",
        )
        axis = control(
            st.selectbox,
            "axis of unit_norm, max_norm",
            (0, 1),
            **url_state.bound(page, "axis", 0),
            help="0, Keras's default, measures columns; 1 measures rows.",
        )
        with_length = controls.toggle(
            page, "input_length", "Give Keras this old argument, and hear what it says."
        )
        dtype = control(
            st.selectbox,
            "dtype of the ids",
            DTYPES,
            **url_state.bound(page, "dtype", DTYPES[0]),
            help="Many pipelines hand ids over as float32; the layer casts them.",
        )
        initializer = controls.embeddings_initializer(page)
        seed = controls.seed(page)
        level = level_choice(page)
    config = ModelConfig(
        vocab_size=vocab_size,
        embedding_dim=embedding_dim,
        mask_zero=mask_zero,
        embeddings_initializer=initializer,
        seed=seed,
    )
    settings = LayerSettings(
        config,
        regularizer=regularizer,
        strength=strength,
        constraint=constraint,
        axis=axis,
        trainable=trainable,
    )
    return LayerChoice(settings, with_length, dtype, level)


def arguments_in_words(settings: LayerSettings, data: LayerParts) -> str:
    """What each argument adds to the layer, in Markdown, one line an argument."""
    words, _ = penalty_in_words(settings, data.weights)
    losses = ", ".join(f"{loss:.6g}" for loss in data.losses)
    if losses:
        words += f", over all {data.weights.size:,} numbers, looked up or not"
    mask = "None" if data.mask is None else _short(data.mask.tolist())
    moved = "rows that are looked up (outlined) grow by 1 a lookup; "
    step = moved + _CONSTRAINED[settings.constraint]
    if not settings.trainable:
        step = "the matrix is frozen, and stays."
    return "  \n".join(
        [
            f"**embeddings_regularizer:** `layer.losses` is `[{losses}]`: {words}.",
            f"**mask_zero:** `compute_mask` returns `{mask}`.",
            f"**trainable:** {data.trainable_weights:,} numbers may change, "
            f"{data.frozen_weights:,} may not.",
            "**embeddings_constraint:** one real SGD step, learning rate 1, on the loss "
            f"`-sum(output)`{' plus `layer.losses`' if losses else ''}: {step}",
        ]
    )


def say_what_norms_are() -> None:
    """What the green and the orange numbers of the second picture are, and who sets them to 1."""
    say(
        "A **norm** is a length: the root of the sum of the squares. :green[**Green**], right of each row, "
        "is the norm of that row, one word's vector. :orange[**Orange**], under each column, is the norm "
        "of that column. `UnitNorm()` as it comes has `axis=0`: it makes the orange numbers 1. For the "
        "words' vectors, the green ones, say `UnitNorm(axis=1)`."
    )


def _short(values: Sequence[bool]) -> str:
    inside = ", ".join(map(str, values[:_MOST]))
    return f"[{inside}{', …' if len(values) > _MOST else ''}]"
