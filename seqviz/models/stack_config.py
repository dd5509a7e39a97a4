"""A validated, hashable description of stacked recurrent layers, each with arguments of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from seqviz.config import ModelConfig
from seqviz.errors import SeqvizError

MERGE_MODES: Final = ("concat", "sum", "mul", "ave", None)


@dataclass(frozen=True)
class LayerSpec:
    """One recurrent layer of a stack.

    Attributes:
        cell: `"SimpleRNN"`, `"GRU"` or `"LSTM"`.
        units: Width of its state.
        return_sequences: Whether it hands on the state after every step, or the last one only,
            which no recurrent layer above it can read.

    Raises:
        SeqvizError: If a value is not what is said above.
    """

    cell: str = "SimpleRNN"
    units: int = 4
    return_sequences: bool = True

    def __post_init__(self) -> None:
        checked = ModelConfig(
            cell=self.cell, units=(self.units,), return_sequences=self.return_sequences
        )
        object.__setattr__(self, "units", checked.units[0])
        object.__setattr__(self, "return_sequences", checked.return_sequences)


@dataclass(frozen=True)
class StackConfig:
    """What `seqviz.build_stack` builds. Equal configs give bitwise equal weights.

    Other than `ModelConfig`, it can describe what Keras refuses: a layer below the top that
    returns no sequence.

    Attributes:
        layers: From the bottom up.
        vocab_size: Rows of the embedding table.
        embedding_dim: Length of a word's vector.
        bidirectional: Wrap every layer in `Bidirectional`.
        merge_mode: Of `Bidirectional`: `"concat"`, `"sum"`, `"mul"`, `"ave"` or None.
        seed: Seed of every initial weight. A stack of one kind of cell has the weights of the
            `ModelConfig` with the same units and seed.
        embeddings_initializer: Name of a Keras initializer for the embedding table.

    Raises:
        SeqvizError: If a value is not what is said above.
    """

    layers: tuple[LayerSpec, ...] = (LayerSpec(), LayerSpec())
    vocab_size: int = 50
    embedding_dim: int = 2
    bidirectional: bool = False
    merge_mode: str | None = "concat"
    seed: int = 0
    embeddings_initializer: str = "uniform"

    def __post_init__(self) -> None:
        store: Any = object.__setattr__  # the way to normalise the fields of a frozen dataclass
        checked = ModelConfig(
            vocab_size=self.vocab_size,
            embedding_dim=self.embedding_dim,
            bidirectional=self.bidirectional,
            seed=self.seed,
            embeddings_initializer=self.embeddings_initializer,
        )
        for name in ("vocab_size", "embedding_dim", "bidirectional", "seed"):
            store(self, name, getattr(checked, name))
        several = isinstance(self.layers, Iterable) and not isinstance(self.layers, str)
        layers = tuple(self.layers) if several else (self.layers,)
        if not layers or not all(isinstance(layer, LayerSpec) for layer in layers):
            raise SeqvizError(
                f"layers is {self.layers!r}, but it must be one LayerSpec or more, the lowest "
                "first. Write for example layers=(LayerSpec('GRU', 8), LayerSpec('LSTM', 4))."
            )
        store(self, "layers", layers)
        if self.merge_mode not in MERGE_MODES:
            raise SeqvizError(
                f"merge_mode is {self.merge_mode!r}, but it must be one of "
                f"{', '.join(map(repr, MERGE_MODES))}. Write for example merge_mode='concat'."
            )
