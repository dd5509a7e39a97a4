"""What users hand over to call a model with, in the form in which the model takes it."""

from collections.abc import Mapping
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any, NamedTuple

import keras
import numpy as np

from seqviz.errors import SeqvizError
from seqviz.tracing.refusals import gist
from seqviz.tracing.structure import features_of, input_structure, is_one_array
from seqviz.tracing.tensors import to_tensor


class Arguments(NamedTuple):
    """All that a model is called on.

    Attributes:
        positional: The inputs, and further arguments after them.
        named: By keyword.
    """

    positional: tuple[Any, ...]
    named: dict[str, Any]

    @property
    def inputs(self) -> Any:
        """What the model was given: its inputs, with the further positional arguments if any."""
        return self.positional[0] if len(self.positional) == 1 else self.positional


class Given(NamedTuple):
    """What users give `capture` and `verify` besides the inputs, as they give it."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = {}
    mask: Any = None
    initial_state: Any = None


def call_arguments(model: keras.layers.Layer, inputs: Any, given: Given) -> tuple[Arguments, Any]:
    """The arguments of a call as tensors, and the initial states for layers inside a model.

    Raises:
        SeqvizError: If the model takes no such arguments, or they cannot become tensors.
    """
    _check_names(model, given.kwargs)
    tensors = model_inputs(model, inputs)
    named = {name: _argument(value) for name, value in given.kwargs.items()}
    if given.mask is not None:
        named["mask"] = _mask(model, given.mask, tensors)
    states = given.initial_state
    if states is not None:
        if not isinstance(model, keras.Model):
            _check_taken(model, "initial_state")
        if "initial_state" in model.call_signature_parameters:
            named["initial_state"] = state_argument(states)
            states = None
    return Arguments((tensors, *map(_positional, given.args)), named), states


def model_inputs(model: keras.layers.Layer, inputs: Any) -> Any:
    """Inputs as tensors, in the structure that the model takes.

    Of a batch out of a dataset, `(x, y)` or `(x, y, sample_weight)`, it is x.

    Raises:
        SeqvizError: If they are a whole dataset, ragged, empty, not numbers or text, or of the
            wrong count.
    """
    structure = input_structure(model)
    inputs = features_of(model, structure, inputs)
    if isinstance(inputs, list | tuple):
        _check_count(model, structure, inputs)
        if structure is None and is_one_array(model, inputs):
            return to_tensor(inputs)
    return _converted(structure, inputs)


def _converted(structure: Any, value: Any) -> Any:
    if value is None:  # an optional input that is left out
        return None
    if isinstance(value, Mapping):
        parts = structure if isinstance(structure, Mapping) else _by_name(structure)
        return {name: _converted(parts.get(name), part) for name, part in value.items()}
    if not isinstance(value, list | tuple):
        return to_tensor(value)
    if isinstance(structure, Mapping):
        structure = list(structure.values())
    if isinstance(structure, list | tuple):
        return [_converted(part, v) for part, v in zip(structure, value, strict=True)]
    has_arrays = _has_arrays(value)
    if structure is None:  # a list of arrays is several inputs where the model may take such
        return _several(value) if has_arrays else to_tensor(value)
    if len(value) == 1 and hasattr(value[0], "shape"):  # [ids], as Keras also takes it
        value = value[0] if len(value[0].shape) == len(structure.shape) else value
    return to_tensor(value)


def _by_name(structure: Any) -> dict[str, Any]:
    parts = structure if isinstance(structure, list | tuple) else [structure]
    return {part.name: part for part in parts if isinstance(part, keras.KerasTensor)}


def _several(values: list[Any] | tuple[Any, ...]) -> Any:
    return type(values)([_converted(None, value) for value in values])


def _has_arrays(values: Any) -> bool:
    return any(hasattr(leaf, "shape") for leaf in keras.tree.flatten(values))


def _check_count(model: keras.layers.Layer, structure: Any, inputs: Any) -> None:
    """Raise SeqvizError if a functional model takes several inputs, but not so many."""
    several = isinstance(structure, list | tuple | Mapping) and len(structure) > 1
    if several and len(inputs) != len(structure):
        names = [tensor.name for tensor in keras.tree.flatten(structure)]
        raise SeqvizError(
            f"{len(inputs)} inputs were given, but {model.name!r} takes {len(structure)}: {names}. "
            "Give one array for each, in a list or in a dict by these names."
        )


def _positional(value: Any) -> Any:
    """A further argument: Keras takes tensors only, in any nesting, or None."""
    if value is None or isinstance(value, Mapping) or _has_arrays(value):
        return _argument(value)
    return to_tensor(value)


def _argument(value: Any) -> Any:
    """A further argument with its arrays as tensors; what is no array stays what it is."""

    def convert(leaf: Any) -> Any:
        return to_tensor(leaf, may_be_empty=True) if hasattr(leaf, "shape") else leaf

    return keras.tree.map_structure(convert, value)


def _check_names(model: Any, named: Mapping[str, Any]) -> None:
    """Raise SeqvizError for a keyword that a model's call does not take."""
    if not named:
        return
    parameters = signature(model.call).parameters
    open_ended = any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values())
    if open_ended and not _is_keras_model(model):
        return
    # What Keras hands on to the layers inside, as `training`, may be given to any model.
    known = {*parameters, *getattr(model, "_call_context_args", ())} - {"kwargs"}
    for name in named:
        if name not in known:
            own = ["mask", "initial_state", "layers", "record"]
            near = get_close_matches(name, [*own, *known], n=1)
            hint = f"Did you mean {near[0]!r}?" if near else "Leave it out."
            raise SeqvizError(
                f"{name} was given, but {model.name!r} ({type(model).__name__}) does not take one: "
                f"its call takes {list(parameters)}. {hint}"
            )


