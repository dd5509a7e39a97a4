"""Padding and masks: one batch of sentences, and what each layer does with the mask.

The layers are called by Keras one after the other, and the mask is read where Keras itself reads
it: it travels with a tensor, as its attribute ``_keras_mask``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.config import CELLS
from seqviz.errors import SeqvizError
from seqviz.segmentation import clean, label, tokenize
from seqviz.short_repr import short_repr
from seqviz.typed_text import parse_ids
from seqviz.vocabulary import PAD, Vocabulary

Fate = Literal["made", "none", "carried", "used up", "lost"]
PADDINGS = ("post", "pre")
CLASSES = 2


@dataclass(frozen=True)
class PaddingConfig:
    """Embedding → recurrent layer → Dense → Flatten, and how sentences are padded for them.

    Attributes:
        vocab_size: Rows of the embedding matrix.
        padding: ``"post"`` or ``"pre"``, as in `keras.utils.pad_sequences`.
        cell: `"SimpleRNN"`, `"GRU"` or `"LSTM"`.
        units: Of the recurrent layer.
        return_sequences: Of the recurrent layer.
        mask_zero: Of the embedding.
        zero_output_for_mask: Of the recurrent layer.
        embedding_dim: Of the embedding.
        seed: Of every weight.

    Raises:
        SeqvizError: If a value is not one of those.
    """

    vocab_size: int = 50
    padding: str = "post"
    cell: str = "LSTM"
    units: int = 3
    return_sequences: bool = True
    mask_zero: bool = True
    zero_output_for_mask: bool = False
    embedding_dim: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in (("padding", PADDINGS), ("cell", CELLS)):
            if getattr(self, name) not in choices:
                raise SeqvizError(
                    f"{name} is {getattr(self, name)!r}, but it must be one of "
                    f"{', '.join(map(repr, choices))}. Write for example {name}={choices[0]!r}."
                )
        for field in fields(self):
            value = getattr(self, field.name)
            least = 0 if field.name == "seed" else 1
            if field.type is int and (not isinstance(value, int) or value < least):
                raise SeqvizError(
                    f"{field.name} is {value!r}, but it must be an integer of {least} or more. "
                    f"Write for example {field.name}=4."
                )


class Sentences(NamedTuple):
    """Sentences of different length over one vocabulary.

    Attributes:
        tokens: Labels of each sentence's tokens.
        ids: Their ids.
        vocab_size: Rows that a matrix needs to hold them all, 50 at least.
        notices: Sentences for the reader.
    """

    tokens: tuple[tuple[str, ...], ...]
    ids: tuple[tuple[int, ...], ...]
    vocab_size: int
    notices: tuple[str, ...] = ()


@short_repr
class MaskStage(NamedTuple):
    """What one layer returned, and what became of the mask there.

    Attributes:
        name: The layer's name in Keras.
        layer: The layer's class and size, such as ``"LSTM(3)"``.
        values: What it returned, ``(batch, …)``.
        mask: ``(batch, timesteps)`` of bool that goes on with it; None if none does.
        fate: ``"made"`` here, ``"none"`` came in and none goes out, ``"carried"`` on unchanged,
            ``"used up"`` (the layer reads it, and what it returns has no timesteps left), or
            ``"lost"`` (the layer knows no masks, and Keras warns).
        warning: Keras's own warning where it is lost, else empty.
    """

    name: str
    layer: str
    values: NDArray[np.floating]
    mask: NDArray[np.bool_] | None
    fate: Fate
    warning: str = ""


@short_repr
class Padding(NamedTuple):
    """A padded batch on its way through the layers.

    `B` sentences, `T` timesteps, `U` units.

    Attributes:
        ids: ``(B, T)`` int32, from `keras.utils.pad_sequences`.
        real: ``(B, T)`` bool, False where `pad_sequences` has padded.
        stages: One a layer, in order.
        with_mask: ``(B, T, U)``, h after each step as the recurrent layer computes it under the
            mask of ``mask_zero=True``.
        without_mask: ``(B, T, U)``, the same weights without a mask.
        returned: ``(B, T, U)``, what the layer returns under the mask with
            ``return_sequences=True``: zeros where ``zero_output_for_mask`` says so.
        alone: ``(B, U)``, the last h of each sentence on its own, without any padding.
        difference: Largest difference of this picture's states to what Keras's own loop returned.
        config: What was asked for.
    """

    ids: NDArray[np.int32]
    real: NDArray[np.bool_]
    stages: tuple[MaskStage, ...]
    with_mask: NDArray[np.floating]
    without_mask: NDArray[np.floating]
    returned: NDArray[np.floating]
    alone: NDArray[np.floating]
    difference: float
    config: PaddingConfig

    @property
    def error_with_mask(self) -> float:
        """How far the last states are from those of the sentences alone, under the mask."""
        return float(np.abs(self.with_mask[:, -1] - self.alone).max())

    @property
    def error_without_mask(self) -> float:
        """The same without a mask: what reading the padding as words does."""
        return float(np.abs(self.without_mask[:, -1] - self.alone).max())


def read_sentences(
    text: str, *, max_lines: int = 30, max_tokens: int = 12, max_vocab_size: int = 10_000
) -> Sentences:
    """Read one sentence a line; lines of nothing but ids are read as ids.

    Args:
        text: What was typed. Empty lines are left out.
        max_lines: Keep at most so many lines.
        max_tokens: Keep at most so many words of each line.
        max_vocab_size: Ids must be below it.

    Raises:
        SeqvizError: Ids were typed that are negative or too large.
    """
    lines = [line for line in text.splitlines() if clean(line)]
    notices = []
    if len(lines) > max_lines:
        notices.append(f"Only the first {max_lines} of {len(lines):,} sentences are kept.")
    lines = lines[:max_lines]
    parsed = [parse_ids(line) for line in lines]
    if lines and all(ids is not None for ids in parsed):
        rows = [list(ids or ()) for ids in parsed]
        words = [[PAD if i == 0 else f"id {i}" for i in row] for row in rows]
        bad = [i for row in rows for i in row if not 0 <= i < max_vocab_size]
        if bad:
            raise SeqvizError(
                f"Id {bad[0]} cannot be looked up here: ids go from 0 to {max_vocab_size - 1:,}. "
                f"Use {'a smaller one' if bad[0] >= 0 else '0 or more'}, or type words."
            )
    else:
        words = [list(tokenize(line).tokens) for line in lines]
        vocabulary = Vocabulary.from_tokens([w for row in words for w in row], max_vocab_size)
        rows = [list(vocabulary.encode(row)) for row in words]
    if any(len(row) > max_tokens for row in rows):
        notices.append(f"Only the first {max_tokens} words of a sentence are kept.")
    kept = [(w[:max_tokens], r[:max_tokens]) for w, r in zip(words, rows, strict=True) if r]
    if not kept:
        notices.append("Type one sentence a line, such as: I am Groot")
    largest = max((i for _, row in kept for i in row), default=0)
    return Sentences(
        tokens=tuple(tuple(map(label, words)) for words, _ in kept),
        ids=tuple(tuple(row) for _, row in kept),
        vocab_size=max(50, largest + 1),
        notices=tuple(notices),
    )


def padded_tokens(
    tokens: Sequence[Sequence[str]], real: NDArray[np.bool_]
) -> tuple[tuple[str, ...], ...]:
    """Labels of a padded batch: each sentence's tokens where they went, `[PAD]` elsewhere.

    Args:
        tokens: Of each sentence.
        real: ``(batch, timesteps)``, from `compute_padding`.
    """
    rows = []
    for words, places in zip(tokens, real, strict=True):
        left = iter(words)
        rows.append(tuple(next(left, PAD) if place else PAD for place in places.tolist()))
    return tuple(rows)


def padding_arrays(data: Padding) -> dict[str, NDArray[Any]]:
    """All arrays of the picture by name, for a file."""
    return {
        "ids": data.ids,
        "h_masked": data.with_mask,
        "h_no_mask": data.without_mask,
        "returned_masked": data.returned,
        **{stage.name: stage.values for stage in data.stages},
    }
