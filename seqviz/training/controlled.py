"""Keras's own `fit`, stopped and held up from outside, which says how far it is."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np

from seqviz.training.control import Control, Progress

_MEASURED = 8  # epochs, the last of which say how long the others take


class _StoppedError(Exception):
    """What leaves `fit` at once: Keras's own `stop_training` would first validate the epoch."""


class Controlled(keras.callbacks.Callback):
    """Asks a `Control` after each batch (and epoch), and reports a `Progress` after each epoch.

    Without a word from the control the trained weights are equal to the bit with and without it.
    With ``steps_per_execution`` Keras calls back, and so this asks, once for so many batches.

    Args:
        control: Whom to ask and tell.
        so_far: For `Control.go_on`.

    Raises:
        Exception: Out of `fit`, if it is not to go on; `fit_controlled` takes it.
    """

    def __init__(self, control: Control, so_far: Callable[[], Any] | None = None) -> None:
        super().__init__()
        self._control, self._so_far = control, so_far
        self._history: dict[str, tuple[float, ...]] = {}
        self._before = 0  # epochs done before those that Keras counts
        self._done = 0
        self._ends: list[float] = []

    def on_train_begin(self, logs: Any = None) -> None:
        """Ask, before TensorFlow compiles the model."""
        self._ends = [time.monotonic()]
        self._before = self._done
        self._ask()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Ask."""
        self._ask()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Report, and ask."""
        self._done += 1
        self._ends = [*self._ends, time.monotonic()][-_MEASURED - 1 :]
        for name, value in (logs or {}).items():
            if not np.ndim(value):
                self._history[name] = (*self._history.get(name, ()), float(value))
        self._report()
        self._ask()

    def _report(self) -> None:
        of = self._before + int((self.params or {}).get("epochs", self._done))
        # The median: the first epoch compiles, and others wait for something else.
        left = float(np.median(np.diff(self._ends))) * (of - self._done)
        self._control.report(Progress(self._done, of, dict(self._history), left))

    def _ask(self) -> None:
        if not self._control.go_on(self._so_far):
            raise _StoppedError


def fit_controlled(
    model: keras.Model,
    *data: Any,
    control: Control,
    so_far: Callable[[], Any] | None = None,
    callbacks: Iterable[keras.callbacks.Callback] = (),
    **arguments: Any,
) -> bool:
    """`model.fit`, as long as `control` lets it go on.

    Stopped within an epoch, the model keeps what it has learned of that epoch, which is in no
    history. Other callbacks see an epoch before the control is asked, and no end of a training that
    was stopped.

    Args:
        model: Compiled.
        *data: As for `fit`.
        control: Whom to ask and tell.
        so_far: For `Control.go_on`.
        callbacks: More of them.
        **arguments: As for `fit`.

    Returns:
        Whether all epochs were done.
    """
    arguments.setdefault("verbose", 0)
    try:
        model.fit(*data, callbacks=[*callbacks, Controlled(control, so_far)], **arguments)
    except _StoppedError:
        return False
    return True
