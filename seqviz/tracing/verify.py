"""`verify`: the proof of a trace, by Keras's own code."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import keras
import numpy as np

from seqviz.errors import SeqvizError
from seqviz.trace import AnyTrace, Trace
from seqviz.tracing.arguments import Given
from seqviz.tracing.capture import run
from seqviz.tracing.replay import Steps
from seqviz.tracing.selection import Selection
from seqviz.tracing.watch import Place, watch, watch_at_once


def verify(
    model: keras.layers.Layer,
    inputs: Any,
    trace: Mapping[str, AnyTrace],
    *args: Any,
    mask: Any = None,
    initial_state: Any = None,
    layers: Iterable[str] | None = None,
    record: Iterable[str] | None = None,
    at_once: bool = False,
    **kwargs: Any,
) -> float:
    """Run the model by Keras alone and return the largest difference from a trace.

    It is one eager forward pass in which Keras's own loop and cells are watched, so that not only
    what layers return but every number of the trace is compared: all states of all steps, the
    gates and the sums below them, inputs and weights. None of seqviz's arithmetic takes part.

    Args:
        model: The model that was captured, with the weights and states it had then.
        inputs: The inputs that were captured.
        trace: What `seqviz.capture` returned, or a mapping of the same records.
        args: Further arguments of the model's call, as given to `seqviz.capture`.
        mask: As given to `seqviz.capture`.
        initial_state: As given to `seqviz.capture`.
        layers: As given to `seqviz.capture`.
        record: As given to `seqviz.capture`.
        at_once: Have Keras's cells make every state anew of the one *captured* before it, all
            steps as one batch, instead of one after the other. By induction the sequence is right
            where each step is, up to the rounding of every step. It takes as long for two hundred
            timesteps as for three; which states are the output is then read from the layer's
            arguments.
        kwargs: As given to `seqviz.capture`.

    Returns:
        The largest absolute difference; about 1e-7 for float32. Infinite where one of the two is
        not a number.

    Raises:
        SeqvizError: If the trace is of another model, or of inputs of another shape, and for all
            reasons for which `seqviz.capture` does.
    """
    if not isinstance(trace, Mapping):
        raise SeqvizError(
            f"verify was given {type(trace).__name__} as trace, but needs what seqviz.capture "
            "returned. Call seqviz.verify(model, inputs, trace)."
        )
    given = Given(args, kwargs, mask, initial_state)
    go_through = watch_at_once(trace) if at_once else step_by_step
    proof = run(model, inputs, given, Selection(layers, record), go_through)
    if list(trace) != list(proof):
        raise SeqvizError(
            f"The trace has the layers {list(trace)}, but {model.name!r} has {list(proof)}. "
            "Verify a trace with the model it was captured from."
        )
    gaps = [_gap(trace[key], proof[key], key) for key in proof]
    if isinstance(trace, Trace) and trace.output is not None:
        gaps.append(_gap(trace.inputs, proof.inputs, "inputs"))
        gaps.append(_gap(trace.output, proof.output, "output"))
    return max(gaps, default=0.0)


def step_by_step(place: Place, *there: Any) -> Steps:
    """Have Keras do every step of a layer, and watch; the arguments are those of `watch`."""
    return watch(*there)


def _gap(ours: Any, keras_own: Any, where: str) -> float:
    """The largest difference between two values of the same structure."""
    if isinstance(keras_own, AnyTrace):
        if type(ours) is not type(keras_own):
            raise _mismatch(where, type(ours).__name__, type(keras_own).__name__)
        return max(
            _gap(getattr(ours, f.name), getattr(keras_own, f.name), f"{where}, {f.name}")
            for f in fields(keras_own)
        )
    if isinstance(keras_own, Mapping):
        if not isinstance(ours, Mapping) or list(ours) != list(keras_own):
            raise _mismatch(where, ours, list(keras_own))
        return max((_gap(ours[k], keras_own[k], f"{where} {k!r}") for k in keras_own), default=0.0)
    if isinstance(keras_own, list | tuple):
        if not isinstance(ours, list | tuple) or len(ours) != len(keras_own):
            raise _mismatch(where, ours, f"{len(keras_own)} values")
        return max((_gap(a, b, where) for a, b in zip(ours, keras_own, strict=True)), default=0.0)
    if isinstance(keras_own, np.ndarray):
        if np.shape(ours) != keras_own.shape:
            raise _mismatch(where, f"shape {np.shape(ours)}", f"shape {keras_own.shape}")
        return _difference(np.asarray(ours), keras_own)
    if (ours is None) != (keras_own is None) or ours != keras_own:
        raise _mismatch(where, ours, keras_own)
    return 0.0


def _difference(ours: np.ndarray, keras_own: np.ndarray) -> float:
    if keras_own.dtype.kind in "USO":  # text
        return 0.0 if np.array_equal(ours, keras_own) else np.inf
    a, b = ours.astype("float64"), keras_own.astype("float64")
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if same.all():
        return 0.0
    with np.errstate(invalid="ignore"):
        gap = np.abs(a - b)[~same]
    return float(np.inf if np.isnan(gap).any() else gap.max())


def _mismatch(where: str, ours: Any, keras_own: Any) -> SeqvizError:
    return SeqvizError(
        f"The trace does not fit the model and inputs at {where}: it has {ours}, Keras has "
        f"{keras_own}. Verify a trace with the model, inputs, mask and initial state it was "
        "captured with."
    )
