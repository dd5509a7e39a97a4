"""What the lesson shows of one sentence and one matrix."""

from seqviz.config import ModelConfig
from seqviz.lessons.row_lengths.compute import RowLengths
from seqviz.lessons.row_lengths.figure import plot_row_lengths
from seqviz.lessons.row_lengths.words import row_lengths_captions, row_lengths_table
from seqviz.typed_text import Encoded
from seqviz.ui.downloads import arrays_of
from seqviz.ui.markdown import colored
from seqviz.ui.proof import equal_to_keras
from seqviz.ui.server.cached_models import EmbeddingRun, verify_embedding
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_row_lengths(
    config: ModelConfig, encoded: Encoded, run: EmbeddingRun, data: RowLengths
) -> Shown:
    """Each row that a sentence looks up, and its length."""
    count, tokens = len(encoded.ids), encoded.tokens
    vocab_size, embedding_dim = config.vocab_size, config.embedding_dim
    return Shown(
        of=(config, encoded),
        draw=lambda **options: plot_row_lengths(data, tokens=tokens, **options),
        captions=row_lengths_captions(data, tokens),
        alt=f"{counted(count, 'row')} of the {vocab_size} by {embedding_dim} embedding matrix, "
        f"and below each its length; the longest is {data.lengths.max():.3f}.",
        shapes=[
            "ids " + colored((1, count), axes=("gray", "blue")),
            f"`Embedding({vocab_size}, {embedding_dim})` {run.parameters:,} weights",
            colored((1, count, embedding_dim)),
        ],
        table=lambda widest: row_lengths_table(data, tokens, widest=widest),
        vector=embedding_dim,
        arrays=lambda: arrays_of(run.trace),
        code=run.code,
        title=f"How long the rows of “{' '.join(tokens[:12])}” are",
        proof=lambda: equal_to_keras(
            verify_embedding(config, encoded.ids, tokens), "Looked up by a real Embedding"
        ),
    )
