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
import numpy as np

sentences = {rows}
ids = keras.utils.pad_sequences(sentences, padding="{config.padding}")

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

# What the mask changes: every state of that layer, with the mask and without.
layer, x, real = layers[1], layers[0](ids).numpy(), ids != 0
layer.return_sequences, layer.zero_output_for_mask = True, False
with_mask, without_mask = layer(x, mask=real).numpy(), layer(x).numpy()
print("h, masked:", with_mask)
print("h, no mask:", without_mask)
# How far the last h is from that of the sentence alone, unpadded.
alone = [layers[0](np.array([one])).numpy() for one in sentences]
last = [layer(x, mask=np.array([one]) != 0)[0, -1] for x, one in zip(alone, sentences)]
print("with the mask (0 but for rounding)", np.abs(with_mask[:, -1] - last).max())
print("without", np.abs(without_mask[:, -1] - last).max())
"""
