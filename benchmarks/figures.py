"""The size of the pictures as JSON, and its growth with the sentence."""

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.report import Result


def measure() -> Iterator[Result]:
    """Draw an LSTM with 64 units over 50 and over 200 timesteps, and count the bytes."""
    import numpy as np

    import seqviz
    from seqviz.figures import plot_embedding_lookup, plot_gates, plot_states, plot_unrolled

    config = seqviz.ModelConfig(vocab_size=300, embedding_dim=16, cell="LSTM", units=(64,))
    model = seqviz.build_model(config)
    traces, words = {}, {}
    for timesteps in (50, 200):
        ids = np.arange(2, timesteps + 2, dtype=np.int32)
        traces[timesteps] = seqviz.capture(model, ids[None])
        words[timesteps] = [f"word{i}" for i in ids]

    plots: list[tuple[Callable[..., Any], str]] = [
        (plot_unrolled, "lstm"),
        (plot_states, "lstm"),
        (plot_gates, "lstm"),
        (plot_embedding_lookup, "embedding"),
    ]
    for plot, layer in plots:
        name = plot.__name__
        size = {t: len(plot(traces[t][layer], tokens=words[t]).to_json().encode()) for t in traces}
        yield Result(f"{name}, T=50, 64 units", size[50] / 1e3, 150, "kB")
        yield Result(f"{name}, T=200 / T=50", size[200] / size[50], 4.4)
