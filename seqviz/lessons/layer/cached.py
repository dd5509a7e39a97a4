"""What the page on a layer's inside remembers from one rerun to the next."""

from typing import NamedTuple

from seqviz.lessons.layer.code import layer_code
from seqviz.lessons.layer.compute import LayerParts, LayerSettings, LayerStep
from seqviz.ui.server.cache import remembered


class LayerRun(NamedTuple):
    """What one layer did with one sentence."""

    parts: LayerParts
    step: LayerStep
    code: str
    warning: str  # of Keras, about input_length


# The table before and after a step, and its gradient.
@remembered(lambda settings, *_: 5 * settings.config.vocab_size * settings.config.embedding_dim)
def run_layer(
    settings: LayerSettings, ids: tuple[int, ...], tokens: tuple[str, ...], dtype: str
) -> LayerRun:
    """Take a real layer apart on one sentence, and through one optimizer step."""
    from seqviz.lessons.layer.with_keras import (
        build_layer,
        compute_layer_parts,
        compute_layer_step,
        input_length_warning,
    )

    layer = build_layer(settings)
    return LayerRun(
        compute_layer_parts(layer, ids, dtype=dtype),
        compute_layer_step(settings, ids),
        layer_code(layer, settings, ids, tokens, dtype),
        input_length_warning(),
    )