def _is_keras_model(model: Any) -> bool:
    """Whether it is called by Keras's own code for models, which drops keywords without a word."""
    return isinstance(model, keras.Model) and type(model).call.__module__.startswith("keras.")


def _mask(model: keras.layers.Layer, mask: Any, tensors: Any) -> Any:
    """A mask, or one for each input, as tensors of bool."""
    _check_taken(model, "mask")
    masks = _leaves(mask, "bool")
    if _is_keras_model(model):
        # Keras hangs it on the inputs, unread, and an Embedding makes its own.
        _check_masks(keras.tree.flatten(masks), keras.tree.flatten(tensors))
    return masks


def _check_masks(masks: list[Any], inputs: list[Any]) -> None:
    if len(masks) != len(inputs):
        raise SeqvizError(
            f"{len(masks)} masks were given for {len(inputs)} inputs. "
            "Give one for each, in a list; None for an input that has none."
        )
    for mask, tensor in zip(masks, inputs, strict=True):
        if mask is None or tensor is None:
            continue
        shape, whole = tuple(mask.shape), tuple(tensor.shape)
        fitting = {whole[:2], (*whole[:2], 1), whole}
        if shape not in fitting:
            raise SeqvizError(
                f"mask has the shape {shape}, but must have {whole[:2]} for inputs of shape "
                f"{whole}: True for each timestep that is to be read."
            )


def state_argument(initial_state: Any) -> Any:
    """An initial state as a tensor, or several in the nesting that was given."""
    states = _leaves(initial_state, None)
    # Nested lists of numbers: a batch of one state has two dimensions, several states three.
    return list(states) if keras.ops.is_tensor(states) and len(states.shape) > 2 else states


def _check_taken(model: keras.layers.Layer, name: str) -> None:
    """Raise SeqvizError if a layer cannot be called with an argument of this name."""
    if name not in model.call_signature_parameters:
        raise SeqvizError(
            f"{name} was given, but {model.name!r} ({type(model).__name__}) does not take one. "
            "Leave it out."
        )


def _leaves(values: Any, dtype: str | None) -> Any:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        return keras.ops.convert_to_tensor(value, dtype=dtype)

    try:
        if _has_arrays(values):
            return keras.tree.map_structure(convert, values)
        return convert(np.asarray(values))
    except (ValueError, TypeError) as error:
        what = "initial_state" if dtype is None else "mask"
        raise SeqvizError(f"{what} cannot become a tensor: {gist(error)} Give arrays.") from error
