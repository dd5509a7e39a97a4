"""What the lesson shows of one sentence and one matrix."""

from seqviz.config import ModelConfig
from seqviz.lessons.embedding.compute import EmbeddingLookup
from seqviz.lessons.embedding.figure import plot_embedding_lookup
from seqviz.lessons.embedding.words import lookup_captions, lookup_table
from seqviz.typed_text import Encoded
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import colored
from seqviz.ui.proof import BLUE_AND_RED, equal_to_keras
from seqviz.ui.server.cached_models import EmbeddingRun, verify_embedding
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_lookup(
    config: ModelConfig, encoded: Encoded, run: EmbeddingRun, data: EmbeddingLookup
) -> Shown:
    """Each id of a sentence, and the row that it copies."""
    count, tokens = len(encoded.ids), encoded.tokens
    vocab_size, embedding_dim = config.vocab_size, config.embedding_dim
    return Shown(
        of=(config, encoded),
        draw=lambda **options: plot_embedding_lookup(data, tokens=tokens, **options),
        captions=lookup_captions(data, tokens),
        alt=f"{counted(count, 'id')}: each copies its row of the {vocab_size} by {embedding_dim} "
        f"embedding matrix into one row of the output, unchanged.",
        shapes=[
            "ids " + colored((1, count), axes=("gray", "blue")),
            f"`Embedding({vocab_size}, {embedding_dim})` {run.parameters:,} weights",
            colored((1, count, embedding_dim)),
        ],
        table=lambda widest: lookup_table(data, tokens, widest=widest),
        vector=embedding_dim,
        arrays=lambda: arrays_of(run.trace),
        code=run.code,
        first=f"A matrix of {counted(vocab_size, 'row')} (`vocab_size`) of {counted(embedding_dim, 'number')} "
        f"(`embedding_dim`): {run.parameters:,} weights, which training may change. Each word has an **id**, the "
        "number of its row. Here 0 is left to padding and 1 to unknown words, so the words that you type begin "
        f"at 2. What comes out, (1, {count}, {embedding_dim}), is 1 sentence of {counted(count, 'word')} of "
        f"{counted(embedding_dim, 'number')}.",
        title=f"What Embedding({vocab_size}, {embedding_dim}) does with “{' '.join(tokens[:12])}”",
        proof=lambda: equal_to_keras(
            verify_embedding(config, encoded.ids, tokens), "Looked up by a real Embedding"
        ),
        legend=BLUE_AND_RED + " Rows that no id reads are pale.",
    )
