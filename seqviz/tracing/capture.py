"""`capture`: one forward pass over a model, with every layer call recorded."""

from collections.abc import Callable, Iterable
from typing import Any

import keras

from seqviz.array_types import Array
from seqviz.errors import SeqvizError
from seqviz.trace import Trace
from seqviz.tracing.arguments import Given, call_arguments
from seqviz.tracing.arrays import to_array
from seqviz.tracing.backend import COMPILED_BY, UNCOMPILED
from seqviz.tracing.build_weights import NotBuiltError, build, unmarked
from seqviz.tracing.intercept import listening
from seqviz.tracing.one_pass import GoThrough, Pass
from seqviz.tracing.records import as_arrays, is_concrete
from seqviz.tracing.refusals import explain, is_keras_refusal
from seqviz.tracing.replay import Steps, replay
from seqviz.tracing.selection import Selection
from seqviz.tracing.watch import Place


def capture(
    model: keras.layers.Layer,
    inputs: Any,
    *args: Any,
    mask: Any = None,
    initial_state: Any = None,
    layers: Iterable[str] | None = None,
    record: Iterable[str] | None = None,
    **kwargs: Any,
) -> Trace:
    """Run a model once and record what every layer did.

    Standard recurrent layers are replayed in NumPy, which shows their gates and is many times
    faster than TensorFlow's loop; the rest of the model runs in Keras as always. `seqviz.verify`
    is the proof that both agree. The model is left as it was: weights, states of stateful layers,
    random generators, losses of the last call.

    A recurrent layer is recorded from outside only, as a `LayerTrace`, where Keras alone knows what
    happens: in half precision (``mixed_float16``), where it drops out because the model calls it
    with ``training=True``, and in subclasses that bring a `call` of their own. There is no record
    of layers that a model calls inside tf.function or jax.jit.

    What `TimeDistributed` wraps is recorded if there is an Embedding or a recurrent layer in it:
    all outer timesteps as one batch, `(batch * outer timesteps, …)`, the timesteps of the first
    sample first. `outer_shape` of such a record unfolds that axis:
    ``states.reshape(*record.outer_shape, *states.shape[1:])``.

    Args:
        model: Any Keras 3 model, or a single layer. If it is not built, it will be, which takes
            one ordinary call more.
        inputs: What the model takes: an array, a tensor, a nested list, a column of a table; ids
            are `(batch, timesteps)`, texts `(batch,)` or `(batch, 1)`, as str or bytes, in any of
            these forms. For several inputs a list, a tuple or a dict of these, nested as the model
            declares them, with None for an optional one that is left out. A tuple `(x, y)` or
            `(x, y, sample_weight)`, as one batch of a dataset has it, stands for its x, unless
            the model takes such a tuple as its inputs.
        args: Further positional arguments of the model's `call`, such as a decoder's states:
            arrays, or lists of these.
        mask: As for calling the model: `(batch, timesteps)` of bool, False is skipped; a last axis
            of 1 may follow. For several inputs a list of these, or None, in their order.
        initial_state: For a layer, as for calling it: an array or a list of arrays
            `(batch, units)`. For a model, the same for its only recurrent layer, or a dict of
            these by key of the trace, in either spelling of the key. A model whose `call` has an
            argument of this name is given it.
        layers: Keys of the trace to keep, in either spelling; None keeps all.
        record: Names of the arrays to keep in each record, for example ``{"hidden_states",
            "gates"}``: all others are None. `timesteps` and what is no array are always there.
        kwargs: Further arguments of the model's `call` by keyword, for example ``training=True``.

    Returns:
        The records, in the order in which the layers were called.

    Raises:
        SeqvizError: If the model is not Keras's, or cannot be called on these inputs; Keras's own
            error is then its cause; if there is no such layer or array to keep; or if all its
            layers run out of sight inside tf.function or jax.jit. Other errors of the model's own
            code pass unchanged.
    """
    given = Given(args, kwargs, mask, initial_state)
    return run(model, inputs, given, Selection(layers, record), _replayed)


def run(
    model: keras.layers.Layer,
    inputs: Any,
    given: Given,
    selection: Selection,
    go_through: GoThrough,
) -> Trace:
    """Make one pass, going through standard recurrent layers in the way given."""
    if not isinstance(model, keras.layers.Layer):
        raise SeqvizError(
            f"seqviz was given {type(model).__name__}, but needs a Keras 3 model or layer. "
            "Build one with seqviz.build_model, keras.Sequential or keras.Model."
        )
    arguments, given_states = call_arguments(model, inputs, given)
    if not is_concrete(arguments):
        raise SeqvizError(
            "seqviz was called while a graph was being traced, where tensors have no values. "
            f"Call it outside {COMPILED_BY}, on arrays."
        )
    unbuilt: keras.layers.Layer | None = None
    check_built = True
    while True:
        one_pass = Pass(model, go_through, given_states, selection, check_built)
        try:
            if unbuilt is not None:
                one_pass.check_built = check_built = not build(model, unbuilt, arguments)
            # In this scope Keras keeps assignments to variables (states, random generators) aside.
            with keras.StatelessScope(), listening(one_pass), unmarked(model):
                output = model(*arguments.positional, **arguments.named)
            break
        except NotBuiltError as stop:
            unbuilt = stop.layer
        except Exception as error:
            if one_pass.error is not None:
                raise one_pass.error from error
            if is_keras_refusal(error) and not isinstance(error, SeqvizError):
                given_tuple = isinstance(arguments.positional[0], tuple)
                raise SeqvizError(
                    explain(
                        model,
                        arguments.inputs,
                        error,
                        arguments.named,
                        may_be_batch=given_tuple,
                    )
                ) from error
            raise
    if not one_pass.keys:
        _check_nothing_was_called(model)
    one_pass.initial_states.check_given()
    selection.check_layers(one_pass.keys, one_pass.aliases)
    records = one_pass.records()
    aliases = {alias: key for alias, key in one_pass.aliases.items() if key in records}
    return Trace(records, as_arrays(arguments.inputs), as_arrays(output), aliases)


def _check_nothing_was_called(model: keras.layers.Layer) -> None:
    """Raise SeqvizError if nothing was seen of a call, but there are layers that could be."""
    layers = getattr(model, "layers", [model])
    if any(not isinstance(layer, keras.layers.InputLayer) for layer in layers):
        raise SeqvizError(
            f"{model.name!r} was called, but no layer was seen. If its call runs inside "
            f"{COMPILED_BY}, where tensors have no values, {UNCOMPILED}."
        )


def _replayed(
    place: Place,
    rnn_call: Callable[..., Any],
    layer: keras.layers.RNN,
    sequences: Any,
    states: list[Any],
    mask: Array | None,
    training: Any,
) -> Steps:
    return replay(layer, to_array(sequences), list(map(to_array, states)), mask)
