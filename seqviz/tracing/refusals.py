"""Keras's errors as sentences: what was wrong, what was expected, a hint."""

import re
import traceback
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from seqviz.errors import SeqvizError
from seqviz.tracing.arrays import texts_of, to_array
from seqviz.tracing.backend import BACKEND, ON_TENSORFLOW

_READ_TEXT = (
    keras.layers.TextVectorization,
    keras.layers.StringLookup,
    keras.layers.Hashing,
    keras.layers.HashedCrossing,
)


def bad_ids(layer: keras.layers.Layer, inputs: Any) -> SeqvizError | None:
    """What to say if ids are outside an Embedding's table; None if they are not."""
    if not isinstance(layer, keras.layers.Embedding):
        return None
    ids = to_array(inputs)
    if ids.dtype.kind not in "iuf":
        return None
    size = layer.input_dim
    if not np.isfinite(ids).all():
        return SeqvizError(
            f"The ids of {layer.name!r} hold {ids[~np.isfinite(ids)][0]}, but an id is a whole "
            f"number from 0 to {size - 1}. Look where it comes from: a missing value, perhaps."
        )
    ids = ids.astype("int64")
    outside = ids[(ids >= size) | (ids < -size)]
    if not outside.size:
        return None
    top = int(ids.max())
    hint = f"set input_dim to {top + 1}, or use smaller ids" if top >= size else "use ids from 0 on"
    return SeqvizError(
        f"Id {outside[0]} is outside the table of {layer.name!r}: its input_dim is {size}, so ids "
        f"go from 0 to {size - 1}. input_dim is the largest id + 1, not the number of words: "
        f"{hint}."
    )


def bad_ids_in(model: keras.layers.Layer, tensors: Any) -> SeqvizError | None:
    """The same of any input of a model that has one Embedding."""
    found = [m for m in model._flatten_layers() if isinstance(m, keras.layers.Embedding)]
    if len(found) != 1:
        return None
    errors = (bad_ids(found[0], tensor) for tensor in keras.tree.flatten(tensors))
    return next((error for error in errors if error), None)


def is_keras_refusal(error: Exception) -> bool:
    """Whether an error says that inputs do not fit; others of the model's own code are let by."""
    if isinstance(error, ValueError | TypeError | IndexError):
        return True
    if BACKEND == "tensorflow":  # whose errors are its own
        return _package(type(error).__module__) == BACKEND
    # JAX and PyTorch also raise plain errors of Python, in their own code or in compiled code, of
    # which the caller is seen: Keras, or who called Keras, since Keras cuts itself out.
    frames = list(traceback.walk_tb(error.__traceback__))
    raised_in = str(frames[-1][0].f_globals.get("__name__", "")) if frames else ""
    packages = {_package(type(error).__module__), _package(raised_in)}
    return not packages.isdisjoint({BACKEND, "keras", "seqviz"})


def _package(module: str) -> str:
    return module.split(".")[0].removesuffix("lib")  # jaxlib is a part of JAX


def explain(
    model: keras.layers.Layer,
    tensors: Any,
    error: Exception,
    arguments: Mapping[str, Any] | None = None,
    *,
    may_be_batch: bool = False,
) -> str:
    """Say that a model cannot be called on these inputs, why, and what may help.

    Args:
        model: What was called.
        tensors: All that it was called on by position.
        error: What Keras said.
        arguments: What it was called on by keyword.
        may_be_batch: Whether the inputs may be a batch `(x, y)` of a dataset.
    """
    shapes = [tuple(leaf.shape) for leaf in keras.tree.flatten(tensors) if hasattr(leaf, "shape")]
    given = shapes[0] if len(shapes) == 1 else shapes
    refused = f"{model.name!r} cannot be called on inputs of shape {given}"
    misfit = _text_misfit(model, tensors) or _misfit(model, tensors, arguments or {})
    if misfit:
        return f"{refused}: {misfit}"
    why = gist(error)
    if "ndim=3, found ndim=2" in why:
        hint = (
            "A recurrent layer reads a sequence (batch, timesteps, features): the recurrent layer "
            "before it needs return_sequences=True."
        )
    elif [len(shape) for shape in shapes] == [1]:
        hint = "Inputs are (batch, timesteps): write a single sequence as [[1, 2, 3]]."
    elif may_be_batch:
        hint = "If they are a batch (x, y) of a dataset, give its x alone."
    elif getattr(model, "inputs", None):
        hint = "Compare the shapes with model.input_shape."
    else:
        hint = "Compare with what its call takes."
    return f"{refused}. Keras says: {why} {hint}"


