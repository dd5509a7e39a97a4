"""A training as a file: `TrainingTrace.save` and `load_training`.

The file is one of `seqviz.trace.file`: an NPZ with a header in JSON, without pickle.
"""

from typing import Any, Final

import numpy as np

from seqviz.trace.encoding import Json, Reader, Writer
from seqviz.trace.file import Kind, PathOrFile, opened_file, write_file
from seqviz.watching.record import TrainingTrace

TRAINING: Final = Kind("training", 1)


def save_training(training: TrainingTrace, path_or_file: PathOrFile) -> None:
    """See `TrainingTrace.save`."""
    writer = Writer()
    encoded = {
        "epochs": writer.encode(training.epochs, "epochs"),
        "traces": [writer.trace(trace) for trace in training.traces],
        "history": writer.encode(training.history, "history"),
        "predictions": writer.encode(training.predictions, "predictions"),
    }
    write_file(path_or_file, TRAINING, encoded, writer.arrays)


def load_training(path_or_file: PathOrFile) -> TrainingTrace:
    """Read a training that `TrainingTrace.save` wrote.

    It needs neither Keras nor the model, and nothing in a file is run: it is safe to open one of a
    stranger's.

    Args:
        path_or_file: A path, or a file opened for reading bytes.

    Returns:
        A training whose arrays are equal to the saved ones to the bit.

    Raises:
        SeqvizError: The file cannot be read, is not such a file, is damaged, or was written by a
            later version of seqviz.
    """
    with opened_file(path_or_file, TRAINING) as (json, reader):
        return _decoded(json, reader)


def _decoded(json: Json, reader: Reader) -> TrainingTrace:
    """The training; ValueError if its parts do not fit together."""
    training = TrainingTrace(
        epochs=reader.decode(json["epochs"]),
        traces=tuple(reader.trace(trace) for trace in json["traces"]),
        history=reader.decode(json["history"]),
        predictions=reader.decode(json["predictions"]),
    )
    epochs = training.epochs
    if not (_is_line(epochs, "iu") and 0 < len(epochs) == len(training.traces)):
        raise ValueError("there is not one trace for each epoch")
    if (np.diff(epochs) <= 0).any() or epochs[0] < 0:
        raise ValueError("the epochs do not ascend from 0")
    names = [list(trace) for trace in training.traces]
    if any(name != names[0] for name in names):
        raise ValueError("the traces have other layers from one epoch to the next")
    history = training.history
    if not isinstance(history, dict) or not all(isinstance(name, str) for name in history):
        raise ValueError("the history has no names")
    lengths = {len(values) if _is_line(values, "f") else -1 for values in history.values()}
    if len(lengths) > 1 or -1 in lengths:
        raise ValueError("the history is not one number for each epoch")
    for values in _leaves(training.predictions):
        if not isinstance(values, np.ndarray) or len(values) != len(epochs):
            raise ValueError("there is not one prediction for each epoch")
    return training


def _is_line(values: Any, kinds: str) -> bool:
    return isinstance(values, np.ndarray) and values.ndim == 1 and values.dtype.kind in kinds


def _leaves(values: Any) -> list[Any]:
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list | tuple):
        return [leaf for value in values for leaf in _leaves(value)]
    return [values]
