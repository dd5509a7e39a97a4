"""The inputs of a model that looks nothing up: each a sequence of vectors as it is."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from seqviz.attribution.baselines import vector_of
from seqviz.attribution.sites import Found, Site
from seqviz.errors import SeqvizError
from seqviz.tracing.arrays import to_array
from seqviz.tracing.structure import input_structure


def float_inputs(
    model: keras.layers.Layer, inputs: Any, baseline: str, maskings: list[tuple[Any, Any]]
) -> tuple[list[Found], dict[int, Site]]:
    """A site for each input that is numbers, and the names by which they are known.

    Args:
        model: The model.
        inputs: Tensors, nested as it takes them.
        baseline: Name of the baseline.
        maskings: What its `Masking` layers read, and the masks that they made of it.

    Raises:
        SeqvizError: It reads nothing that could be moved.
    """
    found: list[Found] = []
    sites: dict[int, Site] = {}
    for place, (name, leaf) in enumerate(_named(model, inputs)):
        vectors = _as_numbers(model, name, leaf)
        if vectors is None:
            continue
        padding = _padding(vectors, maskings)
        sites[place] = Site(vectors, vector_of(baseline, vectors, padding), padding)
        found.append(Found(name, "", place))
    if not found:
        raise SeqvizError(
            f"{model.name!r} has no Embedding that looks its inputs up, and they are no floats "
            "either: there is nothing to move from a baseline. Give a model with "
            "keras.layers.Embedding, or one that reads numbers (batch, timesteps, features)."
        )
    return found, sites


def _named(model: Any, inputs: Any) -> list[tuple[str, Any]]:
    """Every input with its name, or its place where it has none."""
    structure = input_structure(model)
    if isinstance(inputs, Mapping) and not any(map(keras.tree.is_nested, inputs.values())):
        by_name = dict(inputs)
        leaves = keras.tree.flatten(inputs)
        names = [next(name for name, of in by_name.items() if of is leaf) for leaf in leaves]
        return list(zip(names, leaves, strict=True))
    leaves = keras.tree.flatten(inputs)
    declared = keras.tree.flatten(structure) if structure is not None else []
    if len(declared) == len(leaves):
        return [(tensor.name, leaf) for tensor, leaf in zip(declared, leaves, strict=True)]
    return [(str(place), leaf) for place, leaf in enumerate(leaves)]


def _as_numbers(model: Any, name: str, leaf: Any) -> Any:
    """An input as floats; None if it is left out, text, ids, or of a single number a sample."""
    if leaf is None or len(leaf.shape) < 2:
        return None
    if leaf.dtype.is_floating:
        return leaf
    declared = {tensor.name: tensor.dtype for tensor in getattr(model, "inputs", None) or ()}
    dtypes = {declared[name]} if name in declared else set(declared.values())
    if leaf.dtype == tf.string or any(
        not dtype.startswith(("float", "bfloat")) for dtype in dtypes
    ):
        return None
    return tf.cast(leaf, keras.config.floatx())


def _padding(vectors: Any, maskings: list[tuple[Any, Any]]) -> np.ndarray:
    """What a Masking layer that reads just these numbers skips."""
    for read, mask in maskings:
        if read.shape == vectors.shape and bool(
            tf.reduce_all(read == tf.cast(vectors, read.dtype))
        ):
            return ~to_array(mask).astype(bool)
    return np.zeros(tuple(vectors.shape[:2]), bool)
