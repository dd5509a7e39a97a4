"""What the pictures of states that are kept, given or dropped show, and how it is put in words.

Made by `seqviz.lessons.state.with_keras` and `seqviz.lessons.state.dropout_with_keras`; this module needs NumPy only.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seqviz.array_types import Floats
from seqviz.short_repr import short_repr

# How a call of a layer gets its first state.
ZEROS: Final = "zeros"
KEPT: Final = "kept"
RESET: Final = "reset"
GIVEN: Final = "given"


@short_repr
class Runs(NamedTuple):
    """The same sequence read several times by one layer, in one or more calls.

    `V` runs, `C` columns: for each call the state it starts from, then that after each of its
    steps. `U` units.

    Attributes:
        cell: Kind of the layer, such as ``"LSTM"``.
        labels: ``(V,)``, what tells the runs apart, such as ``"stateful=True"``.
        hidden: ``(V, C, U)``, the hidden states.
        cell_states: ``(V, C, U)``, the cell states of an LSTM; None for others.
        timesteps: ``(C,)`` int, the timestep after which the column's state is; -1 where a call
            starts.
        calls: ``(C,)`` int, the call it belongs to, from 0.
        starts: For each run, for each call, where its first state is from: ``"zeros"``,
            ``"kept"``, ``"reset"`` or ``"given"``.
        distances: ``(V, C)``, largest |difference| between any state of the run and that of the
            reference run at the same place in the sequence.
        reference: What the reference run is, such as ``"one call"``.
        skipped: ``(C,)`` bool, steps that the mask told the layer to pass over.
    """

    cell: str
    labels: tuple[str, ...]
    hidden: Floats
    cell_states: Floats | None
    timesteps: NDArray[np.integer]
    calls: NDArray[np.integer]
    starts: tuple[tuple[str, ...], ...]
    distances: Floats
    reference: str
    skipped: NDArray[np.bool_]


@short_repr
class Dropped(NamedTuple):
    """One sequence read by a layer with dropout, in training and at inference.

    `T` timesteps, `F` features, `U` units, `G` masks: one for each gate where Keras draws one for
    each gate (GRU and LSTM with `recurrent_dropout`), else one.

    Attributes:
        cell: Kind of the layer, such as ``"LSTM"``.
        gates: ``(G,)``, which gate each mask is of; ``("",)`` where one mask serves all.
        inputs: ``(T, F)``.
        input_masks: ``(G, F)``, by which each input is multiplied: 0 or 1 / (1 - dropout).
        state_masks: ``(G, U)``, likewise for the state that is fed back.
        training: ``(T + 1, U)``, the hidden states with ``training=True``; row 0 is the start.
        inference: ``(T + 1, U)``, those with ``training=False``.
        dropout: The argument of that name.
        recurrent_dropout: The argument of that name.
        keras_difference: Largest |difference| between what Keras returned in training and the
            same worked out by hand with these masks.
    """

    cell: str
    gates: tuple[str, ...]
    inputs: Floats
    input_masks: Floats
    state_masks: Floats
    training: Floats
    inference: Floats
    dropout: float
    recurrent_dropout: float
    keras_difference: float


def last_columns(data: Runs, *, by_call: bool) -> list[int]:
    """The last column that is reached at each step of the player, step 0 being the start."""
    if not by_call:
        return [0, *np.flatnonzero(data.timesteps >= 0).tolist()]
    ends = np.flatnonzero(np.diff(data.calls, append=data.calls[-1:] + 1))
    return [0, *ends.tolist()]
