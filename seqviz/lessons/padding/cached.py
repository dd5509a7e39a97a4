"""What the lesson keeps from one rerun to the next."""

from typing import Any

from seqviz.lessons.padding.compute import Padding, PaddingConfig, Sentences, read_sentences
from seqviz.lessons.padding.with_keras import build_padding_model, compute_padding
from seqviz.ui.server.cache import remembered
from seqviz.ui.url_state import MAX_CHARACTERS


@remembered(100)
def sentences_typed(text: str) -> Sentences:
    """Sentences, one per line."""
    return read_sentences(text[:MAX_CHARACTERS])


@remembered(lambda ids, config: 30 * config.units * sum(map(len, ids)))
def run_padding(ids: tuple[tuple[int, ...], ...], config: PaddingConfig) -> Padding:
    """Send a padded batch through real layers."""
    return compute_padding(ids, config)


def padding_model(config: PaddingConfig, timesteps: int) -> Any:
    """The layers of the padding page as one model, for a file; not remembered."""
    return build_padding_model(config, timesteps)
