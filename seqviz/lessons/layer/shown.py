"""What the lesson shows of one layer and one sentence."""

from seqviz.lessons.layer.cached import LayerRun
from seqviz.lessons.layer.compute import LayerSettings, code_lines
from seqviz.lessons.layer.figure import plot_embedding_layer
from seqviz.lessons.layer.words import layer_captions, layer_table
from seqviz.typed_text import Encoded
from seqviz.ui.markdown import colored
from seqviz.ui.proof import equal_to_keras
from seqviz.ui.shown import Shown
from seqviz.wording import counted


def show_layer(settings: LayerSettings, encoded: Encoded, dtype: str, run: LayerRun) -> Shown:
    """The few lines that the layer is, beside what they do."""
    data, tokens, count = run.parts, encoded.tokens, len(encoded.ids)
    config, lines = settings.config, code_lines(settings)
    vocab_size, embedding_dim = config.vocab_size, config.embedding_dim
    return Shown(
        of=(settings, encoded, dtype),
        draw=lambda **options: plot_embedding_layer(data, code=lines, tokens=tokens, **options),
        height=390,
        captions=layer_captions(data),
        alt=f"The layer is a few lines of code: build makes one matrix of {vocab_size} by "
        f"{embedding_dim}, call casts {counted(count, 'id')} to int32 and takes a row for each.",
        first="On top stands the layer's code, below it what each line makes: `build` runs once and makes the "
        "matrix, `call` runs for every batch. Data often come as decimals, so it turns 2.0 into 2. The lit "
        "lines of code run at this step; a line of the picture leads from each id to the row that it copies. "
        "The picture leaves the **batch** out, here of 1 sentence.",
        shapes=[
            "ids " + colored((1, count), axes=("gray", "blue")),
            f"`Embedding({vocab_size}, {embedding_dim})` {data.trainable_weights:,} trainable, "
            f"{data.frozen_weights:,} non-trainable weights",
            colored((1, count, embedding_dim)),
        ],
        table=lambda widest: layer_table(data, tokens, widest=widest),
        vector=embedding_dim,
        arrays=lambda: {
            "given": data.given,
            "ids": data.ids,
            "weights": data.weights,
            "output": data.output,
            "before": run.step.before,
            "stepped": run.step.stepped,
            "after": run.step.after,
        },
        code=run.code,
        title=f"Inside Embedding({vocab_size}, {embedding_dim})",
        proof=equal_to_keras(data.difference, "The layer of these lines, run for real"),
    )
