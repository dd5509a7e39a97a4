"""What whoever trains is told from outside, and tells: no Keras in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Control(Protocol):
    """What a training asks between two steps, and where it says how far it is."""

    def go_on(self, so_far: Callable[[], Any] | None = None) -> bool:
        """Whether to go on; returns later if the training is to wait.

        To be asked at first and then often, after each batch or epoch: a training that never asks
        cannot be stopped.

        Args:
            so_far: Makes what the training would return if it ended here. Called by whoever wants
                no more of it, in another thread and at any time, so it is to read only what does
                not change any more.
        """
        ...

    def report(self, progress: Any) -> None:
        """Say how far it is, in a value that does not change afterwards.

        Not before anything is learned: whoever stops before the first report gets nothing.
        """
        ...


class Progress(NamedTuple):
    """How far a training is.

    Attributes:
        epoch: Epochs that are done.
        of: Epochs that were asked for.
        history: Of each metric, its value after every epoch so far.
        seconds_left: About how long the rest takes if nothing else is in the way.
    """

    epoch: int
    of: int
    history: Mapping[str, Sequence[float]]
    seconds_left: float


class Uncontrolled:
    """A `Control` that lets everything pass, for a training that nobody watches."""

    def go_on(self, so_far: Callable[[], Any] | None = None) -> bool:
        """Always."""
        return True

    def report(self, progress: Any) -> None:
        """Nobody listens."""
