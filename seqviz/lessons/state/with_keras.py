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

    How far it is from what Keras's own stateful layer does, `difference_from_keras` says.

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
    reader = _forgetting(layer)
    columns: list[list[tuple[Floats, ...]]] = [[], []]
    starts: list[list[str]] = [[], []]
    for number, chunk in enumerate(chunks):
        part = inputs[chunk], None if mask is None else mask[chunk]
        forgotten = kept = _with_start(_trace(reader, *part))
        start = RESET if number and number in resets else KEPT if number else ZEROS
        if start == KEPT:
            ended = [states[-1:] for states in columns[0][-1]]
            kept = _with_start(_trace(reader, *part, ended))
        for run, states in enumerate((kept, forgotten)):
            columns[run].append(states)
        starts[0].append(start)
        starts[1].append(ZEROS)

    # What one call on the whole sequence has at the columns of the chunks.
    at = np.concatenate([np.arange(chunk.start, chunk.stop + 1) for chunk in chunks])
    reference = tuple(states[at] for states in _with_start(_trace(reader, inputs, mask)))
    return _runs(
        layer,
        ("stateful=True", "stateful=False"),
        [tuple(np.concatenate(s) for s in zip(*run, strict=True)) for run in columns],
        [chunk.stop - chunk.start for chunk in chunks],
        starts,
        reference,
        "one call",
        mask,
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
    reader = _forgetting(layer)
    given = [state[None] for state in states]
    runs = [_with_start(_trace(reader, inputs, mask, start)) for start in (given, None)]
    return _runs(
        layer,
        ("initial_state", "zeros"),
        runs,
        [len(inputs)],
        [[GIVEN], [ZEROS]],
        runs[1],
        "zeros",
        mask,
    )


def difference_from_keras(
    layer: Any, inputs: Floats, runs: Runs, *, mask: NDArray[np.bool_] | None = None
) -> float:
    """Have Keras's own layers read the same in the same calls: the largest |difference|.

    Compared are all that is returned for steps that are not skipped, and the final states. (A call
    that begins with padding returns zeros there, though its state is kept.)

    Args:
        layer: That `compute_stateful` or `compute_initial_state` was given.
        inputs: As there.
        runs: What it made.
        mask: As there.
    """
    inputs, mask = _checked(layer, inputs, mask)
    worst = 0.0
    for run, starts in enumerate(runs.starts):
        runner = copy_of(layer, stateful=KEPT in starts)
        states = [of_all[run] for of_all in (runs.hidden, runs.cell_states) if of_all is not None]
        for call, start in enumerate(starts):
            first, *columns = np.flatnonzero(runs.calls == call)
            at = runs.timesteps[columns]
            if start == RESET and runner.stateful:
                runner.reset_state()
            output, *final = _call(
                runner,
                inputs[at],
                None if mask is None else mask[at],
                [one[first][None] for one in states] if start == GIVEN else None,
            )
            read = ~runs.skipped[columns]
            differences = [
                (output[0] - states[0][columns])[read],
                *(
                    theirs[0] - ours[columns[-1]]
                    for theirs, ours in zip(final, states, strict=True)
                ),
            ]
            worst = max(worst, *(float(np.abs(d).max(initial=0.0)) for d in differences))
    return worst


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
    _check_layer(layer)
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


def _check_layer(layer: Any) -> None:
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


def _forgetting(layer: Any) -> Any:
    """The layer, or one like it that keeps no state from call to call."""
    return copy_of(layer, stateful=False) if layer.stateful else layer


def _kind(layer: Any) -> str:
    return type(layer).__name__


def _checked(
    layer: Any, inputs: Floats, mask: NDArray[np.bool_] | None
) -> tuple[Floats, NDArray[np.bool_] | None]:
    _check_layer(layer)
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
    )
