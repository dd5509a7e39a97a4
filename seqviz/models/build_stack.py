"""From a `StackConfig` to a real `keras.Model`, or to what Keras says against it."""

from typing import Any, NamedTuple

import keras

from seqviz.config import LAYER_NAMES, ModelConfig
from seqviz.errors import SeqvizError
from seqviz.models.build import build_embedding, recurrent_layer
from seqviz.models.stack_config import LayerSpec, StackConfig


class BuiltStack(NamedTuple):
    """As much of a stack as Keras accepts.

    Attributes:
        model: The embedding and the layers that were accepted.
        names: Names of all layers of the stack, the refused ones too, from the bottom up.
        refused: Which layer Keras refused, counted from 0; None if it took them all.
        error: What Keras said when it refused it, word by word; empty if it did not.
    """

    model: keras.Model
    names: tuple[str, ...]
    refused: int | None
    error: str


def build_stack(config: StackConfig) -> keras.Model:
    """Build the functional model that a config describes.

    Layers are named `embedding`, then by cell and place: `gru_1`, `lstm_2`, …; with
    `bidirectional` they are inside `bidirectional_1`, `bidirectional_2`, …

    Raises:
        SeqvizError: If Keras refuses a layer; what it said is in the message and is the cause.
    """
    built = build_until_refused(config)
    if built.refused is not None:
        raise SeqvizError(
            f"Keras refused {built.names[built.refused]!r}: {built.error} A recurrent layer reads "
            "a sequence (batch, timesteps, features). Hint: set return_sequences=True (and for "
            "Bidirectional a merge_mode) on every layer below another."
        )
    return built.model


def build_until_refused(config: StackConfig) -> BuiltStack:
    """Build the layers of a config from the bottom up, until Keras refuses one."""
    ids = keras.Input((None,), dtype="int32", name="ids")
    embedding = build_embedding(
        ModelConfig(
            vocab_size=config.vocab_size,
            embedding_dim=config.embedding_dim,
            seed=config.seed,
            embeddings_initializer=config.embeddings_initializer,
        )
    )
    x = embedding(ids)
    names = tuple(
        f"{'bidirectional' if config.bidirectional else LAYER_NAMES[spec.cell]}_{place}"
        for place, spec in enumerate(config.layers, 1)
    )
    refused, error = None, ""
    for depth, name in enumerate(names):
        layer = stacked_layer(config, depth, name)
        try:
            x = layer(x)
        except ValueError as reason:
            refused, error = depth, str(reason)
            break
    return BuiltStack(keras.Model(ids, x, name="seqviz"), names, refused, error)


def stacked_layer(config: StackConfig, depth: int, name: str) -> keras.layers.Layer:
    """Layer number `depth` (from 0) of a config, not built yet."""
    spec: LayerSpec = config.layers[depth]
    described = ModelConfig(cell=spec.cell, units=(spec.units,), seed=config.seed)
    role = f"recurrent/{depth}"

    def directed(name: str, role: str, **arguments: Any) -> keras.layers.Layer:
        return recurrent_layer(
            described,
            spec.units,
            role=role,
            name=name,
            return_sequences=spec.return_sequences,
            **arguments,
        )

    if not config.bidirectional:
        return directed(name, role)
    inner = LAYER_NAMES[spec.cell]
    return keras.layers.Bidirectional(
        directed(inner, f"{role}/forward"),
        backward_layer=directed(f"backward_{inner}", f"{role}/backward", go_backwards=True),
        merge_mode=config.merge_mode,
        name=name,
    )
