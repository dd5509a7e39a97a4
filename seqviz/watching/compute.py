"""What a layer did with one sequence at every moment of a training: the arrays of its picture."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from seqviz.array_types import Bools, Floats, Ints
from seqviz.errors import SeqvizError
from seqviz.readout.records import check_sample, skipped_steps
from seqviz.short_repr import short_repr
from seqviz.trace import EmbeddingTrace, RecurrentTrace
from seqviz.trace.only import closed_hint
from seqviz.watching.record import TrainingTrace


@short_repr
class LayerTraining(NamedTuple):
    """One layer and one sequence, at `E` moments of a training.

    `T` timesteps in the order of processing, `F` features, `U` units. What `Watch` was told not to
    record is None, or missing among the gates.

    Attributes:
        epochs: ``(E,)`` int, how many epochs had been done.
        losses: ``(E,)``, the loss of the training after each; NaN before the first.
        layer: The layer's key in the traces.
        timesteps: ``(T,)`` int, the timestep of the input that step k read.
        skipped: ``(T,)`` bool, steps that a mask told the layer to pass over.
        rows: ``(E, T, F)``, the vectors that were read, or of an Embedding looked up.
        hidden_states: ``(E, T, U)``, after each timestep; None of an Embedding.
        cell_states: ``(E, T, U)``, those of an LSTM, else None.
        gates: ``(E, T, U)`` each, by the names of the trace; empty where there are none.
        predictions: ``(E, …)``, what the model returned for the sequence; None where it returns
            several outputs.
    """

    epochs: Ints
    losses: Floats
    layer: str
    timesteps: Ints
    skipped: Bools
    rows: Floats | None
    hidden_states: Floats | None
    cell_states: Floats | None
    gates: Mapping[str, Floats]
    predictions: Floats | None


def compute_training(
    training: TrainingTrace, *, layer: str | None = None, sample: int = 0
) -> LayerTraining:
    """Take one layer and one sequence out of a training.

    Args:
        training: `training` of a `Watch`.
        layer: Key of a recurrent layer or an Embedding in its traces. It may be left out where
            there is one recurrent layer, or none and one Embedding.
        sample: Which of the sequences that were watched.

    Raises:
        SeqvizError: This is no training, or it has no such layer or sequence; or the layer's
            states are not vectors.
    """
    if not isinstance(training, TrainingTrace):
        raise SeqvizError(
            f"A TrainingTrace is needed, but {type(training).__name__} was given. Hint: give "
            "watch.training, after model.fit(…, callbacks=[watch])."
        )
    records = _records(training, layer)
    key, first = records[0]
    moments = [_arrays(record) for _, record in records]
    _check(key, moments[0])
    sample = check_sample(sample, len(next(iter(moments[0].values()))))
    stacked = {name: np.stack([arrays[name][sample] for arrays in moments]) for name in moments[0]}
    recurrent = isinstance(first, RecurrentTrace)
    order = np.asarray(first.timesteps) if recurrent else np.arange(stacked["rows"].shape[1])
    rows = stacked.pop("rows", None)
    outputs = training.predictions
    return LayerTraining(
        epochs=training.epochs,
        losses=_losses(training),
        layer=key,
        timesteps=order,
        skipped=_skipped(first, sample, len(order)),
        rows=None if rows is None else rows[:, order],
        hidden_states=stacked.pop("hidden_states", None),
        cell_states=stacked.pop("cell_states", None),
        gates=stacked,
        predictions=outputs[:, sample] if isinstance(outputs, np.ndarray) else None,
    )


def _records(training: TrainingTrace, layer: str | None) -> list[tuple[str, Any]]:
    """The record of a layer at every moment, with its key."""
    first = training.traces[0]
    if layer is None:
        recurrent = any(isinstance(record, RecurrentTrace) for record in first.values())
        record: Any = first.recurrent() if recurrent else first.embedding()
        layer = next(key for key in first if first[key] is record)
    return [(layer, trace[layer]) for trace in training.traces]


def _arrays(record: Any) -> dict[str, Floats]:
    """What was recorded of a layer's vectors, states and gates, by name: ``(batch, T, …)``."""
    if isinstance(record, EmbeddingTrace):
        arrays = {"rows": record.vectors}
    elif isinstance(record, RecurrentTrace):
        names = ("hidden_states", "cell_states")
        arrays = {"rows": record.inputs, **{name: getattr(record, name) for name in names}}
        arrays |= record.gates
    else:
        raise SeqvizError(
            f"{record.name!r} is a {record.layer}, but a recurrent layer or an Embedding is needed. "
            f"Hint: {closed_hint(record, RecurrentTrace)}give layer= with the key of one."
        )
    return {name: values for name, values in arrays.items() if values is not None}


def _check(key: str, arrays: Mapping[str, Floats]) -> None:
    """Raise SeqvizError if nothing was recorded, or something else than vectors."""
    if not arrays:
        raise SeqvizError(
            f"Nothing of {key!r} was recorded that could be shown. Hint: leave record out of "
            "Watch's arguments, or name 'hidden_states', 'gates' or 'vectors' in it."
        )
    for name, values in arrays.items():
        if values.ndim != 3:
            raise SeqvizError(
                f"The {name.replace('_', ' ')} of {key!r} have the shape {values.shape}, but (batch, "
                "timesteps, numbers) is needed. Hint: only layers that read and keep vectors can "
                "be shown."
            )


def _skipped(record: Any, sample: int, timesteps: int) -> Bools:
    if isinstance(record, RecurrentTrace):
        return skipped_steps(record, sample)
    return np.zeros(timesteps, bool) if record.mask is None else ~record.mask[sample].astype(bool)


def _losses(training: TrainingTrace) -> Floats:
    """The loss after each moment's epoch; NaN where there is none, as before the first."""
    losses = training.history.get("loss", np.zeros(0))
    known = [0 < epoch <= len(losses) for epoch in training.epochs.tolist()]
    return np.array(
        [
            losses[epoch - 1] if there else np.nan
            for epoch, there in zip(training.epochs.tolist(), known, strict=True)
        ]
    )
