"""What a recurrent layer starts from: zeros, the state it kept, or one that it is given."""

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.config import CELLS
from seqviz.errors import SeqvizError
from seqviz.lessons.state.compute import GIVEN, KEPT, RESET, ZEROS, Runs
from seqviz.trace import RecurrentTrace


def compute_stateful(
    layer: Any,
    inputs: Floats,
    *,
    chunk_length: int,
    resets: Collection[int] = (),
    mask: NDArray[np.bool_] | None = None,
) -> Runs:
    """Cut a sequence into chunks and call the layer on each, with and without `stateful`.

    Real Keras layers with the weights of `layer` do it; `layer` itself is left alone.

    Args:
        layer: A built SimpleRNN, GRU or LSTM.
        inputs: ``(timesteps, features)``, one sequence.
        chunk_length: Timesteps in one call; the last may have fewer.
        resets: Numbers of the calls before which ``reset_state()`` is called, from 1; the call
            with number 0 starts from zeros anyway.
        mask: ``(timesteps,)``, False where the step is padding.

    Returns:
        Two runs, ``"stateful=True"`` and ``"stateful=False"``, with their distances from one call
        of the layer on the whole sequence.

    Raises:
        SeqvizError: The layer is of another kind, or not built, or of two dtypes (mixed
            precision), or goes backwards (chunks in order would each be read from their end); or
            sizes do not fit.
    """
    inputs, mask = _checked(layer, inputs, mask)
    if chunk_length < 1:
        raise SeqvizError(
            f"chunk_length is {chunk_length}, but a call needs a timestep at least. "
            "Hint: chunk_length=3."
        )
    count = len(inputs)
    chunks = [
        slice(start, min(start + chunk_length, count)) for start in range(0, count, chunk_length)
    ]
    keeping = copy_of(layer, stateful=True)
    forgetting = copy_of(layer, stateful=False) if layer.stateful else layer
    whole = _trace(keeping, inputs, mask)  # its state is still at zeros
    columns: list[list[tuple[Floats, ...]]] = [[], []]
    starts: list[list[str]] = [[], []]
    worst = 0.0
    for number, chunk in enumerate(chunks):
        reset = number > 0 and number in resets
        if reset:
            keeping.reset_state()
        starts[0].append(RESET if reset else KEPT if number else ZEROS)
        starts[1].append(ZEROS)
        part = inputs[chunk], None if mask is None else mask[chunk]
        for states, runner in zip(columns, (keeping, forgetting), strict=True):
            trace = _trace(runner, *part)
            states.append(_with_start(trace))
            if runner is keeping:  # this call moves its state on
                worst = max(worst, _difference(trace, _call(runner, *part)))
    keeping.reset_state()
    worst = max(worst, _difference(whole, _call(keeping, inputs, mask)))

    # What one call on the whole sequence has at the columns of the chunks.
    at = np.concatenate([np.arange(chunk.start, chunk.stop + 1) for chunk in chunks])
    reference = tuple(states[at] for states in _with_start(whole))
    return _runs(
        layer,
        ("stateful=True", "stateful=False"),
        [tuple(np.concatenate(s) for s in zip(*run, strict=True)) for run in columns],
        [chunk.stop - chunk.start for chunk in chunks],
        starts,
        reference,
        "one call",
        mask,
        worst,
    )


def compute_initial_state(
    layer: Any,
    inputs: Floats,
    initial_state: Sequence[Floats],
    *,
    mask: NDArray[np.bool_] | None = None,
) -> Runs:
    """Read a sequence twice: from the state given, and from zeros.

    Args:
        layer: A built SimpleRNN, GRU or LSTM.
        inputs: ``(timesteps, features)``, one sequence.
        initial_state: h, and for an LSTM c, each ``(units,)``.
        mask: ``(timesteps,)``, False where the step is padding.

    Returns:
        Two runs, ``"initial_state"`` and ``"zeros"``, with their distances from the second.

    Raises:
        SeqvizError: The layer is of another kind, or not built, or of two dtypes (mixed
            precision), or goes backwards; or shapes do not fit.
    """
    inputs, mask = _checked(layer, inputs, mask)
    states = tuple(np.asarray(state, np.float32) for state in initial_state)
    needed = 2 if _kind(layer) == "LSTM" else 1
    shapes = [state.shape for state in states]
    if shapes != [(layer.units,)] * needed:
        raise SeqvizError(
            f"initial_state has the shapes {shapes}, but {_kind(layer)}({layer.units}) needs "
            f"{needed} of ({layer.units},){': h and c' if needed > 1 else ''}. "
            "Hint: one number for each unit."
        )
    runner = copy_of(layer, stateful=False)
    given = [state[None] for state in states]
    traces = [_trace(runner, inputs, mask, given), _trace(runner, inputs, mask)]
    worst = _difference(traces[0], _call(runner, inputs, mask, given))
    runs = [_with_start(trace) for trace in traces]
    return _runs(
        layer,
        ("initial_state", "zeros"),
        runs,
        [len(inputs)],
        [[GIVEN], [ZEROS]],
        runs[1],
        "zeros",
        mask,
        worst,
    )


def old_tutorial_messages(kind: str = "LSTM") -> tuple[str, str]:
    """What Keras itself says to ``batch_input_shape=``, and to a batch size that is not fixed.

    Args:
        kind: ``"SimpleRNN"``, ``"GRU"`` or ``"LSTM"``.

    Raises:
        SeqvizError: There is no such layer.
    """
    import keras

    if kind not in CELLS:
        raise SeqvizError(f"kind is {kind!r}, but must be one of {', '.join(CELLS)}.")
    make = getattr(keras.layers, kind)
    messages = []
    for arguments, shape in (
        ({"batch_input_shape": (1, 3, 2)}, (1, 3, 2)),
        ({}, (None, 3, 2)),
    ):
        try:
            make(4, stateful=True, name="stateful", **arguments).build(shape)
        except (ValueError, TypeError) as error:
            messages.append(str(error))
        else:
            messages.append("accepted")
    return messages[0], messages[1]


