"""Traces of any size without Keras, for the tests of figures."""

import numpy as np

from seqviz.trace import EmbeddingTrace, RecurrentTrace

GATES = {
    "SimpleRNN": [],
    "GRU": ["update", "reset", "candidate"],
    "LSTM": ["input", "forget", "candidate", "output"],
}


def recurrent(
    timesteps=5,
    units=4,
    cell="LSTM",
    *,
    features=3,
    mask=None,
    go_backwards=False,
    return_sequences=False,
    return_state=False,
    scale=1.0,
):
    random = np.random.default_rng(0)

    def values(*shape):
        return (scale * np.tanh(random.normal(size=(1, *shape)))).astype(np.float32)

    hidden = values(timesteps, units)
    cells = values(timesteps, units) * 3 if cell == "LSTM" else None
    start = np.zeros((1, units), np.float32)
    output = hidden if return_sequences else hidden[:, -1]
    return RecurrentTrace(
        inputs=values(timesteps, features),
        mask=None if mask is None else np.array([mask]),
        initial_state=(start, start) if cell == "LSTM" else (start,),
        hidden_states=hidden,
        cell_states=cells,
        gates={name: np.abs(values(timesteps, units)) for name in GATES[cell]},
        pre_activations={},
        timesteps=np.arange(timesteps)[:: -1 if go_backwards else 1],
        output=(output, hidden[:, -1]) if return_state else output,
        weights={},
        cell=cell,
        return_sequences=return_sequences,
        return_state=return_state,
        go_backwards=go_backwards,
    )


def embedding(ids=(2, 3, 4), size=50, features=2, *, mask=False):
    weights = np.random.default_rng(0).uniform(-0.05, 0.05, (size, features)).astype(np.float32)
    ids = np.array([ids])
    return EmbeddingTrace(ids, weights, weights[ids], mask=ids != 0 if mask else None)
