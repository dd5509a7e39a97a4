"""What the lesson shows of one sentence and one matrix."""

from seqviz.config import ModelConfig
from seqviz.lessons.gather.cached import GatherRun
from seqviz.lessons.gather.figure import plot_gather_or_multiply
from seqviz.lessons.gather.words import gather_captions, gather_table
from seqviz.typed_text import Encoded
from seqviz.ui.markdown import colored
from seqviz.ui.proof import BLUE_AND_RED, equal_to_keras
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_both_ways(config: ModelConfig, encoded: Encoded, run: GatherRun) -> Shown:
    """Rows copied, beside one-hot rows times the matrix."""
    data, tokens, count = run.data, encoded.tokens, len(encoded.ids)
    vocab_size, embedding_dim = config.vocab_size, config.embedding_dim
    out = colored((1, count, embedding_dim))
    ids = "ids " + colored((1, count), axes=("gray", "blue"))
    return Shown(
        of=(config, encoded),
        draw=lambda **options: plot_gather_or_multiply(data, tokens=tokens, **options),
        captions=gather_captions(data, tokens),
        alt=f"Left: {counted(count, 'lookup')} in a {vocab_size} by {embedding_dim} matrix. "
        f"Right: one-hot rows times the matrix; all but one of {vocab_size} rows are "
        f"multiplied by zero each time. The outputs are the same.",
        shapes=[
            ids,
            "`one_hot`",
            colored((1, count, vocab_size)),
            "`@ W`",
            out + f"; the layer: {ids}",
            f"`Embedding({vocab_size}, {embedding_dim})`",
            out,
        ],
        table=lambda widest: gather_table(data, tokens, widest=widest),
        vector=embedding_dim,
        arrays=lambda: {name: getattr(data, name) for name in data._fields if name != "difference"},
        code=run.code,
        first="The product takes every row of the matrix, most of them times 0; so does a **Dense** layer "
        "without a bias that is given one-hot rows. The Embedding takes the rows that it is asked for. The "
        f"picture leaves the **batch** out: of 1 sentence, ({count}, {vocab_size}) is (1, {count}, {vocab_size}).\n\n"
        "An Embedding is not **word2vec**: that is one way to train such a matrix, on a task of its own. The "
        "layer only reads rows; what they come to mean is up to the loss of your model.",
        title=f"Gather or multiply: “{' '.join(tokens[:12])}”",
        proof=equal_to_keras(
            run.difference,
            f"Three outputs of real Keras, largest difference {run.difference:g}",
        ),
        legend=BLUE_AND_RED + " On the left rows that no id reads are pale.",
    )
