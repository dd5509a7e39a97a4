"""What the pictures of stacked and of bidirectional layers show: one sample of a whole trace."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from seqviz.array_types import Floats
from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, check_trace
from seqviz.readout.unrolled import Unrolled, compute_unrolled
from seqviz.short_repr import short_repr
from seqviz.trace import AnyTrace, LayerTrace, RecurrentTrace


@short_repr
class Stack(NamedTuple):
    """Recurrent layers above each other, all over the same timesteps.

    Attributes:
        layers: What each layer did, from the bottom up.
        names: Its name.
        sequences: Whether it returns a state for every timestep.
        refused: Names of further layers on top that Keras refused, or that were never called.
        error: What Keras said when it refused the first of them.
    """

    layers: tuple[Unrolled, ...]
    names: tuple[str, ...]
    sequences: tuple[bool, ...]
    refused: tuple[str, ...] = ()
    error: str = ""


@short_repr
class BothDirections(NamedTuple):
    """One `Bidirectional` layer: `T` timesteps, `U` units in each direction.

    Attributes:
        name: Of the layer.
        forward: What the forward layer did.
        backward: What the backward layer did, in the order in which it read: from the last
            timestep to the first.
        merge_mode: ``"concat"``, ``"sum"``, ``"mul"``, ``"ave"``, or None where it returns both.
        outputs: ``(T, O)`` with `return_sequences`, else ``(1, O)``; for merge_mode None the
            forward half, then the backward half.
        return_sequences: Whether it returns a merged state for every timestep.
    """

    name: str
    forward: Unrolled
    backward: Unrolled
    merge_mode: str | None
    outputs: Floats
    return_sequences: bool


def compute_stack(
    trace: Mapping[str, AnyTrace],
    *,
    sample: int = 0,
    refused: Sequence[str] = (),
    error: str = "",
) -> Stack:
    """Take one sample of all recurrent layers of a trace.

    Args:
        trace: Of a model whose recurrent layers read the same timesteps, one after the other.
        sample: Which sequence of the batch.
        refused: Names of layers to draw on top as never called.
        error: What Keras said against the first of these.

    Raises:
        SeqvizError: The trace has no recurrent layer, or one that reads backwards, or layers
            that read different numbers of timesteps, or one that does not read what the one
            below it returned.
    """
    check_trace(trace)
    found = {key: r for key, r in trace.items() if isinstance(r, RecurrentTrace)}
    if not found:
        raise SeqvizError(
            f"This trace has no recurrent layer: its keys are {list(trace)}. "
            "Hint: capture a model with SimpleRNN, GRU or LSTM layers."
        )
    for key, record in found.items():
        if record.go_backwards:
            raise SeqvizError(
                f"{key!r} reads backwards, but a stack is drawn from layers that read forwards. "
                "Hint: draw a Bidirectional layer with plot_bidirectional, and a layer with "
                "go_backwards=True with plot_unrolled."
            )
    counts = {key: record.inputs.shape[1] for key, record in found.items()}
    if len(set(counts.values())) > 1:
        raise SeqvizError(
            f"The recurrent layers read different numbers of timesteps: {counts}. A stack is "
            "drawn from layers that read the same. Hint: draw each with plot_unrolled."
        )
    for (below, lower), (above, upper) in pairwise(found.items()):
        if not np.array_equal(upper.inputs, lower.main_output, equal_nan=True):
            raise SeqvizError(
                f"{above!r} does not read what {below!r} returned, but in a stack each layer reads "
                "the sequence of the one below. Hint: draw each with plot_unrolled."
            )
    return Stack(
        tuple(compute_unrolled(record, sample=sample) for record in found.values()),
        tuple(found),
        tuple(record.return_sequences for record in found.values()),
        tuple(refused),
        error,
    )


def compute_bidirectional(
    trace: Mapping[str, AnyTrace], *, key: str | None = None, sample: int = 0
) -> BothDirections:
    """Take one sample of a `Bidirectional` layer.

    Which merge mode it has is found by trying them on what both directions returned for the whole
    batch.

    Args:
        trace: Of a model with such a layer, or of the layer itself.
        key: Of the layer in the trace; not needed where it is the only one.
        sample: Which sequence of the batch.

    Raises:
        SeqvizError: The trace has no such layer, or several and `key` is not given.
    """
    check_trace(trace)
    wrappers = [
        k for k, r in trace.items() if isinstance(r, LayerTrace) and r.layer == "Bidirectional"
    ]
    if key is None and len(wrappers) == 1:
        (key,) = wrappers
    if key not in wrappers:
        raise SeqvizError(
            f"One Bidirectional layer is needed, and this trace has {wrappers}; "
            f"key is {key!r}. Hint: give the key of one of them, or capture a model with such a "
            "layer."
        )
    inner = [
        r for k, r in trace.items() if k.startswith(f"{key}/") and isinstance(r, RecurrentTrace)
    ]
    if len(inner) != 2:
        raise SeqvizError(
            f"Of {key!r} the trace has {len(inner)} recurrent layers, but a forward and a backward "
            "one are needed. Hint: only Bidirectional around a layer of Keras can be drawn."
        )
    one, other = inner
    sample = check_sample(sample, one.inputs.shape[0])
    returned = trace[key].output
    parts = list(returned) if isinstance(returned, list | tuple) else [returned]
    whole = [p[sample].reshape(-1, p.shape[-1]) for p in parts]
    # Bidirectional turns what was read backwards back into the sentence's order.
    backward = other.main_output[:, ::-1] if other.return_sequences else other.main_output
    merge_mode = _merge_mode(parts, one.main_output, backward, len(one.returned_states))
    outputs = np.hstack(whole[:2]) if merge_mode is None else whole[0]
    return BothDirections(
        key,
        compute_unrolled(one, sample=sample),
        compute_unrolled(other, sample=sample),
        merge_mode,
        outputs,
        one.return_sequences,
    )


def _merge_mode(
    parts: Sequence[Floats], forward: Floats, backward: Floats, states: int
) -> str | None:
    """Which merge mode makes what was returned of both directions' outputs."""
    if len(parts) - 2 * states == 2:
        return None
    output = parts[0]
    if output.shape[-1] == forward.shape[-1] + backward.shape[-1]:
        return "concat"
    candidates = {
        "sum": forward + backward,
        "mul": forward * backward,
        "ave": (forward + backward) / 2,
    }
    gaps = {mode: np.abs(merged - output) for mode, merged in candidates.items()}
    return min(gaps, key=lambda mode: float(np.nan_to_num(gaps[mode], nan=0.0).max()))
