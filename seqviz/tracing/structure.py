"""How a model takes its inputs: one tensor, several, by name; and what of a batch they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import keras

from seqviz.errors import SeqvizError


def input_structure(model: keras.layers.Layer) -> Any:
    """The symbolic inputs of a functional model, in their nesting; None where nothing is declared.

    A single one stands by itself, also where the model was made of a list of one.
    """
    declared = getattr(model, "inputs", None)
    if not declared:
        return None
    structure = declared if isinstance(model, keras.Sequential) else model.input
    alone = isinstance(structure, list | tuple) and len(structure) == 1
    return structure[0] if alone else structure


def is_one_array(model: keras.layers.Layer, values: list[Any] | tuple[Any, ...]) -> bool:
    """Whether a list is the rows of one array, for a model or layer that declares no inputs."""
    seen = _seen_structure(model)
    return _takes_one(model) or (isinstance(seen, keras.KerasTensor) and _fits(seen, tuple(values)))


def features_of(model: keras.layers.Layer, structure: Any, inputs: Any) -> Any:
    """The x of a batch `(x,)`, `(x, y)` or `(x, y, sample_weight)`, else the inputs as they are.

    Only a tuple is a batch, as datasets give it; and not where the model takes such a tuple as its
    inputs, or where it can be the rows of one array.

    Raises:
        SeqvizError: If a whole dataset was given.
    """
    _check_no_dataset(inputs)
    if not isinstance(inputs, tuple) or not 1 <= len(inputs) <= 3:
        return inputs
    first = inputs[0]
    structure = _seen_structure(model) if structure is None else structure
    if structure is not None:
        is_batch = _fits(structure, first) and not _fits(structure, inputs)
    else:
        named = isinstance(first, Mapping)
        one = _takes_one(model) and _shape(first) != () and not _are_rows(inputs)
        is_batch = named or one
    if not is_batch and isinstance(structure, keras.KerasTensor):
        _check_not_one_sample(structure, inputs)
    return first if is_batch else inputs


def _check_not_one_sample(structure: keras.KerasTensor, inputs: tuple[Any, ...]) -> None:
    """Raise SeqvizError for what a dataset without `batch` gives: an x without a batch axis."""
    arrays = all(hasattr(value, "shape") for value in inputs)
    short = len(_shape(inputs[0])) == len(structure.shape) - 1
    if arrays and short and len(inputs) > 1 and not _are_rows(inputs):
        raise SeqvizError(
            f"The inputs are one sample of a dataset, with an x of shape {_shape(inputs[0])}, but "
            "seqviz looks at a batch. Make batches first: dataset = dataset.batch(1)"
        )


def _takes_one(model: keras.layers.Layer) -> bool:
    """Whether it is of a kind that reads a single tensor."""
    single = keras.Sequential | keras.layers.RNN | keras.layers.Bidirectional
    return isinstance(model, single | keras.layers.Embedding | keras.layers.TimeDistributed)


def _seen_structure(model: keras.layers.Layer) -> Any:
    """The same of a model with a `call` of its own, by the shapes that it was built on, if it was."""
    if not isinstance(model, keras.Model) or isinstance(model, keras.Sequential):
        return None
    shapes = list((getattr(model, "_build_shapes_dict", None) or {}).values())
    return _of_shapes(shapes[0]) if shapes else None


def _of_shapes(shapes: Any) -> Any:
    if isinstance(shapes, Mapping):
        return {name: _of_shapes(shape) for name, shape in shapes.items()}
    if all(size is None or isinstance(size, int) for size in shapes):
        return keras.KerasTensor(tuple(shapes))
    return [_of_shapes(shape) for shape in shapes]


def _fits(structure: Any, value: Any) -> bool:
    """Whether a value has the nesting of a model's inputs, and the rank of each."""
    if isinstance(structure, Mapping):
        if not isinstance(value, Mapping):
            return _fits(list(structure.values()), value)
        return all(name in value and _fits(part, value[name]) for name, part in structure.items())
    if isinstance(structure, list | tuple):
        if isinstance(value, Mapping):
            return all(getattr(part, "name", None) in value for part in structure)
        several = isinstance(value, list | tuple) and len(value) == len(structure)
        return several and all(map(_fits, structure, value))
    if isinstance(value, Mapping):
        return structure.name in value
    if value is None:
        made_by = getattr(getattr(structure, "_keras_history", None), "operation", None)
        return bool(getattr(made_by, "optional", False))
    if isinstance(value, tuple) and not _are_rows(value):
        return False
    # Keras adds and takes away a last axis of 1.
    shape, declared = _shape(value), structure.shape
    more = len(shape) == len(declared) + 1 and shape[-1] == 1
    fewer = len(shape) == len(declared) - 1 and declared[-1] == 1
    return len(shape) == len(declared) or more or fewer


def _are_rows(values: tuple[Any, ...]) -> bool:
    """Whether the parts of a tuple can be the rows of one array: of one shape, and all texts or none.

    Arrays of two dimensions or more are several arrays: features and targets.
    """
    shapes = {_shape(value) for value in values}
    arrays = any(hasattr(value, "shape") and len(value.shape) > 1 for value in values)
    return len(shapes) == 1 and len({_is_text(v) for v in values}) == 1 and not arrays


def _shape(value: Any) -> tuple[int, ...]:
    if hasattr(value, "shape"):
        return tuple(value.shape)
    if isinstance(value, list | tuple):
        return (len(value), *(_shape(value[0]) if value else ()))
    return ()


def _is_text(value: Any) -> bool:
    if hasattr(value, "dtype"):
        kind = str(getattr(value.dtype, "name", value.dtype)).lower()
        return kind.startswith(("str", "bytes", "object", "category"))
    if isinstance(value, list | tuple):
        return bool(value) and _is_text(value[0])
    return isinstance(value, str | bytes)


def _check_no_dataset(inputs: Any) -> None:
    """Raise SeqvizError for what holds many batches: a dataset, a loader, a generator."""
    if isinstance(inputs, keras.utils.PyDataset):
        line = "batch = dataset[0]"
    elif isinstance(inputs, Iterator):
        line = "batch = next(batches)"
    elif (
        isinstance(inputs, Iterable)
        and not isinstance(inputs, Sequence | Mapping | set | frozenset)
        and not hasattr(inputs, "__array__")
        and not hasattr(inputs, "shape")
    ):
        line = "batch = next(iter(dataset))"
    else:
        return
    raise SeqvizError(
        f"The inputs are a whole {type(inputs).__name__}, but seqviz looks at one batch. "
        f"Take one, and give that: {line}"
    )
