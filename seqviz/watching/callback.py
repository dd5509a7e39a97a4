"""`Watch`: a callback for anybody's `model.fit` that keeps what the layers do as they learn."""

from collections.abc import Iterable
from threading import get_ident
from typing import Any, TypeAlias

import keras
import numpy as np

from seqviz.array_types import Array, Floats
from seqviz.errors import SeqvizError
from seqviz.trace import Trace
from seqviz.tracing.arrays import to_array
from seqviz.tracing.capture import capture
from seqviz.tracing.selection import Selection
from seqviz.watching.record import TrainingTrace
from seqviz.watching.schedule import chosen_epochs, is_regular

# Variables of a model, each with its value at some epoch.
_Weights: TypeAlias = list[tuple[keras.Variable, Array]]


class Watch(keras.callbacks.Callback):
    """Keeps what `capture` records of some inputs while a model trains: ``callbacks=[watch]``.

    The training is not disturbed: the trained weights are equal to the bit with and without it, and
    no random number is drawn.

    By ``"auto"`` it keeps the model before training (epoch 0), after each of the first ten epochs
    and after ten of every further power of ten (13, 16, 20, 25, 32, 40, 50, 63, 79, 100, 126 …);
    always the last epoch that was done, and the best: that of the least ``val_loss``, or ``loss``
    where nothing is validated. These two are only known at the end, so of them the weights are kept
    until then. Read in another thread meanwhile, `training` is without them.

    So it holds at most ``13 + 10 * log10(epochs / 10)`` traces (23 of 100 epochs, 33 of 1,000), and
    while it trains two copies of the model's weights. Each trace takes what `capture` returns for
    the inputs: `record` and `layers` choose of that. Tables are large: without ``"weights"`` in
    `record`, an Embedding of 10,000 words of 128 numbers takes 5 MB less a trace.

    Several calls of `fit` in a row on one model are one training, whose epochs count on; another
    model begins a new one.

    Args:
        inputs: What to look at, as `capture` takes it: a few sequences.
        epochs: ``"auto"``, or the numbers of epochs done after which to keep a trace, and no
            others: 0 is before training.
        layers: As for `capture`.
        record: As for `capture`.

    Raises:
        SeqvizError: `epochs`, `layers` or `record` is none of these. While training: as for
            `capture`.
    """

    def __init__(
        self,
        inputs: Any,
        *,
        epochs: Any = "auto",
        layers: Iterable[str] | None = None,
        record: Iterable[str] | None = None,
    ) -> None:
        super().__init__()
        self._chosen = chosen_epochs(epochs)
        self._layers, self._record = _names(layers), _names(record)
        Selection(self._layers, self._record)  # says now what is wrong with them
        self._inputs = inputs
        self._begin(None)

    def _begin(self, model: Any) -> None:
        self._watched = model
        self._thread = 0
        self._done = 0
        self._before: int | None = None  # epochs done before those that Keras counts
        self._logs: dict[int, dict[str, float]] = {}
        self._kept: dict[int, Trace] = {}
        self._ends: dict[int, Trace] = {}  # of the last epoch and the best, where they are known
        self._weights: dict[int, _Weights] = {}  # of the same, where they may still change
        self._best = 0
        self._least: tuple[str, float] = ("", np.inf)

    @property
    def training(self) -> TrainingTrace:
        """What was kept so far.

        Raises:
            SeqvizError: Nothing was.
        """
        if get_ident() == self._thread:  # a fit that was interrupted has no end
            self._look_at_ends()
        traces = {**self._ends, **self._kept}
        if not traces:
            raise SeqvizError(
                "This Watch has seen no training yet. "
                "Call model.fit(x, y, epochs=10, callbacks=[watch]) first."
            )
        epochs = sorted(traces)
        return TrainingTrace(
            epochs=np.array(epochs),
            traces=tuple(traces[epoch] for epoch in epochs),
            history=_history(dict(self._logs)),
            predictions=keras.tree.map_structure(
                lambda *outputs: np.stack(outputs), *(traces[epoch].output for epoch in epochs)
            ),
        )

    def on_train_begin(self, logs: Any = None) -> None:
        """Go on, or begin anew if it is another model."""
        if self.model is not self._watched:
            self._begin(self.model)
        self._before = None
        self._thread = get_ident()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Before the first epoch of all, look at the model as it is."""
        if self._before is not None:
            return
        # Keras counts from 0 in every fit, unless initial_epoch says otherwise.
        self._before = max(self._done - epoch, 0)
        self._done = epoch + self._before
        if not self._logs and self._keeps(self._done):
            self._kept[self._done] = self._look()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Look at the model, or keep its weights if this may be the last epoch or the best."""
        self._done = epoch + 1 + (self._before or 0)
        numbers = {name: float(value) for name, value in (logs or {}).items() if not np.ndim(value)}
        self._logs[self._done] = numbers
        if self._keeps(self._done):
            self._kept[self._done] = self._look()
        if self._chosen is not None:
            return
        if self._is_best(numbers):
            self._best = self._done
        ends = {self._best, self._done}
        self._ends = {epoch: trace for epoch, trace in self._ends.items() if epoch in ends}
        self._weights = {epoch: of for epoch, of in self._weights.items() if epoch in ends}
        if self._done not in self._kept:
            self._weights[self._done] = _weights_of(self.model)

    def on_train_end(self, logs: Any = None) -> None:
        """Look at the last epoch and the best, which are known now."""
        self._look_at_ends()

    def _keeps(self, epoch: int) -> bool:
        """Whether an epoch is kept whatever else comes."""
        return is_regular(epoch) if self._chosen is None else epoch in self._chosen

    def _look(self) -> Trace:
        return capture(self.model, self._inputs, layers=self._layers, record=self._record)

    def _look_at_ends(self) -> None:
        while self._weights:
            epoch, weights = self._weights.popitem()
            now = _weights_of(self.model)  # EarlyStopping may have put back those of its best
            try:
                _assign(weights)
                self._ends[epoch] = self._look()
            finally:
                _assign(now)

    def _is_best(self, numbers: dict[str, float]) -> bool:
        name, least = self._least
        measured = "val_loss" if "val_loss" in (name, *numbers) else "loss"
        loss = numbers.get(measured, np.nan)
        if not np.isfinite(loss) or (measured == name and loss >= least):
            return False
        self._least = (measured, loss)
        return True


def _weights_of(model: keras.Model) -> _Weights:
    return [(variable, to_array(variable)) for variable in model.weights]


def _assign(weights: _Weights) -> None:
    for variable, value in weights:
        variable.assign(value)


def _names(names: Any) -> Any:
    """Names in a form that can be read again and again; what is none is for `Selection` to say."""
    one_text = isinstance(names, str | bytes)
    return list(names) if isinstance(names, Iterable) and not one_text else names


def _history(logs: dict[int, dict[str, float]]) -> dict[str, Floats]:
    """Each metric of every epoch from the first, NaN where there is none."""
    names = dict.fromkeys(name for numbers in logs.values() for name in numbers)
    epochs = range(1, max(logs, default=0) + 1)
    return {
        name: np.array([logs.get(epoch, {}).get(name, np.nan) for epoch in epochs])
        for name in names
    }
