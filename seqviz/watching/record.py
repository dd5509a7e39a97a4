"""What `Watch` keeps of a training, all NumPy."""

import os
from collections.abc import Mapping
from typing import IO, NamedTuple

import numpy as np

from seqviz.array_types import Floats, Ints
from seqviz.short_repr import short_repr
from seqviz.trace import Trace
from seqviz.trace.records import Arrays


@short_repr
class TrainingTrace(NamedTuple):
    """A training, as far as it has come: `E` moments of it on the same inputs.

    Attributes:
        epochs: ``(E,)`` int, how many epochs had been done at each moment: ascending, from 0.
        traces: What `capture` recorded at each of them.
        history: The loss and every metric by Keras's name, ``(epochs done,)``: entry ``k - 1`` is
            of epoch ``k``, NaN where Keras gave none.
        predictions: ``(E, batch, …)``, what the model returned; nested as it returns several.
    """

    epochs: Ints
    traces: tuple[Trace, ...]
    history: Mapping[str, Floats]
    predictions: Arrays

    @property
    def best(self) -> int:
        """The epoch with the least ``val_loss``, or where nothing was validated, ``loss``.

        The first of several; 0 where no loss was a number.
        """
        losses = self.history.get("val_loss", self.history.get("loss", np.zeros(0)))
        if not np.isfinite(losses).any():
            return 0
        return int(np.nanargmin(np.where(np.isfinite(losses), losses, np.nan))) + 1

    def save(self, path_or_file: str | os.PathLike[str] | IO[bytes]) -> None:
        """Write everything into one file, from which `seqviz.load_training` makes the same again.

        It is an NPZ of arrays with a header in JSON, without pickle and not compressed; equal
        trainings are equal files.

        Args:
            path_or_file: Where: a path, taken as it is (``.npz`` is not appended), or a file
                opened for writing bytes.

        Raises:
            SeqvizError: It cannot be written there; or a layer took or returned an object that is
                neither an array, a number nor text.
        """
        from seqviz.watching.file import save_training

        save_training(self, path_or_file)
