"""What else the page shows: the weights that the layers start from."""

from collections.abc import Mapping

from seqviz.trace import RecurrentTrace
from seqviz.ui.markdown import say


def weights_list(traces: Mapping[str, RecurrentTrace]) -> None:
    """The weights of several layers, counted: no shape has anything to do with timesteps."""
    lines = []
    for cell, trace in traces.items():
        shapes = {name: weight.shape for name, weight in trace.weights.items()}
        total = sum(weight.size for weight in trace.weights.values())
        units = trace.hidden_states.shape[-1]
        each = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        lines.append(f"- `{cell}({units})` has **{total:,}** weights: {each}")
    # A list, not a table: its lines break on a phone.
    say("\n".join(lines))