def copy_of(layer: Any, **arguments: Any) -> Any:
    """A layer with the same weights that returns every state, and with `arguments` changed."""
    import keras

    if _kind(layer) not in CELLS or not isinstance(layer, keras.layers.RNN):
        raise SeqvizError(
            f"This is a {_kind(layer)}, but one of {', '.join(CELLS)} is needed. "
            "Hint: take the recurrent layer out of the model, as in model.get_layer('lstm')."
        )
    if not layer.cell.built:
        raise SeqvizError(
            f"The layer {layer.name!r} has no weights yet. Hint: call it once, or use "
            "layer.build((1, None, features))."
        )
    if layer.compute_dtype != layer.variable_dtype:
        raise SeqvizError(
            f"The layer {layer.name!r} has weights of {layer.variable_dtype} and computes in "
            f"{layer.compute_dtype} (mixed precision), but one dtype for both is needed. "
            "Hint: build it with dtype='float32'."
        )
    config = layer.get_config() | {
        "return_sequences": True,
        "return_state": True,
        "stateful": False,
        "unroll": True,  # of Keras's two loops the quicker one outside a graph
        # The weights are set below: any other initializer would be work for nothing.
        "kernel_initializer": "zeros",
        "recurrent_initializer": "zeros",
        **arguments,
    }
    copy = type(layer).from_config(config)
    copy.build((1, None, int(layer.cell.kernel.shape[0])))
    copy.cell.set_weights(layer.cell.get_weights())
    return copy


def _kind(layer: Any) -> str:
    return type(layer).__name__


def _checked(
    layer: Any, inputs: Floats, mask: NDArray[np.bool_] | None
) -> tuple[Floats, NDArray[np.bool_] | None]:
    inputs = np.asarray(inputs, np.float32)
    if inputs.ndim != 2 or not len(inputs):
        raise SeqvizError(
            f"inputs have the shape {inputs.shape}, but (timesteps, features) is needed. "
            "Hint: one sequence, such as trace.inputs[0]."
        )
    if getattr(layer, "go_backwards", False):
        raise SeqvizError(
            "This layer goes backwards, but a sequence read in chunks is read forwards. "
            "Hint: go_backwards=False."
        )
    if mask is not None:
        mask = np.asarray(mask, bool)
        if mask.shape != (len(inputs),):
            raise SeqvizError(
                f"mask has the shape {mask.shape}, but ({len(inputs)},) is needed. "
                "Hint: one bool for each timestep."
            )
        mask = None if mask.all() else mask
    return inputs, mask


def _trace(
    layer: Any,
    inputs: Floats,
    mask: NDArray[np.bool_] | None,
    initial_state: Sequence[Floats] | None = None,
) -> RecurrentTrace:
    from seqviz.tracing.capture import capture

    trace = capture(
        layer,
        inputs[None],
        mask=None if mask is None else mask[None],
        initial_state=None if initial_state is None else list(initial_state),
    )
    record = trace[layer.name]
    assert isinstance(record, RecurrentTrace)
    return record


def _call(
    layer: Any,
    inputs: Floats,
    mask: NDArray[np.bool_] | None,
    initial_state: Sequence[Floats] | None = None,
) -> list[Floats]:
    """What Keras's own loop returns: all outputs, then the final states."""
    from seqviz.tracing.arrays import to_array
    from seqviz.tracing.watch import call_as

    returned = call_as(
        layer,
        inputs[None],
        None if mask is None else mask[None],
        None if initial_state is None else list(initial_state),
        stateful=layer.stateful,
    )
    return [to_array(part) for part in returned]


def _difference(trace: RecurrentTrace, returned: Sequence[Floats]) -> float:
    """Largest |difference| of what a layer returns, all outputs and final states."""
    return max(
        float(np.abs(ours - theirs).max())
        for ours, theirs in zip(trace.output, returned, strict=True)
    )


def _with_start(trace: RecurrentTrace) -> tuple[Floats, ...]:
    """Each state `(1 + timesteps, units)`, the initial one first."""
    return tuple(states[0] for states in trace.history)


def _runs(
    layer: Any,
    labels: tuple[str, ...],
    runs: Sequence[tuple[Floats, ...]],
    lengths: Sequence[int],
    starts: Sequence[Sequence[str]],
    reference: tuple[Floats, ...],
    name: str,
    mask: NDArray[np.bool_] | None,
    difference: float,
) -> Runs:
    stacked = tuple(np.stack(states) for states in zip(*runs, strict=True))
    step = iter(range(sum(lengths)))
    timesteps = np.array([t for n in lengths for t in (-1, *(next(step) for _ in range(n)))])
    skipped = np.zeros(len(timesteps), bool)
    if mask is not None:
        skipped[timesteps >= 0] = ~mask
    return Runs(
        cell=_kind(layer),
        labels=labels,
        hidden=stacked[0],
        cell_states=stacked[1] if len(stacked) > 1 else None,
        timesteps=timesteps,
        calls=np.repeat(np.arange(len(lengths)), [n + 1 for n in lengths]),
        starts=tuple(map(tuple, starts)),
        distances=np.max([np.abs(s - r).max(axis=2) for s, r in zip(stacked, reference)], axis=0),  # noqa: B905
        reference=name,
        skipped=skipped,
        keras_difference=difference,
    )
