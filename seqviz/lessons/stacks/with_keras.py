"""Where the two halves of Bidirectional end, by Keras's own layers."""

from typing import NamedTuple

from seqviz.array_types import Floats
from seqviz.models.build_stack import stacked_layer
from seqviz.models.stack_config import StackConfig
from seqviz.tracing.arrays import largest_gap, to_array


class Ends(NamedTuple):
    """Largest differences between `Bidirectional` with and without `return_sequences` (concat).

    Attributes:
        forward_last: Forward half of the output − that of `seq[:, -1]`.
        backward_first: Backward half of the output − that of `seq[:, 0]`.
        backward_last: Backward half of the output − that of `seq[:, -1]`, where it is not.
    """

    forward_last: float
    backward_first: float
    backward_last: float


def compare_ends(config: StackConfig, vectors: Floats) -> Ends:
    """Call the lowest layer of a config as `Bidirectional`, with and without `return_sequences`.

    Args:
        config: Of which the first layer is taken; merge_mode is `"concat"` whatever it says.
        vectors: ``(1, timesteps, features)``.
    """
    described = StackConfig(config.layers[:1], bidirectional=True, seed=config.seed)
    layer = stacked_layer(described, 0, "bidirectional_1")
    outputs = []
    for flag in (True, False):
        for part in (layer, layer.forward_layer, layer.backward_layer):
            part.return_sequences = flag  # read by Keras at each call
        outputs.append(to_array(layer(vectors)))
    seq, last = outputs
    units = config.layers[0].units
    return Ends(
        largest_gap(last[:, :units], seq[:, -1, :units]),
        largest_gap(last[:, units:], seq[:, 0, units:]),
        largest_gap(last[:, units:], seq[:, -1, units:]),
    )
