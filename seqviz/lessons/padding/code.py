"""The lesson's Keras script."""

from collections.abc import Sequence

from seqviz.lessons.padding.compute import CLASSES, PaddingConfig


def padding_code(sentences: Sequence[Sequence[int]], config: PaddingConfig) -> str:
    """A Keras script that does the same, leaving the padded ``ids``, ``output`` and ``masks``.

    Args:
        sentences: Ids of each sentence.
        config: As in `compute_padding`.
    """
    seed = config.seed
    flags = [name for name in ("return_sequences", "zero_output_for_mask") if getattr(config, name)]
    arguments = "".join(f"\n        {name}=True," for name in flags)
    mask_zero = "\n        mask_zero=True," if config.mask_zero else ""
    rows = [list(map(int, ids)) for ids in sentences]
    return f"""\
import keras

ids = keras.utils.pad_sequences({rows}, padding="{config.padding}")

init = keras.initializers
layers = [
    keras.layers.Embedding(
        {config.vocab_size},
        {config.embedding_dim},{mask_zero}
        embeddings_initializer=init.RandomUniform(-1.0, 1.0, seed={seed}),
        name="embedding",
    ),
    keras.layers.{config.cell}(
        {config.units},{arguments}
        kernel_initializer=init.GlorotUniform(seed={seed}),
        recurrent_initializer=init.Orthogonal(seed={seed}),
        name="recurrent",
    ),
    keras.layers.Dense({CLASSES}, kernel_initializer=init.GlorotUniform(seed={seed}), name="dense"),
    keras.layers.Flatten(name="flatten"),
]

# A Sequential does just this. The mask travels with the tensor.
output, masks = ids, []
for layer in layers:
    output = layer(output)
    masks.append(getattr(output, "_keras_mask", None))
    print(layer.name, output.shape, "no mask" if masks[-1] is None else masks[-1].numpy())
"""
