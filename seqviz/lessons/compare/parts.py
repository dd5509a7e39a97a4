"""What else the page says: which two sentences are compared, and the layers' weights."""

from collections.abc import Mapping

from seqviz.trace import RecurrentTrace
from seqviz.typed_text import Encoded
from seqviz.ui.markdown import note, say, typed
from seqviz.ui.recurrent_controls import say_length


def say_sentences(encoded: Encoded, timesteps: int, other_id: int) -> None:
    """How long the sentences are, and whether they differ at all.

    Args:
        encoded: The one that was typed.
        timesteps: To which it is repeated or cut.
        other_id: What its first id is changed to in the other one.
    """
    if other_id == encoded.ids[0]:
        first = f"{typed(encoded.tokens[0])} (id {encoded.ids[0]})"
        note(
            f"Both sentences begin with {first}, so there is no difference: choose another `other_id`."
        )
    say_length(encoded, timesteps)


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