def _text_misfit(model: keras.layers.Layer, tensors: Any) -> str:
    """What is wrong with text: that the model reads ids, or that one text is not a batch of them."""
    leaves = [leaf for leaf in keras.tree.flatten(tensors) if texts_of(leaf)]
    if not leaves:
        return ""
    text = texts_of(leaves[0])[0]
    declared = {tensor.dtype for tensor in getattr(model, "inputs", None) or ()}
    layers = model._flatten_layers()
    if "string" not in declared and not any(isinstance(layer, _READ_TEXT) for layer in layers):
        sizes = {of.input_dim for of in layers if isinstance(of, keras.layers.Embedding)}
        if not sizes:
            return "it reads numbers, not text. Give an array of numbers."
        words = repr(text) if len(text) <= 60 else "text"
        return (
            f"it reads ids, not text. Make ids of the words first: "
            f"tokens = seqviz.tokenize({words}).tokens; "
            f"vocabulary = seqviz.Vocabulary.from_tokens(tokens, {min(sizes)}); "
            "ids = [vocabulary.encode(tokens)]"
        )
    if any(len(leaf.shape) == 0 for leaf in leaves):
        return f"a batch is a list of texts. Write [{text!r}]."
    if BACKEND != "tensorflow":
        return (
            f"Keras runs on {BACKEND}, whose tensors cannot hold text. Give ids, or {ON_TENSORFLOW}"
        )
    return ""


def _misfit(model: Any, tensors: Any, arguments: Mapping[str, Any]) -> str:
    """Which argument of a recurrent layer is of another shape than its inputs ask for, if any."""
    sizes = getattr(model, "state_size", None) if isinstance(model, keras.layers.RNN) else None
    if not isinstance(sizes, list | tuple) or not all(isinstance(size, int) for size in sizes):
        return ""
    if len(getattr(tensors, "shape", ())) < 2:
        return ""
    batch, timesteps = tensors.shape[:2]
    wanted = [(batch, size) for size in sizes]
    states = keras.tree.flatten(arguments.get("initial_state"))
    shapes = [tuple(state.shape) for state in states if state is not None]
    if shapes and shapes != wanted:
        return (
            f"initial_state has the shapes {shapes}, but must have {wanted}. "
            "Give one array (batch, units) for each state: h, and c for an LSTM."
        )
    masks = [mask for mask in keras.tree.flatten(arguments.get("mask")) if mask is not None]
    fitting = (batch, timesteps), (batch, timesteps, 1)
    if len(masks) == 1 and tuple(masks[0].shape) not in fitting:
        return (
            f"mask has the shape {tuple(masks[0].shape)}, but must have {(batch, timesteps)}: "
            "True for each timestep that is to be read."
        )
    return ""


def gist(error: Exception) -> str:
    """The sentence in an error message of Keras, without its colours and the call around it."""
    text = str(error).split("Arguments received by")[0]
    # Terminal colours, and what only concerns TensorFlow's placement of the operation.
    text = re.sub(r"\x1b\[\d+m|\{\{function_node [^}]*\}\} |\[Op:\w+\]( name:)?", "", text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith("Exception encountered when calling")]
    sentence = " ".join(kept or lines or [type(error).__name__])
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
